// SPDX-License-Identifier: BSD-2-Clause
// The digests in assembly against those in C++, which the host tests prove against published
// vectors and against the reference implementation.
#include "digest/digest.hpp"

#include "digest/assembly.hpp"
#include "digest/sha256.h"
#include "relay/core/arch.hpp"
#include "tests/target/relay/scene.hpp"

namespace hyprelay::target {
namespace {

constexpr std::uint64_t kDataAt = 0x42000000;
constexpr std::size_t kBlocks = 37;

using Blocks = void (*)(std::uint32_t state[8], const std::byte* data, std::size_t blocks,
                        const std::uint32_t k[64]);

void fill_data(std::size_t size_bytes) {
  std::uint32_t seed = 1;
  for (std::size_t i = 0; i < size_bytes; ++i) {
    seed = seed * 1664525 + 1013904223;
    memory(kDataAt)[i] = static_cast<std::uint8_t>(seed >> 24);
  }
}

void compare(Blocks blocks) {
  fill_data(64 * kBlocks + 8);
  for (const std::size_t offset : {0u, 1u, 4u}) {
    for (const std::size_t count : {std::size_t{1}, std::size_t{2}, kBlocks}) {
      const auto* data = reinterpret_cast<const std::byte*>(memory(kDataAt + offset));
      std::uint32_t wanted[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
      std::uint32_t actual[8];
      for (int i = 0; i < 8; ++i) {
        actual[i] = wanted[i];
      }
      base::sha256_compress_portable(wanted, data, count);
      const std::uint64_t saved = hr_simd_begin();
      blocks(actual, data, count, base::kSha256Round);
      hr_simd_end(saved);
      for (int i = 0; i < 8; ++i) {
        CHECK_EQ(actual[i], wanted[i]);
      }
    }
  }
}

void multilinear_by_simd(std::uint64_t accumulators[16], const std::byte* data, std::size_t blocks,
                         const std::uint32_t keys[64]) {
  const std::uint64_t saved = hr_simd_begin();
  hr_multilinear_simd(accumulators, data, blocks, keys);
  hr_simd_end(saved);
}

digest::Digest fast_of(std::size_t offset, std::size_t size_bytes, bool simd) {
  digest::Engine engine;
  if (simd) {
    engine.multilinear = multilinear_by_simd;
  }
  return digest::digest_of(
      HR_DIGEST_FAST, {reinterpret_cast<const std::byte*>(memory(kDataAt + offset)), size_bytes},
      engine);
}

// Lengths around every end of a line and a block, and data that no code expects aligned.
void compare_fast() {
  constexpr std::size_t kMost = 9 * base::kMultilinearBlockBytes + 65;
  fill_data(kMost + 8);
  for (const std::size_t offset : {0u, 1u, 4u, 7u}) {
    for (const std::size_t blocks : {1u, 2u, 3u, 9u}) {
      for (const std::size_t more : {0u, 1u, 63u, 64u, 65u}) {
        const std::size_t size_bytes = blocks * base::kMultilinearBlockBytes + more;
        CHECK(fast_of(offset, size_bytes, true) == fast_of(offset, size_bytes, false));
      }
    }
  }
  // One bit of each byte that a run of the assembly reads; that every bit counts is the host tests'
  // to show.
  constexpr std::size_t kBytes = 2 * base::kMultilinearBlockBytes;
  const digest::Digest whole = fast_of(3, kBytes, true);
  for (std::size_t i = 0; i < kBytes; ++i) {
    std::uint8_t& byte = memory(kDataAt + 3)[i];
    byte ^= static_cast<std::uint8_t>(1 << i % 8);
    CHECK(fast_of(3, kBytes, true) != whole);
    byte ^= static_cast<std::uint8_t>(1 << i % 8);
  }
}

std::uint32_t kind_here() {
  const std::uint64_t saved = hr_simd_begin();
  const std::uint32_t kind = hr_sha256_kind();
  hr_simd_end(saved);
  return kind;
}

void compare_all(void*) {
  const std::uint32_t kind = kind_here();
  CHECK(kind >= HR_SHA256_SIMD);
  compare(hr_sha256_simd);
  compare_fast();
  if (kind == HR_SHA256_INSTRUCTIONS) {
    compare(hr_sha256_instructions);
  } else {
    note("this CPU has no SHA-256 instructions");
  }
}

HR_TEST(digest_at_top, "at HYP/EL2 the digests by SIMD and by instructions are right") {
  compare_all(nullptr);
}

HR_TEST(digest_below, "at SVC/EL1 too") {
  hr_target_run_at_pl1(compare_all, nullptr, 0);
}

}  // namespace
}  // namespace hyprelay::target
