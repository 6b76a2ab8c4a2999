// SPDX-License-Identifier: BSD-2-Clause
// What a dump of the running kernel needs to know about it, from /proc and /sys.
#pragma once

#include "base/bytes.hpp"
#include "handoff/linux/gather.hpp"
#include "handoff/machine.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hyprelay::handoff::linux_host {

// Needs machine.arch and machine.ram. What cannot be read is left out: make_core_header() says what
// it cannot do without. crash_notes and vmcoreinfo are there for root alone.
CrashFacts gather_crash_facts(const Root& root, const Machine& machine);

// "48126000", "424": crash_notes, in hex, and crash_notes_size, in decimal
// [linux/drivers/base/cpu.c]. nullopt for anything else.
std::optional<base::PhysRange> cpu_note_of(std::string_view address, std::string_view size);
// "0x0000000048126000 1024": /sys/kernel/vmcoreinfo, both in hex, the size without a prefix, and
// before Linux 4.8 the address too: "403fa114 1024" [linux/kernel/ksysfs.c vmcoreinfo_show].
// nullopt for anything else.
std::optional<base::PhysRange> vmcoreinfo_of(std::string_view text);

// The mappings of System RAM that the program headers of /proc/kcore tell; `head` is the beginning
// of that file. Those of modules, vmalloc and the like have no physical address and are left out.
// Empty when it is no such file.
std::vector<VirtualMapping> mappings_of_kcore(base::ByteView head,
                                              const std::vector<base::PhysRange>& ram);

// The linear mapping of a 32-bit kernel whose text begins at this virtual address: from the lowest
// memory on, at a PAGE_OFFSET of whole 256 MiB [linux/arch/arm/Kconfig], as far as the vmalloc area
// leaves room: the default one, or that of the command line's vmalloc=
// [linux/arch/arm/mm/mmu.c early_vmalloc, adjust_lowmem_bounds]. With vmalloc= kernels before 5.14
// map 8 MiB more than this says.
std::vector<VirtualMapping> linear_mapping_of_arm(std::uint64_t text,
                                                  const std::vector<base::PhysRange>& ram,
                                                  std::string_view command_line);

}  // namespace hyprelay::handoff::linux_host
