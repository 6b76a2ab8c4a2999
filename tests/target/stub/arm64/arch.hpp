// SPDX-License-Identifier: BSD-2-Clause
// What the tests of the stub must know about A64.
#pragma once

#include "bare/read.hpp"
#include "tests/target/harness/machine.hpp"

namespace hyprelay::target {

// No code begins so far behind a word.
constexpr Word kMisaligned[] = {1, 2, 3};
constexpr Word kTableAlignment = 2048;
// x0-x30, sp, SPSR_EL1, ELR_EL1, SP_EL0; the PSR is compared on its own.
constexpr unsigned kComparedRegisters[] = {0,
                                           1,
                                           2,
                                           3,
                                           4,
                                           5,
                                           6,
                                           7,
                                           8,
                                           9,
                                           10,
                                           11,
                                           12,
                                           13,
                                           14,
                                           15,
                                           16,
                                           17,
                                           18,
                                           19,
                                           20,
                                           21,
                                           22,
                                           23,
                                           24,
                                           25,
                                           26,
                                           27,
                                           28,
                                           29,
                                           30,
                                           HR_FRAME_SP,
                                           HR_FRAME_SPSR,
                                           HR_FRAME_ELR,
                                           HR_FRAME_SP_EL0};
// N, Z, C, V; D, A, I, F of a caller that masks nothing.
constexpr Word kPsrFlags = 0xf0000000;
constexpr Word kPsrRest = 0x000003c0;
constexpr Word kPsrUnmaskedPl1 = 0;
constexpr Word kSpsrPatterns[] = {0xa00003c5, 0x50000144};

// SCTLR_EL2.
constexpr Word kSctlrMmuAndCaches = 0x1005;
constexpr Word kSctlrCleared = 0x1007;
constexpr Word kSctlrDataCache = 0x4;
constexpr Word kSctlrEe = Word{1} << 25;
// TCR_EL2, and TCR_EL1 with its upper half off: 4 GiB from level 1, cacheable walks.
constexpr Word kTranslationControl = 0x80803520;
// DAIF | CurrentEL in a function that SOFT_RESTART runs: EL2, all masked.
constexpr Word kHypPsrMask = 0x3cc;
constexpr Word kHypPsr = 0x3c8;

constexpr Word kHcrTrapWfi = 1ul << 13;
constexpr Word kHcrHvcDisabled = Word{1} << 29;
constexpr Word kHcrTrapVm = 1ul << 26;
constexpr Word kHcrRw = 1ul << 31;
constexpr Word kHcrE2h = 1ul << 34;
constexpr Word kHcrTge = 1ul << 27;
constexpr Word kCptrTz = 1ul << 8;
constexpr Word kCptrRes1 = 0x32ff;
// Pointer authentication and memory tags do not trap, where the CPU has them.
constexpr Word kHcrBase = kHcrRw | 3ul << 40 | 1ul << 56;

#define HR_SYSREG(name, reg)                                                       \
  HR_READ(read_##name, reg)                                                        \
  inline void write_##name(Word value) {                                           \
    __asm__ volatile("msr " HR_TEXT(reg) ", %0\n\tisb" : : "r"(value) : "memory"); \
  }
HR_SYSREG(vpidr, vpidr_el2)
HR_SYSREG(vmpidr, vmpidr_el2)
HR_SYSREG(sctlr, sctlr_el2)
HR_SYSREG(hcr, hcr_el2)
HR_SYSREG(mdcr, mdcr_el2)
HR_SYSREG(cptr, cptr_el2)
HR_SYSREG(hstr, hstr_el2)
HR_SYSREG(vectors, vbar_el2)
HR_SYSREG(cnthctl, cnthctl_el2)
HR_SYSREG(cntvoff, cntvoff_el2)
HR_SYSREG(vttbr, vttbr_el2)
HR_SYSREG(icc_sre, S3_4_C12_C9_5)
HR_SYSREG(ich_hcr, S3_4_C12_C11_0)
HR_SYSREG(zcr, S3_4_C1_C2_0)
HR_SYSREG(pl1_sctlr, sctlr_el1)
HR_SYSREG(csselr, csselr_el1)
HR_SYSREG(hyp_mair, mair_el2)
HR_SYSREG(hyp_tcr, tcr_el2)
HR_SYSREG(hyp_ttbr, ttbr0_el2)
HR_SYSREG(pl1_mair, mair_el1)
HR_SYSREG(pl1_tcr, tcr_el1)
HR_SYSREG(pl1_ttbr, ttbr0_el1)
#undef HR_SYSREG

inline void forget_hyp_translation() {
  __asm__ volatile("tlbi alle2\n\tdsb sy\n\tisb" ::: "memory");
}
inline void forget_pl1_translation() {
  __asm__ volatile("tlbi vmalle1\n\tdsb sy\n\tisb" ::: "memory");
}

HR_READ(read_midr, midr_el1)
HR_READ(read_mpidr, mpidr_el1)
HR_READ(read_pfr0, id_aa64pfr0_el1)
HR_READ(read_mmfr1, id_aa64mmfr1_el1)
HR_READ(read_pmcr, pmcr_el0)
HR_READ(read_clidr, clidr_el1)
HR_READ(read_ccsidr, ccsidr_el1)

inline void unmask_exceptions() {
  __asm__ volatile("msr daifclr, #15" ::: "memory");
}
inline void mask_exceptions() {
  __asm__ volatile("msr daifset, #15" ::: "memory");
}

}  // namespace hyprelay::target
