// SPDX-License-Identifier: BSD-2-Clause
// What the tests of the stub must know about A32.
#pragma once

#include "bare/read.hpp"
#include "tests/target/harness/machine.hpp"

namespace hyprelay::target {

// No code begins so far behind a word: with bit 0 set it is Thumb code, at any halfword.
constexpr Word kMisaligned[] = {2};
constexpr Word kTableAlignment = 32;
constexpr Word kHvcTrapSize = 4;
// r0-r14, SPSR_svc, LR_usr; the PSR is compared on its own.
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
                                           HR_FRAME_SP,
                                           HR_FRAME_LR,
                                           HR_FRAME_SPSR,
                                           HR_FRAME_LR_USR};
// N, Z, C, V, Q and GE; the mode, T and the masks of a caller that masks nothing.
constexpr Word kPsrFlags = 0xf80f0000;
constexpr Word kPsrRest = 0x000001ff;
constexpr Word kPsrUnmaskedPl1 = 0x13;
// Bits that SPSR_svc holds whatever it means: flags, masks, a mode.
constexpr Word kSpsrPatterns[] = {0xa80001d3, 0x50050093};

// HSCTLR.
constexpr Word kSctlrMmuAndCaches = 0x1005;
constexpr Word kSctlrCleared = 0x1007;
constexpr Word kSctlrDataCache = 0x4;
constexpr Word kSctlrEe = Word{1} << 25;
// HTCR, and TTBCR with EAE: 4 GiB from level 1, cacheable walks; the upper half of PL1 off.
constexpr Word kTranslationControl = 0x80803500;
// CPSR in a function that SOFT_RESTART runs: Hyp mode, A, I and F masked.
constexpr Word kHypPsrMask = 0x1df;
constexpr Word kHypPsr = 0x1da;

constexpr Word kHcrTrapWfi = 1u << 13;
constexpr Word kHcrHvcDisabled = Word{1} << 29;
constexpr Word kHcrTrapVm = 1u << 26;

// It takes the % of an operand for an operator.
// clang-format off
#define HR_CP15(name, reg)                                                         \
  HR_READ(read_##name, reg)                                                        \
  inline void write_##name(Word value) {                                           \
    __asm__ volatile("mcr " HR_TEXT(reg(%0)) "\n\tisb" : : "r"(value) : "memory"); \
  }
inline void write_hyp_ttbr(Word table) {
  __asm__ volatile("mcrr " HR_TEXT(HTTBR(%0, %1)) "\n\tisb" : : "r"(table), "r"(0) : "memory");
}
inline void write_pl1_ttbr(Word table) {
  __asm__ volatile("mcrr " HR_TEXT(TTBR0_LONG(%0, %1)) "\n\tisb" : : "r"(table), "r"(0) : "memory");
}
inline void write_cntvoff(std::uint64_t value) {
  __asm__ volatile("mcrr " HR_TEXT(CNTVOFF(%Q0, %R0)) : : "r"(value));
}
// clang-format on
HR_CP15(vpidr, VPIDR)
HR_CP15(vmpidr, VMPIDR)
HR_CP15(pl1_sctlr, SCTLR)
HR_CP15(sctlr, HSCTLR)
HR_CP15(hcr, HCR)
HR_CP15(hdcr, HDCR)
HR_CP15(hcptr, HCPTR)
HR_CP15(hstr, HSTR)
HR_CP15(vectors, HVBAR)
HR_CP15(cnthctl, CNTHCTL)
HR_CP15(cntv_ctl, CNTV_CTL)
HR_CP15(csselr, CSSELR)
HR_CP15(hyp_mair, HMAIR0)
HR_CP15(hyp_tcr, HTCR)
HR_CP15(hyp_tlb, TLBIALLH)
HR_CP15(pl1_mair, MAIR0)
HR_CP15(pl1_tcr, TTBCR)
HR_CP15(pl1_tlb, TLBIALL)
#undef HR_CP15
HR_READ(read_midr, MIDR)
HR_READ(read_mpidr, MPIDR)
HR_READ(read_clidr, CLIDR)
HR_READ(read_ccsidr, CCSIDR)
HR_READ_PAIR(read_cntvoff, CNTVOFF)

inline void forget_hyp_translation() {
  write_hyp_tlb(0);
  __asm__ volatile("dsb\n\tisb" ::: "memory");
}
inline void forget_pl1_translation() {
  write_pl1_tlb(0);
  __asm__ volatile("dsb\n\tisb" ::: "memory");
}

// The default HCR of a resident's EL1.
constexpr Word kHcrBase = 0;

inline void unmask_exceptions() {
  __asm__ volatile("cpsie aif" ::: "memory");
}
inline void mask_exceptions() {
  __asm__ volatile("cpsid aif" ::: "memory");
}

}  // namespace hyprelay::target
