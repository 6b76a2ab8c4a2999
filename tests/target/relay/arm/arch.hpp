// SPDX-License-Identifier: BSD-2-Clause
// What the tests of the relay must know about A32.
#pragma once

#include "abi/hr_abi.h"
#include "bare/read.hpp"
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

HR_READ(read_ttbcr, TTBCR)
HR_READ(read_ctr, CTR)
HR_READ(read_low_sctlr, SCTLR)
HR_READ(read_isar5, ID_ISAR5)
inline Word read_psr() {
  Word value;
  __asm__ volatile("mrs %0, cpsr" : "=r"(value));
  return value;
}

// Whether the CPU has SHA-256 instructions: ID_ISAR5.
inline bool has_sha256() {
  return (read_isar5() & ID_ISAR5_SHA2) != 0;
}

// The registers that the boot protocol names [linux/arm/booting section 4].
inline bool has_boot_registers(const Word r[4], std::uint64_t tree) {
  return r[0] == 0 && r[1] == ~Word{0} && r[2] == tree;
}

}  // namespace hyprelay::target
