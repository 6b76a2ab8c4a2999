// SPDX-License-Identifier: BSD-2-Clause
// The two types that the twins and the shared core speak of the machine in.
#pragma once

#include <cstdint>

namespace hyprelay::hyp_check {

// A general register.
using Word = std::uintptr_t;

// The mode that was entered: HYP/EL2, SVC/EL1 (on arm also the other modes of PL1), or EL3.
enum class Mode : std::uint8_t { kLow, kTop, kOther };

}  // namespace hyprelay::hyp_check
