// SPDX-License-Identifier: BSD-2-Clause
// XXH3 against `xxhsum -H2` of xxHash 0.8.1 (the vectors below), and every bit of every short
// message.
#include "base/multilinear.hpp"

#include "base/sha256.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <set>
#include <string>
#include <vector>

namespace hyprelay::base {
namespace {

// Byte n of the message is the highest byte of step n + 1 of the generator.
std::vector<std::byte> message(std::size_t size_bytes) {
  std::vector<std::byte> bytes(size_bytes);
  std::uint32_t seed = 1;
  for (std::byte& byte : bytes) {
    seed = seed * 1664525 + 1013904223;
    byte = static_cast<std::byte>(seed >> 24);
  }
  return bytes;
}

std::string hex(const MultilinearDigest& digest) {
  std::string text;
  for (const std::byte b : digest) {
    text += "0123456789abcdef"[std::to_integer<unsigned>(b) >> 4];
    text += "0123456789abcdef"[std::to_integer<unsigned>(b) & 15];
  }
  return text;
}

// The definition in words of base/multilinear.hpp, written a second time: line by line, with
// 128-bit numbers.
MultilinearDigest defined(ByteView bytes) {
  using Wide = unsigned __int128;
  const auto cut = [](Wide value) { return static_cast<std::uint64_t>(value); };
  const auto round = [](std::size_t i) { return Wide{kSha256Round[i % 64]}; };
  std::array<Wide, 16> a;
  for (std::size_t j = 0; j < 16; ++j) {
    a[j] = round(j) << 32 | round(16 + j);
  }
  std::vector<std::byte> padded(bytes.begin(), bytes.end());
  padded.resize((bytes.size() + 63) / 64 * 64);
  for (std::size_t at = 0; at < padded.size(); at += 4) {
    Wide word = 0;
    for (std::size_t i = 4; i-- != 0;) {
      word = word << 8 | std::to_integer<unsigned>(padded[at + i]);
    }
    Wide& column = a[at / 4 % 16];
    column = cut(column + word * round(at / 64));
    if ((at / 64 + 1) % 64 == 0 && bytes.size() >= (at / 64 + 1) * 64) {
      column = cut((column ^ column >> 47) * 0x9e3779b1);
    }
  }
  std::uint64_t first = 0x9e3779b97f4a7c15, second = 0xc2b2ae3d27d4eb4f;
  const auto take = [&](std::uint64_t value) {
    first = cut(Wide{first ^ value} * 0xbf58476d1ce4e5b9);
    first ^= first >> 29;
    second = cut(Wide{(second << 23 | second >> 41) + value} * 0x9e3779b185ebca87);
    second ^= second >> 32;
  };
  take(bytes.size());
  for (const Wide value : a) {
    take(cut(value));
  }
  MultilinearDigest digest;
  for (std::size_t i = 0; i < 16; ++i) {
    digest[i] = static_cast<std::byte>((i < 8 ? first : second) >> (56 - 8 * (i % 8)));
  }
  return digest;
}

TEST(Multilinear, is_what_its_definition_says) {
  const auto bytes = message(20000);
  for (std::size_t size_bytes = 0; size_bytes < 4500; ++size_bytes) {
    const ByteView view = ByteView(bytes).first(size_bytes);
    ASSERT_EQ(multilinear(view), defined(view)) << size_bytes;
  }
  for (const std::size_t size_bytes : {8191u, 8192u, 8193u, 12351u, 12352u, 12353u, 20000u}) {
    const ByteView view = ByteView(bytes).first(size_bytes);
    EXPECT_EQ(multilinear(view), defined(view)) << size_bytes;
  }
}

// A loader of one release and a bundle's relay of another have to agree for ever.
TEST(Multilinear, stays_what_it_was) {
  EXPECT_EQ(hex(multilinear({})), "feaeb33c1341a5e3e0c0a05e8f7eb055");
  EXPECT_EQ(hex(multilinear(message(1))), "adfe56b1d778cfbbc023a75766093720");
  EXPECT_EQ(hex(multilinear(message(10000))), "228948f3cad06e9481d51b6964739d4f");
}

// Two flipped bits are told in two words of a column by k[m] * 2^b and k[n] * 2^c, which must
// neither be alike nor add up to 2^64; one, because no round constant is 0. Nor may three or four
// of one bit, as a stuck line makes them.
TEST(Multilinear, no_few_flipped_bits_cancel_in_a_column) {
  std::set<std::uint64_t> seen;
  std::set<std::uint64_t> sums;
  for (std::size_t n = 0; n < 64; ++n) {
    ASSERT_NE(kSha256Round[n], 0u);
    for (unsigned bit = 0; bit < 32; ++bit) {
      const std::uint64_t change = std::uint64_t{kSha256Round[n]} << bit;
      EXPECT_TRUE(seen.insert(change).second) << n << " " << bit;
      EXPECT_TRUE(seen.insert(0 - change).second) << n << " " << bit;
    }
    for (std::size_t m = n + 1; m < 64; ++m) {
      for (const std::uint64_t k : {std::uint64_t{kSha256Round[n]} + kSha256Round[m],
                                    std::uint64_t{kSha256Round[n]} - kSha256Round[m]}) {
        EXPECT_TRUE(sums.insert(k).second && sums.insert(0 - k).second) << n << " " << m;
        EXPECT_FALSE(seen.contains(k));
      }
    }
  }
}

TEST(Multilinear, alignment_is_no_matter) {
  const auto bytes = message(5000);
  for (const std::size_t size_bytes : {0u, 1u, 5u, 12u, 100u, 200u, 241u, 1024u, 1025u, 4096u}) {
    const MultilinearDigest wanted = multilinear(ByteView(bytes).first(size_bytes));
    for (std::size_t shift = 1; shift < 16; ++shift) {
      std::vector<std::byte> moved(shift);
      moved.insert(moved.end(), bytes.begin(),
                   bytes.begin() + static_cast<std::ptrdiff_t>(size_bytes));
      EXPECT_EQ(multilinear(ByteView(moved).subspan(shift)), wanted)
          << size_bytes << " at " << shift;
    }
  }
}

// Each bit of all messages up to 200 bytes, and of some up to two blocks. All digests of one length
// differ from each other too: 2^17 of them by chance alike would be one in 2^94.
TEST(Multilinear, every_single_bit_counts) {
  const auto check = [](std::size_t size_bytes) {
    auto bytes = message(size_bytes);
    std::set<MultilinearDigest> seen = {multilinear(bytes)};
    for (std::size_t bit = 0; bit < 8 * size_bytes; ++bit) {
      bytes[bit / 8] ^= std::byte{1} << bit % 8;
      seen.insert(multilinear(bytes));
      bytes[bit / 8] ^= std::byte{1} << bit % 8;
    }
    EXPECT_EQ(seen.size(), 8 * size_bytes + 1) << size_bytes;
  };
  for (std::size_t size_bytes = 0; size_bytes <= 200; ++size_bytes) {
    check(size_bytes);
  }
  for (const std::size_t size_bytes : {1024u, 4031u, 4096u, 4097u, 4160u, 8192u}) {
    check(size_bytes);
  }
}

// What a stuck line of data or address does: the same bit of every word, two words or stripes or
// blocks that changed places, a stretch that another one lies over.
TEST(Multilinear, faults_of_many_bits_are_seen) {
  for (const auto& original : {message(16384), std::vector<std::byte>(16384)}) {
    const MultilinearDigest wanted = multilinear(original);
    for (const std::size_t width : {4u, 8u, 16u, 64u}) {
      for (std::size_t bit = 0; bit < 8 * width; ++bit) {
        auto bytes = original;
        for (std::size_t at = bit / 8; at < bytes.size(); at += width) {
          bytes[at] ^= std::byte{1} << bit % 8;
        }
        EXPECT_NE(multilinear(bytes), wanted) << bit << " of " << width;
      }
    }
  }
  const auto original = message(16384);
  const MultilinearDigest wanted = multilinear(original);
  for (const std::size_t size_bytes : {1u, 4u, 8u, 16u, 64u, 128u, 1024u, 4096u, 8192u}) {
    for (std::size_t at = 0; at + 2 * size_bytes <= original.size(); at += size_bytes) {
      auto bytes = original;
      const auto first = bytes.begin() + static_cast<std::ptrdiff_t>(at);
      const auto second = first + static_cast<std::ptrdiff_t>(size_bytes);
      if (std::equal(first, second, second, second + static_cast<std::ptrdiff_t>(size_bytes))) {
        continue;
      }
      std::swap_ranges(first, second, second);
      EXPECT_NE(multilinear(bytes), wanted) << size_bytes << " at " << at;
    }
  }
}

// Around the ends of lines and blocks, since that is where the zeroes begin and end.
TEST(Multilinear, zeroes_behind_need_not_be_there) {
  for (const std::size_t size_bytes : {0u, 1u, 63u, 64u, 4000u, 4095u, 4096u, 4097u, 8190u}) {
    for (const std::size_t zeroes : {0u, 1u, 2u, 63u, 96u, 4095u, 4096u, 4097u, 20000u}) {
      const std::vector<std::byte> bytes = message(size_bytes);
      std::vector<std::byte> padded = bytes;
      padded.resize(size_bytes + zeroes);
      EXPECT_EQ(multilinear_with_zeroes(bytes, zeroes), defined(padded))
          << size_bytes << " and " << zeroes;
    }
  }
}

TEST(Multilinear, length_counts) {
  std::set<MultilinearDigest> seen;
  const std::vector<std::byte> zeroes(4096);
  for (std::size_t size_bytes = 0; size_bytes <= zeroes.size(); ++size_bytes) {
    seen.insert(multilinear(ByteView(zeroes).first(size_bytes)));
  }
  EXPECT_EQ(seen.size(), zeroes.size() + 1);
}

}  // namespace
}  // namespace hyprelay::base
