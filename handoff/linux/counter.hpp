// SPDX-License-Identifier: BSD-2-Clause
// The generic timer's virtual counter, read from user space.
#pragma once

#include <cstdint>
#include <optional>

namespace hyprelay::handoff::linux_host {

struct Counter {
  std::uint64_t value = 0;  // CNTVCT
  std::uint32_t hz = 0;     // CNTFRQ
};

// nullopt when this CPU has no such counter or the kernel keeps it from user space.
std::optional<Counter> read_counter();

}  // namespace hyprelay::handoff::linux_host
