// SPDX-License-Identifier: BSD-2-Clause
// Is what lies in memory what the loader sealed?
#pragma once

#include "digest/digest.hpp"

#include <cstdint>

namespace hyprelay::relay {

struct Verdict {
  // Segments, in the baton's order, whose digest was right; all of them when this equals the count.
  std::uint32_t segments_verified = 0;
  std::uint64_t bytes_verified = 0;
  // What the segment after the last right one gave; only set when there is such a segment.
  digest::Digest found{};
};

// By the baton's algorithm, which check_fields() knows. Stops at the first segment that differs.
// Reads nothing but the segments.
Verdict verify_segments(const hr_baton& baton, const digest::Engine& engine);

// Of what was inflated, by HR_DIGEST_FAST: the block's own digest vouches for it, and this one that
// memory took it.
digest::Digest digest_of_inflated(const hr_baton& baton, const digest::Engine& engine);

}  // namespace hyprelay::relay
