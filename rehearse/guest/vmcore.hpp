// SPDX-License-Identifier: BSD-2-Clause
// Reading a dump as it lies in /proc/vmcore: ELF of either width, physical memory by PT_LOAD.
//
// capture/core reads such cores as well. This reader is none of it, on purpose: it judges the core
// that the handoff described and that capture saves, and must not share their errors.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace hyprelay::rehearse::guest {

struct VmcoreLoad {
  std::uint64_t file_offset = 0;
  std::uint64_t virtual_start = 0;
  std::uint64_t physical_start = 0;
  std::uint64_t size_bytes = 0;
};

struct Vmcore {
  // Of the whole file.
  std::uint64_t bytes = 0;
  // "ELF32", "ELF64"; empty when the file is no ELF core of this machine's byte order.
  std::string format;
  std::vector<VmcoreLoad> loads;
  // NT_PRSTATUS notes: CPUs whose registers are there.
  unsigned cpu_notes = 0;
  // OSRELEASE of its VMCOREINFO note: the kernel that died.
  std::string release;
  // What was wrong, one sentence each.
  std::vector<std::string> complaints;
};

// Headers and notes. nullopt when there is no such file.
std::optional<Vmcore> read_vmcore(const std::string& path);

// Reads every byte of every PT_LOAD and returns how many could be read; what could not is added to
// the complaints, the first few of them. `progress` is told the bytes read so far now and then.
std::uint64_t read_all_loads(const std::string& path, Vmcore& core,
                             const std::function<void(std::uint64_t)>& progress);

// Memory of the kernel that died. nullopt when the dump does not hold all of it.
std::optional<std::string> read_physical(const std::string& path, const Vmcore& core,
                                         std::uint64_t physical, std::size_t size_bytes);

}  // namespace hyprelay::rehearse::guest
