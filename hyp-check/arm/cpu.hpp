// SPDX-License-Identifier: BSD-2-Clause
// What a report says differently on arm. Sources: [arm/ddi0406c B1.3, B3.17, A8.8.18].
#pragma once

#include "bare/read.hpp"
#include "compat/dialect.hpp"
#include "hyp-check/core/mode.hpp"
#include "hyp-check/layout.h"

#include <string_view>

namespace hyprelay::hyp_check {

inline constexpr auto kArch = compat::CallerArch::kARM;
inline constexpr char kArchName[] = "arm";
inline constexpr char kTopName[] = "HYP";
inline constexpr char kLowName[] = "SVC";
// Places in Registers and in Entry: of Xen's number, and of the tree [linux/arm/booting].
inline constexpr unsigned kNumberRegister = 12;
inline constexpr unsigned kTreeRegister = 2;
// Both hold what they name, whatever it means: flags, and masks and a mode for a saved PSR.
inline constexpr Word kFlags = 0xa8000000;
inline constexpr Word kSpsr = 0xa80001d3;
// A table of vectors.
inline constexpr unsigned kSlots = 8;
inline constexpr Word kSlotSize = 4;

// The branches of a table, A32's and T32's of 32 bits.
constexpr bool is_branch(std::uint32_t word) {
  return word >> 24 == 0xea || (word & 0xd000f800) == 0x9000f000;
}

constexpr Mode mode_of_psr(Word psr) {
  return (psr & 0x1f) == 0x1a ? Mode::kTop : Mode::kLow;
}

inline constexpr char kNumberedPrefix[] = "r";
// Of a place behind the numbered registers.
inline std::string_view name_of(unsigned place) {
  switch (place) {
    case HR_CHECK_R_LR:
      return "lr";
    case HR_CHECK_R_LR_USR:
      return "lr_usr";
    case HR_CHECK_R_SPSR:
      return "spsr";
    default:
      return "flags";
  }
}

HR_READ(cpu_id, MIDR)
HR_READ(id_pfr1, ID_PFR1)
inline bool has_virtualization() {
  return (id_pfr1() >> 12 & 15) != 0;
}

}  // namespace hyprelay::hyp_check
