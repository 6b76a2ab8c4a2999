// SPDX-License-Identifier: BSD-2-Clause
// From SVC/EL1 to HYP/EL2 through the resident that the loader named. docs/climb.md says for each
// dialect which calls are made and why they are safe.
#pragma once

#include "abi/hr_abi.h"

#include <cstdint>

namespace hyprelay::relay {

struct ClimbOutcome {
  // A row of abi/climb.def.
  std::uint32_t climb = HR_CLIMB_NOT_TRIED;
  // The caller runs at HYP/EL2 now, with the relay's own vectors, MMU and caches off there.
  bool at_top = false;
  // What the resident answered to the call that decided; 0 when none was made.
  std::uint64_t answer = 0;

  static ClimbOutcome stopped(std::uint32_t climb, std::uint64_t answer = 0) {
    return {climb, false, answer};
  }
};

// The texts of the rows.
const char* climb_text(std::uint32_t climb);
const char* dialect_text(std::uint32_t dialect);

// Must be called at SVC/EL1. Makes no call at all for a dialect that it knows no way through, and
// stops before anything destructive when an answer is not one of the dialect that the baton names.
ClimbOutcome climb(const hr_baton& baton);

}  // namespace hyprelay::relay
