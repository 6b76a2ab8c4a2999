// SPDX-License-Identifier: BSD-2-Clause
// What liblz4 makes of a kernel, and the relay's decoder of that.
#include "handoff/unpack/pack.hpp"

#include "base/lz4_block.hpp"

#include <gtest/gtest.h>

#include <random>
#include <vector>

namespace hyprelay::handoff {
namespace {

// Zeroes, and then pieces that were there before, with a few new bytes between them.
std::vector<std::byte> kernel_of(std::size_t size_bytes) {
  std::mt19937 random(3);
  std::vector<std::byte> bytes(size_bytes);
  for (std::size_t i = 4096; i < size_bytes;) {
    for (std::size_t n = random() % 6; n > 0 && i < size_bytes; --n, ++i) {
      bytes[i] = static_cast<std::byte>(random());
    }
    const std::size_t distance = 1 + random() % 4000;
    for (std::size_t n = 4 + random() % 40; n > 0 && i < size_bytes; --n, ++i) {
      bytes[i] = bytes[i - distance];
    }
  }
  return bytes;
}

TEST(Pack, what_liblz4_packs_both_decoders_inflate) {
  for (const std::size_t size_bytes : {200UL, 70000UL, 3000001UL}) {
    const auto kernel = kernel_of(size_bytes);
    const auto packed = pack_lz4(kernel);
    ASSERT_FALSE(packed.empty());
    EXPECT_LT(packed.size(), kernel.size());
    for (const auto inflate : {base::lz4_inflate_bytes, base::lz4_inflate_wide}) {
      std::vector<std::byte> out(size_bytes);
      EXPECT_TRUE(inflate(packed, out));
      EXPECT_EQ(out, kernel);
    }
  }
}

TEST(Pack, what_does_not_get_shorter_is_not_packed) {
  std::mt19937 random(5);
  std::vector<std::byte> noise(100000);
  for (std::byte& byte : noise) {
    byte = static_cast<std::byte>(random());
  }
  EXPECT_TRUE(pack_lz4(noise).empty());
  EXPECT_TRUE(pack_lz4({}).empty());
}

}  // namespace
}  // namespace hyprelay::handoff
