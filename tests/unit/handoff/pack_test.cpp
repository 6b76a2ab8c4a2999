// SPDX-License-Identifier: BSD-2-Clause
// What is made of a kernel, and what liblz4 and the relay's decoder make of that.
#include "handoff/unpack/pack.hpp"

#include "base/lz4_block.hpp"
#include "base/lz4_inflate.hpp"

#include <gtest/gtest.h>
#include <lz4.h>

#include <algorithm>
#include <random>
#include <vector>

namespace hyprelay::handoff {
namespace {

using Bytes = std::vector<std::byte>;

// Zeroes, and then pieces that were there before, with a few new bytes between them.
Bytes kernel_of(std::size_t size_bytes) {
  std::mt19937 random(3);
  Bytes bytes(size_bytes);
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

Bytes inflated_by_liblz4(const Bytes& block, std::size_t size_bytes) {
  Bytes out(size_bytes);
  const int made = LZ4_decompress_safe(
      reinterpret_cast<const char*>(block.data()), reinterpret_cast<char*>(out.data()),
      static_cast<int>(block.size()), static_cast<int>(size_bytes));
  return made == static_cast<int>(size_bytes) ? out : Bytes();
}

TEST(Pack, liblz4_and_both_decoders_inflate_it) {
  for (const std::size_t size_bytes : {200UL, 70000UL, 3000001UL}) {
    const Bytes kernel = kernel_of(size_bytes);
    const Bytes packed = pack_lz4(kernel);
    ASSERT_FALSE(packed.empty());
    // liblz4 makes 47 % of the longest one, with every match of four bytes.
    EXPECT_LT(packed.size(), kernel.size() * 9 / 10);
    EXPECT_EQ(inflated_by_liblz4(packed, size_bytes), kernel);
    Bytes out(size_bytes);
    EXPECT_TRUE(base::lz4_inflate_bytes(packed, out));
    EXPECT_EQ(out, kernel);
    std::ranges::fill(out, std::byte{0});
    EXPECT_TRUE(base::lz4::Inflation<base::lz4::ByWords>(packed, out).run());
    EXPECT_EQ(out, kernel);
    EXPECT_TRUE(base::lz4_is_of(packed, kernel));
  }
}

// Where it ends the format has rules, which liblz4 holds a block to.
TEST(Pack, every_length_and_every_distance_to_the_end) {
  std::mt19937 random(7);
  for (std::size_t size_bytes = 0; size_bytes < 600; ++size_bytes) {
    for (const std::size_t repeats : {1, 4, 8, 12, 33}) {
      Bytes kernel(size_bytes);
      for (std::size_t i = 0; i < size_bytes; ++i) {
        kernel[i] = i < repeats ? static_cast<std::byte>(random()) : kernel[i - repeats];
      }
      // Something new at the end, at the start of nothing, or none.
      for (std::size_t i = size_bytes - std::min<std::size_t>(size_bytes, random() % 30);
           i < size_bytes; ++i) {
        kernel[i] = static_cast<std::byte>(random());
      }
      const Bytes packed = pack_lz4(kernel);
      EXPECT_TRUE(packed.empty() || inflated_by_liblz4(packed, size_bytes) == kernel)
          << size_bytes << ", " << repeats;
      // What repeats itself within words alone is nothing that it looks for.
      EXPECT_TRUE(size_bytes < 100 || repeats == 33 || !packed.empty())
          << size_bytes << ", " << repeats;
    }
  }
}

// Literals and matches that are longer than what is written at once.
TEST(Pack, long_runs_of_both) {
  std::mt19937 random(11);
  Bytes kernel(3 << 20);
  for (std::size_t i = 0; i < kernel.size(); ++i) {
    const bool noise = i < 300000 || (i > 2 << 20 && i % 131072 < 20000);
    kernel[i] = noise ? static_cast<std::byte>(random()) : std::byte{0x77};
  }
  const Bytes packed = pack_lz4(kernel);
  ASSERT_FALSE(packed.empty());
  EXPECT_LT(packed.size(), 300000U + 9 * 20000U + 20000U);
  EXPECT_EQ(inflated_by_liblz4(packed, kernel.size()), kernel);
}

// What was seen too long ago is no match: a distance has 16 bits.
TEST(Pack, the_farthest_match) {
  std::mt19937 random(13);
  Bytes noise(4096);
  for (std::byte& byte : noise) {
    byte = static_cast<std::byte>(random());
  }
  for (const std::size_t distance : {65532UL, 65536UL}) {
    Bytes kernel = noise;
    kernel.resize(distance);
    kernel.insert(kernel.end(), noise.begin(), noise.end());
    const Bytes packed = pack_lz4(kernel);
    ASSERT_EQ(inflated_by_liblz4(packed, kernel.size()), kernel) << distance;
    EXPECT_EQ(packed.size() < 2 * noise.size(), distance == 65532) << packed.size();
  }
}

TEST(Pack, what_does_not_get_shorter_is_not_packed) {
  std::mt19937 random(5);
  Bytes noise(100000);
  for (std::byte& byte : noise) {
    byte = static_cast<std::byte>(random());
  }
  EXPECT_TRUE(pack_lz4(noise).empty());
  EXPECT_TRUE(pack_lz4({}).empty());
}

}  // namespace
}  // namespace hyprelay::handoff
