// SPDX-License-Identifier: BSD-2-Clause
// What the assembly of arm/ and arm64/ offers to the shared core. The contracts stand at the
// labels.
#pragma once

#include "hyp-check/core/mode.hpp"
#include "hyp-check/cpu.hpp"
#include "hyp-check/layout.h"

#include <cstddef>
#include <cstdint>

namespace hyprelay::hyp_check {

// The machine as start.S found it, before it changed vectors and the control register.
struct Entry {
  Word r[4];
  Word psr;
  Word control;
  Word vectors;
  // Not 0: entered as an ELF, and QEMU's tree is here.
  Word qemu_tree;
};
static_assert(offsetof(Entry, psr) == HR_CHECK_ENTRY_PSR * sizeof(Word));
static_assert(offsetof(Entry, control) == HR_CHECK_ENTRY_CONTROL * sizeof(Word));
static_assert(offsetof(Entry, vectors) == HR_CHECK_ENTRY_VECTORS * sizeof(Word));
static_assert(offsetof(Entry, qemu_tree) == HR_CHECK_ENTRY_QEMU_TREE * sizeof(Word));
static_assert(sizeof(Entry) == HR_CHECK_ENTRY_WORDS * sizeof(Word));

// r0 to r12, LR, LR_usr, SPSR, flags; or x0 to x30, SP_EL0, ELR_EL1, SPSR_EL1, flags.
struct Registers {
  Word word[HR_CHECK_REGISTERS];
};

// Registers by number, CPSR (or DAIF | CurrentEL), HSCTLR / SCTLR_EL2, HVBAR / VBAR_EL2.
struct Landing {
  Word word[HR_CHECK_LANDING_WORDS];
};

inline Mode mode_of(const Entry& entry) {
  return mode_of_psr(entry.psr);
}

}  // namespace hyprelay::hyp_check

#pragma GCC visibility push(hidden)
extern "C" {

// call.S
std::uint32_t hr_check_call(hyprelay::hyp_check::Registers registers[2], std::uint32_t immediate);
// An address for SOFT_RESTART; hr_check_call then returns HR_CHECK_LANDED, and this holds what was
// found.
extern const char hr_check_land[];
extern const hyprelay::hyp_check::Landing hr_check_landing;
// Vectors of HYP/EL2 that answer -1.
extern const char hr_check_spare_vectors[];

// main.cpp: what the assembly calls.
[[noreturn]] void hr_check_main(const hyprelay::hyp_check::Entry* entry);

// The linker script: an array, because only its address means something.
extern const char hr_check_header[];

}  // extern "C"
#pragma GCC visibility pop
