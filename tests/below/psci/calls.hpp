// SPDX-License-Identifier: BSD-2-Clause
// What every file of the program below_psci knows of who answers: QEMU 7.2's own PSCI, TF-A 2.8 of
// the Raspberry Pi 3, U-Boot 2023.01 of Allwinner's H3. Facts are from their sources, not from the
// client's tables.
#pragma once

#include "compat/hr_psci.h"
#include "compat/hr_trng.h"
#include "tests/below/below.hpp"
#include "tests/below/layout.h"

namespace hyprelay::below {

using target::note_row;

// Whoever was started by PSCI writes here, in this order, ARRIVED last; */secondary.S.
extern "C" volatile Word hr_below_secondary_report[8];
extern "C" void hr_below_secondary();

namespace {

inline bool at_hyp() {
  Word mode = 0;
#ifdef __aarch64__
  __asm__ volatile("mrs %0, CurrentEL" : "=r"(mode));
  return mode == 0x8;
#else
  __asm__ volatile("mrs %0, cpsr" : "=r"(mode));
  return (mode & 0x1f) == 0x1a;
#endif
}

// Firmware is called by SMC; a program at SVC/EL1 was started by QEMU without anybody above.
inline Word conduit() {
  return at_hyp() ? HR_CONDUIT_SMC : HR_CONDUIT_HVC;
}

// Which functions are there: bit n for 0x84000000 + n, and for 0xc4000000 + n.
struct Answers {
  std::uint32_t psci;
  std::uint32_t smccc;
  std::uint32_t ids;
  std::uint32_t ids_64;
};

#ifdef HR_BELOW_TF_A
// [tf-a/lib/psci/psci_setup.c; plat/rpi/rpi3/rpi3_pm.c has no suspend]
constexpr Answers kAnswers = {0x10001, 0x10002, 0x71d, 0x18};
inline const char* who() {
  return "real:tf-a";
}
#else
// [qemu/target/arm/psci.c]
#ifdef __aarch64__
constexpr Answers kAnswers = {0x10001, 0x10000, 0x75f, 0x1a};
#else
constexpr Answers kAnswers = {0x10001, 0x10000, 0x75f, 0};
#endif
inline const char* who() {
  return at_hyp() ? "real:qemu-smc" : "real:qemu-hvc";
}
#endif

// What somebody else brings about soon, or not. The host may have better things to do than to run
// that CPU.
template <class Function>
bool soon(Function holds, unsigned tries = 400'000'000) {
  for (unsigned i = 0; i < tries; ++i) {
    if (holds()) {
      return true;
    }
  }
  return false;
}

// For one that comes: with which id and conduit it switches itself off.
inline void prepare_secondary(Word cpu_off) {
  for (auto& word : hr_below_secondary_report) {
    word = 0;
  }
  hr_below_secondary_report[HR_BELOW_SECONDARY_CONDUIT] = conduit();
  hr_below_secondary_report[HR_BELOW_SECONDARY_CPU_OFF] = cpu_off;
  __asm__ volatile("dsb sy" ::: "memory");
}

inline Word secondary_entry() {
  return reinterpret_cast<Word>(&hr_below_secondary);
}

inline void check_arrived(Word cpu, Word context) {
  CHECK(soon([] { return hr_below_secondary_report[HR_BELOW_SECONDARY_ARRIVED] == 1; }));
  CHECK_EQ(hr_below_secondary_report[HR_BELOW_SECONDARY_CONTEXT], context);
  CHECK_EQ(hr_below_secondary_report[HR_BELOW_SECONDARY_MPIDR] & 0xff, cpu);
  // At the level of who has started it: PSCI by SMC gives HYP/EL2, by HVC SVC/EL1.
  const Word mode = hr_below_secondary_report[HR_BELOW_SECONDARY_MODE];
#ifdef __aarch64__
  CHECK_EQ(mode, at_hyp() ? Word{0x8} : Word{0x4});
#else
  CHECK_EQ(mode & 0x1f, at_hyp() ? Word{0x1a} : Word{0x13});
#endif
}

inline void let_secondary_go() {
  hr_below_secondary_report[HR_BELOW_SECONDARY_LEAVE] = 1;
  __asm__ volatile("dsb sy" ::: "memory");
}

}  // namespace
}  // namespace hyprelay::below
