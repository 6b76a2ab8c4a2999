// SPDX-License-Identifier: BSD-2-Clause
// What the tests of the relay must know about A64.
#pragma once

#include "abi/hr_abi.h"
#include "bare/read.hpp"
#include "tests/target/harness/machine.hpp"

namespace hyprelay::target {

constexpr std::uint32_t kTopMode = HR_MODE_EL2;
constexpr std::uint32_t kLowMode = HR_MODE_EL1;
// What the images of tests/target/residents are told: the mode of CPSR, CurrentEL.
constexpr Word kTopPsrMode = 8;
constexpr char kTopName[] = "EL2";
constexpr char kLowName[] = "EL1";

// DAIF | CurrentEL.
constexpr Word kPsrMask = 0x3cc;
constexpr Word kTopPsr = 0x3c8;
constexpr Word kLowPsr = 0x3c4;

// DAIF | CurrentEL | SPSel.
inline Word read_psr() {
  Word daif;
  Word level;
  Word sp;
  __asm__ volatile("mrs %0, daif\n\tmrs %1, CurrentEL\n\tmrs %2, SPSel"
                   : "=r"(daif), "=r"(level), "=r"(sp));
  return daif | level | sp;
}
HR_READ(read_ctr, ctr_el0)
HR_READ(read_mmfr0, id_aa64mmfr0_el1)
HR_READ(read_low_sctlr, sctlr_el1)
HR_READ(read_isar0, id_aa64isar0_el1)

// Whether the CPU has SHA-256 instructions: ID_AA64ISAR0_EL1.
inline bool has_sha256() {
  return (read_isar0() & ID_AA64ISAR0_SHA2) != 0;
}

// The registers that the boot protocol names [linux/arm64/booting section 4].
inline bool has_boot_registers(const Word r[4], std::uint64_t tree) {
  return r[0] == tree && r[1] == 0 && r[2] == 0 && r[3] == 0;
}

}  // namespace hyprelay::target
