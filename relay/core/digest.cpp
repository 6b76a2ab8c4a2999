// SPDX-License-Identifier: BSD-2-Clause
#include "relay/core/digest.hpp"

#include "relay/core/arch.hpp"
#include "relay/sha256.h"

namespace hyprelay::relay {
namespace {

void compress_by_instructions(std::uint32_t state[8], const std::byte* data, std::size_t blocks) {
  const std::uint64_t saved = hr_simd_begin();
  hr_sha256_instructions(state, data, blocks, base::kSha256Round);
  hr_simd_end(saved);
}

void compress_by_simd(std::uint32_t state[8], const std::byte* data, std::size_t blocks) {
  const std::uint64_t saved = hr_simd_begin();
  hr_sha256_simd(state, data, blocks, base::kSha256Round);
  hr_simd_end(saved);
}

}  // namespace

DigestEngine best_digest_engine() {
  const std::uint64_t saved = hr_simd_begin();
  const std::uint32_t kind = hr_sha256_kind();
  hr_simd_end(saved);
  // No constant pair of pointer and flags: that would be an address in the image, to be relocated.
  DigestEngine engine;
  engine.compress = base::sha256_compress_portable;
  if (kind == HR_SHA256_SIMD) {
    engine.compress = compress_by_simd;
  }
  if (kind == HR_SHA256_INSTRUCTIONS) {
    engine.compress = compress_by_instructions;
  }
  engine.verify_flags = kind == HR_SHA256_INSTRUCTIONS ? HR_VERIFY_CRYPTO : 0;
  return engine;
}

}  // namespace hyprelay::relay
