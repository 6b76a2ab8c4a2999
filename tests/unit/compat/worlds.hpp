// SPDX-License-Identifier: BSD-2-Clause
// Worlds: a resident, and everything that evidence could say about it, put together from the
// history of kernels and hypervisors and not from the rules of the probe.
#pragma once

#include "compat/evidence.hpp"

#include <vector>

namespace hyprelay::compat::testing {

struct World {
  Dialect truth;
  // Every fact known.
  Evidence facts;
};

std::vector<World> all_worlds();

// The evidence with only some of its facts known: one bit each, of kFactBits.
inline constexpr unsigned kFactBits = 11;
Evidence masked(const Evidence& facts, unsigned known);

}  // namespace hyprelay::compat::testing
