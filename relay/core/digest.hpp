// SPDX-License-Identifier: BSD-2-Clause
// The fastest digests that this CPU has, each with SIMD let in for as long as it takes (arm, arm64
// simd.S).
#pragma once

#include "digest/digest.hpp"

namespace hyprelay::relay {

digest::Engine best_engine();

}  // namespace hyprelay::relay
