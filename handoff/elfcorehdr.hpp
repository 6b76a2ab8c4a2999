// SPDX-License-Identifier: BSD-2-Clause
// The ELF core header that a capture kernel makes /proc/vmcore of. Pure: facts in, bytes out.
#pragma once

#include "base/result.hpp"
#include "handoff/machine.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace hyprelay::handoff {

struct CoreHeader {
  // ELF header and program headers, as the capture kernel reads them from its memory.
  std::vector<std::byte> bytes;
  // Memory that the PT_LOADs of System RAM describe.
  std::uint64_t memory_bytes = 0;
  // System RAM that the format cannot name: above 4 GiB of a 32-bit machine.
  std::uint64_t left_out_bytes = 0;
};

// One PT_NOTE for each possible CPU and one for VMCOREINFO, whose p_offset is where the old kernel
// writes them; one PT_LOAD for each piece of System RAM outside of the crash regions, reserved
// ranges and the memory of drivers included, with p_vaddr where the old kernel maps it (0 where
// that is not known); on arm64 one PT_LOAD more for the kernel's image at its other address, when
// it is known.
//
// arm64: ELF64. arm: ELF32, also with LPAE: Linux refuses an ELF64 header there
// [linux/arch/arm/include/asm/elf.h vmcore_elf64_check_arch is 0; linux/fs/proc/vmcore.c
// parse_crash_elf64_headers], so that memory above 4 GiB has to be left out.
//
// Errors (stage plan): MACHINE_NO_RAM, CRASH_NO_NOTES (the facts do not say where the CPUs or the
// kernel will write their notes), MACHINE_MALFORMED (subject: a note that is nowhere in RAM, or a
// machine with more ranges than a header can hold).
base::Result<CoreHeader> make_core_header(const Machine& machine);

}  // namespace hyprelay::handoff
