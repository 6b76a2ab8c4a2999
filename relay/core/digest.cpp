// SPDX-License-Identifier: BSD-2-Clause
#include "relay/core/digest.hpp"

#include "digest/assembly.hpp"
#include "digest/sha256.h"
#include "relay/core/arch.hpp"

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

void multilinear_by_simd(std::uint64_t accumulators[16], const std::byte* data, std::size_t blocks,
                         const std::uint32_t keys[64]) {
  const std::uint64_t saved = hr_simd_begin();
  hr_multilinear_simd(accumulators, data, blocks, keys);
  hr_simd_end(saved);
}

}  // namespace

digest::Engine best_engine() {
  const std::uint64_t saved = hr_simd_begin();
  const std::uint32_t kind = hr_sha256_kind();
  hr_simd_end(saved);
  digest::Engine engine;
  engine.sha256_instructions = kind == HR_SHA256_INSTRUCTIONS;
  if (kind != HR_SHA256_PLAIN) {
    engine.sha256 = engine.sha256_instructions ? compress_by_instructions : compress_by_simd;
    engine.multilinear = multilinear_by_simd;
  }
  return engine;
}

}  // namespace hyprelay::relay
