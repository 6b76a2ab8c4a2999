// SPDX-License-Identifier: BSD-2-Clause
#include "relay/core/verify.hpp"

#include "relay/core/baton.hpp"

#include <algorithm>

namespace hyprelay::relay {
namespace {

base::ByteView bytes_of(const hr_baton_segment& segment) {
  return {reinterpret_cast<const std::byte*>(static_cast<std::uintptr_t>(segment.start)),
          static_cast<std::size_t>(segment.size)};
}

}  // namespace

Verdict verify_segments(const hr_baton& baton, const digest::Engine& engine) {
  Verdict verdict;
  for (const hr_baton_segment& segment : segments_of(baton)) {
    verdict.found = digest::digest_of(baton.digest_algorithm, bytes_of(segment), engine);
    if (!std::ranges::equal(verdict.found, std::as_bytes(std::span(segment.digest)))) {
      return verdict;
    }
    ++verdict.segments_verified;
    verdict.bytes_verified += segment.size;
  }
  return verdict;
}

digest::Digest digest_of_inflated(const hr_baton& baton, const digest::Engine& engine) {
  return digest::digest_of(HR_DIGEST_FAST, bytes_of(baton.inflated), engine);
}

}  // namespace hyprelay::relay
