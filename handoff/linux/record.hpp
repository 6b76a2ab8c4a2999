// SPDX-License-Identifier: BSD-2-Clause
// The record that the relay left for this kernel in /chosen (abi/record.def).
#pragma once

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "handoff/linux/gather.hpp"
#include "handoff/machine.hpp"

#include <cstdint>
#include <string_view>

namespace hyprelay::handoff::linux_host {

struct Record {
  Mode entered = Mode::kUNKNOWN;
  Mode left = Mode::kUNKNOWN;
  std::uint32_t resident = 0;  // a row of abi/dialect.def
  std::uint32_t climb = 0;     // a row of abi/climb.def
  std::uint32_t segments_verified = 0;
  std::uint64_t bytes_verified = 0;
  std::uint32_t digest_algorithm = 0;  // HR_DIGEST_*
  bool cached = false;
  bool crypto = false;
  bool inflated = false;         // the kernel came packed
  std::uint32_t counter_hz = 0;  // 0: no counter
  std::uint64_t counter_entered = 0;
  // 0 for both: a relay before 0.3.
  std::uint64_t counter_checked = 0;
  std::uint64_t counter_mapped = 0;
  std::uint64_t counter_verified = 0;
  // 0: a relay before 0.3.
  std::uint64_t counter_inflated = 0;
  std::uint64_t counter_left = 0;

  std::uint64_t verify_ticks() const { return counter_verified - counter_entered; }
  std::uint64_t relay_ticks() const { return counter_left - counter_entered; }

  bool operator==(const Record&) const = default;
};

// Errors (stage relay): NO_RECORD (the relay did not fill it), MACHINE_MALFORMED (short, or of a
// major version that this program does not know; at: the version).
base::Result<Record> decode_record(base::ByteView bytes);

// By /proc/device-tree, or where there is none (ACPI) by /sys/firmware/fdt. Errors: NO_RECORD when
// this kernel's tree has none, NO_PERMISSION (the latter is root's), TREE_*, and those of
// decode_record().
base::Result<Record> read_record(const Root& root);

}  // namespace hyprelay::handoff::linux_host
