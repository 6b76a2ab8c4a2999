// SPDX-License-Identifier: BSD-2-Clause
// The relay's compression functions in assembly against the one in C++, which the host tests prove
// against the published vectors.
#include "base/sha256.hpp"
#include "relay/core/arch.hpp"
#include "relay/sha256.h"
#include "tests/target/relay/scene.hpp"

namespace hyprelay::target {
namespace {

constexpr std::uint64_t kDataAt = 0x42000000;
constexpr std::size_t kBlocks = 37;

using Blocks = void (*)(std::uint32_t state[8], const std::byte* data, std::size_t blocks,
                        const std::uint32_t k[64]);

void compare(Blocks blocks) {
  std::uint32_t seed = 1;
  for (std::size_t i = 0; i < 64 * kBlocks + 8; ++i) {
    seed = seed * 1664525 + 1013904223;
    memory(kDataAt)[i] = static_cast<std::uint8_t>(seed >> 24);
  }
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
