// SPDX-License-Identifier: BSD-2-Clause
#include "relay/core/verify.hpp"

#include "relay/core/baton.hpp"

#include <algorithm>

namespace hyprelay::relay {

Verdict verify_segments(const hr_baton& baton, const DigestEngine& engine) {
  Verdict verdict;
  for (const hr_baton_segment& segment : segments_of(baton)) {
    const auto* start =
        reinterpret_cast<const std::byte*>(static_cast<std::uintptr_t>(segment.start));
    verdict.found = base::sha256({start, static_cast<std::size_t>(segment.size)}, engine.compress);
    if (!std::ranges::equal(verdict.found, std::as_bytes(std::span(segment.digest)))) {
      return verdict;
    }
    ++verdict.segments_verified;
    verdict.bytes_verified += segment.size;
  }
  return verdict;
}

}  // namespace hyprelay::relay
