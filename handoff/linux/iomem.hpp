// SPDX-License-Identifier: BSD-2-Clause
// /proc/iomem as data. Pure: text in, ranges out.
#pragma once

#include "base/range.hpp"
#include "base/result.hpp"
#include "handoff/machine.hpp"

#include <string_view>
#include <vector>

namespace hyprelay::handoff::linux_host {

struct Iomem {
  std::vector<base::PhysRange> ram;         // "System RAM"
  std::vector<base::PhysRange> driver_ram;  // "System RAM (virtio_mem)" and the like
  std::vector<base::PhysRange> boot_alias;  // "System RAM (boot alias)"
  // "reserved", on any level, and the crash regions: those that meet RAM of either kind.
  std::vector<NamedRange> reserved;
  std::vector<base::PhysRange> crash_regions;  // "Crash kernel"
  std::uint64_t kernel_code = 0;               // where "Kernel code" starts; 0: no such line
};

// Errors (stage machine): MACHINE_MALFORMED (subject: the line), NO_PERMISSION (the kernel showed
// zeroes instead of addresses, as it does to everyone without CAP_SYS_ADMIN), MACHINE_NO_RAM.
base::Result<Iomem> parse_iomem(std::string_view text);

}  // namespace hyprelay::handoff::linux_host
