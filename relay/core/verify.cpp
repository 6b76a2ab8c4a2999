// SPDX-License-Identifier: BSD-2-Clause
#include "relay/core/verify.hpp"

#include "relay/core/baton.hpp"

#include <algorithm>

namespace hyprelay::relay {

Verdict verify_segments(const hr_baton& baton, const digest::Engine& engine) {
  Verdict verdict;
  for (const hr_baton_segment& segment : segments_of(baton)) {
    const auto* start =
        reinterpret_cast<const std::byte*>(static_cast<std::uintptr_t>(segment.start));
    verdict.found = digest::digest_of(baton.digest_algorithm,
                                      {start, static_cast<std::size_t>(segment.size)}, engine);
    if (!std::ranges::equal(verdict.found, std::as_bytes(std::span(segment.digest)))) {
      return verdict;
    }
    ++verdict.segments_verified;
    verdict.bytes_verified += segment.size;
  }
  return verdict;
}

}  // namespace hyprelay::relay
