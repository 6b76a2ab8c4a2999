// SPDX-License-Identifier: BSD-2-Clause
// What the tests of the stub must know about A32.
#pragma once

#include "tests/target/harness/machine.hpp"

namespace hyprelay::target {

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

#define HR_CP15(name, opc1, crn, crm, opc2)                                               \
  inline Word read_##name() {                                                             \
    Word value;                                                                           \
    __asm__ volatile("mrc p15, " #opc1 ", %0, " #crn ", " #crm ", " #opc2 : "=r"(value)); \
    return value;                                                                         \
  }                                                                                       \
  inline void write_##name(Word value) {                                                  \
    __asm__ volatile("mcr p15, " #opc1 ", %0, " #crn ", " #crm ", " #opc2 "\n\tisb"       \
                     :                                                                    \
                     : "r"(value)                                                         \
                     : "memory");                                                         \
  }
HR_CP15(midr, 0, c0, c0, 0)
HR_CP15(mpidr, 0, c0, c0, 5)
HR_CP15(vpidr, 4, c0, c0, 0)
HR_CP15(vmpidr, 4, c0, c0, 5)
HR_CP15(pl1_sctlr, 0, c1, c0, 0)
HR_CP15(sctlr, 4, c1, c0, 0)
HR_CP15(hcr, 4, c1, c1, 0)
HR_CP15(hdcr, 4, c1, c1, 1)
HR_CP15(hcptr, 4, c1, c1, 2)
HR_CP15(hstr, 4, c1, c1, 3)
HR_CP15(vectors, 4, c12, c0, 0)
HR_CP15(cnthctl, 4, c14, c1, 0)
HR_CP15(cntv_ctl, 0, c14, c3, 1)
HR_CP15(clidr, 1, c0, c0, 1)
HR_CP15(ccsidr, 1, c0, c0, 0)
HR_CP15(csselr, 2, c0, c0, 0)
HR_CP15(hyp_mair, 4, c10, c2, 0)
HR_CP15(hyp_tcr, 4, c2, c0, 2)
HR_CP15(hyp_tlb, 4, c8, c7, 0)
HR_CP15(pl1_mair, 0, c10, c2, 0)
HR_CP15(pl1_tcr, 0, c2, c0, 2)
HR_CP15(pl1_tlb, 0, c8, c7, 0)
#undef HR_CP15

inline void write_hyp_ttbr(Word table) {
  __asm__ volatile("mcrr p15, 4, %0, %1, c2\n\tisb" : : "r"(table), "r"(0) : "memory");
}
inline void write_pl1_ttbr(Word table) {
  __asm__ volatile("mcrr p15, 0, %0, %1, c2\n\tisb" : : "r"(table), "r"(0) : "memory");
}
inline void forget_hyp_translation() {
  write_hyp_tlb(0);
}
inline void forget_pl1_translation() {
  write_pl1_tlb(0);
}

inline std::uint64_t read_cntvoff() {
  std::uint64_t value;
  __asm__ volatile("mrrc p15, 4, %Q0, %R0, c14" : "=r"(value));
  return value;
}
inline void write_cntvoff(std::uint64_t value) {
  __asm__ volatile("mcrr p15, 4, %Q0, %R0, c14" : : "r"(value));
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
