// SPDX-License-Identifier: BSD-2-Clause
// What a report says differently on arm64. Sources: [arm/ddi0487 C5.2, C6.2.26, D19.2].
#pragma once

#include "bare/read.hpp"
#include "compat/dialect.hpp"
#include "hyp-check/core/mode.hpp"
#include "hyp-check/layout.h"

#include <string_view>

namespace hyprelay::hyp_check {

inline constexpr auto kArch = compat::CallerArch::kARM64;
inline constexpr char kArchName[] = "arm64";
inline constexpr char kTopName[] = "EL2";
inline constexpr char kLowName[] = "EL1";
// Places in Registers and in Entry: of Xen's number, and of the tree [linux/arm64/booting].
inline constexpr unsigned kNumberRegister = 16;
inline constexpr unsigned kTreeRegister = 0;
// Both hold what they name, whatever it means: flags, and masks and a mode for a saved PSR.
inline constexpr Word kFlags = 0xa0000000;
inline constexpr Word kSpsr = 0xa00003c5;
// A table of vectors.
inline constexpr unsigned kSlots = 16;
inline constexpr Word kSlotSize = 0x80;

constexpr bool is_branch(std::uint32_t word) {
  return word >> 26 == 5;
}

constexpr Mode mode_of_psr(Word psr) {
  const Word level = psr >> 2 & 3;
  return level == 2 ? Mode::kTop : level == 1 ? Mode::kLow : Mode::kOther;
}

inline constexpr char kNumberedPrefix[] = "x";
// Of a place behind the numbered registers.
inline std::string_view name_of(unsigned place) {
  switch (place) {
    case HR_CHECK_R_SP_EL0:
      return "sp_el0";
    case HR_CHECK_R_ELR:
      return "elr_el1";
    case HR_CHECK_R_SPSR:
      return "spsr_el1";
    default:
      return "flags";
  }
}

HR_READ(cpu_id, midr_el1)
HR_READ(id_aa64pfr0, id_aa64pfr0_el1)
inline bool has_virtualization() {
  return (id_aa64pfr0() >> 8 & 15) != 0;
}

}  // namespace hyprelay::hyp_check
