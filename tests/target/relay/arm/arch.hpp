// SPDX-License-Identifier: BSD-2-Clause
// What the tests of the relay must know about A32.
#pragma once

#include "abi/hr_abi.h"
#include "tests/target/harness/machine.hpp"

namespace hyprelay::target {

constexpr std::uint32_t kTopMode = HR_MODE_HYP;
constexpr std::uint32_t kLowMode = HR_MODE_SVC;
// What the images of tests/target/residents are told: the mode of CPSR, CurrentEL.
constexpr Word kTopPsrMode = 0x1a;
constexpr char kTopName[] = "HYP";
constexpr char kLowName[] = "SVC";

// CPSR: A, I and F masked, ARM state, little endian, and the mode.
constexpr Word kPsrMask = 0x3ff;
constexpr Word kTopPsr = 0x1da;
constexpr Word kLowPsr = 0x1d3;

inline Word read_ttbcr() {
  Word value;
  __asm__ volatile("mrc p15, 0, %0, c2, c0, 2" : "=r"(value));
  return value;
}
inline Word read_psr() {
  Word value;
  __asm__ volatile("mrs %0, cpsr" : "=r"(value));
  return value;
}
inline Word read_low_sctlr() {
  Word value;
  __asm__ volatile("mrc p15, 0, %0, c1, c0, 0" : "=r"(value));
  return value;
}

// Whether the CPU has SHA-256 instructions: ID_ISAR5.
inline bool has_sha256() {
  Word value;
  __asm__ volatile("mrc p15, 0, %0, c0, c2, 5" : "=r"(value));
  return (value >> 12 & 15) != 0;
}

// The registers that the boot protocol names [linux/arm/booting section 4].
inline bool has_boot_registers(const Word r[4], std::uint64_t tree) {
  return r[0] == 0 && r[1] == ~Word{0} && r[2] == tree;
}

}  // namespace hyprelay::target
