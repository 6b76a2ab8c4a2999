// SPDX-License-Identifier: BSD-2-Clause
// Blocks that were written by hand or by a writer of this file, from the format's description.
// tests/unit/handoff/pack_test.cpp has liblz4's.
#include "base/lz4_block.hpp"
#include "base/lz4_inflate.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <initializer_list>
#include <random>
#include <string_view>
#include <vector>

namespace hyprelay::base {
namespace {

using Bytes = std::vector<std::byte>;
using Inflate = bool (*)(ByteView, std::span<std::byte>);
// The relay's of arm64.
bool inflate_wide(ByteView block, std::span<std::byte> out) {
  return lz4::Inflation<lz4::ByWords>(block, out).run();
}
constexpr Inflate kBoth[] = {lz4_inflate_bytes, inflate_wide};

Bytes bytes_of(std::initializer_list<int> values) {
  Bytes bytes;
  for (const int value : values) {
    bytes.push_back(static_cast<std::byte>(value));
  }
  return bytes;
}

struct Row {
  const char* what;
  Bytes block;
  std::string_view content;
  bool whole;
};

TEST(Lz4, blocks_written_by_hand) {
  for (const Row& row :
       {Row{"nothing", bytes_of({0x00}), "", true},
        {"no token", {}, "", false},
        {"literals", bytes_of({0x20, 'a', 'b'}), "ab", true},
        {"a match", bytes_of({0x20, 'a', 'b', 2, 0, 0x10, 'c'}), "ababababc", false},
        {"of four", bytes_of({0x20, 'a', 'b', 2, 0, 0x10, 'c'}), "abababc", true},
        {"a period of one", bytes_of({0x14, 'a', 1, 0, 0x10, 'z'}), "aaaaaaaaaz", true},
        {"a run", bytes_of({0x1f, 'a', 1, 0, 2, 0x10, 'z'}), "aaaaaaaaaaaaaaaaaaaaaaz", true},
        {"too short", bytes_of({0x20, 'a', 'b'}), "abc", false},
        {"too long", bytes_of({0x20, 'a', 'b'}), "a", false},
        {"distance 0", bytes_of({0x10, 'a', 0, 0, 0x00}), "aaaaa", false},
        {"before the start", bytes_of({0x10, 'a', 2, 0, 0x00}), "aaaaa", false},
        {"half an offset", bytes_of({0x10, 'a', 1}), "aaaaa", false},
        {"ends with a match", bytes_of({0x10, 'a', 1, 0}), "aaaaa", false},
        {"literals that are not there", bytes_of({0x30, 'a', 'b'}), "abc", false},
        {"a run that is not there", bytes_of({0xf0, 255, 255}), "a", false},
        {"a match beyond the end", bytes_of({0x1f, 'a', 1, 0, 200, 0x00}), "aaaaa", false}}) {
    for (const Inflate inflate : kBoth) {
      Bytes out(row.content.size());
      EXPECT_EQ(inflate(row.block, out), row.whole) << row.what;
      if (row.whole) {
        EXPECT_EQ(text_of(out), row.content) << row.what;
      }
    }
    Bytes content = std::vector(std::as_bytes(std::span(row.content)).begin(),
                                std::as_bytes(std::span(row.content)).end());
    EXPECT_EQ(lz4_is_of(row.block, content), row.whole) << row.what;
    content.push_back(std::byte{'c'});
    EXPECT_FALSE(lz4_is_of(row.block, content)) << row.what << ", too short";
  }
}

// Sequences of any lengths and distances, and what they stand for.
struct Written {
  Bytes block;
  Bytes content;
};

void put_run(Bytes& block, std::size_t left) {
  for (; left >= 255; left -= 255) {
    block.push_back(std::byte{255});
  }
  block.push_back(static_cast<std::byte>(left));
}

Written write_block(unsigned seed, std::size_t sequences) {
  std::mt19937 random(seed);
  const auto below = [&](std::size_t limit) { return random() % limit; };
  Written made;
  for (std::size_t n = 0; n <= sequences; ++n) {
    const bool last = n == sequences;
    const std::size_t literals = n == 0 || last  ? 5 + below(40)
                                 : below(8) == 0 ? below(700)
                                                 : below(18);
    const std::size_t match = below(8) == 0 ? below(700) : below(20);
    made.block.push_back(static_cast<std::byte>(std::min<std::size_t>(literals, 15) << 4 |
                                                (last ? 0 : std::min<std::size_t>(match, 15))));
    if (literals >= 15) {
      put_run(made.block, literals - 15);
    }
    for (std::size_t i = 0; i < literals; ++i) {
      const auto byte = static_cast<std::byte>(random());
      made.block.push_back(byte);
      made.content.push_back(byte);
    }
    if (last) {
      break;
    }
    const std::size_t farthest = std::min<std::size_t>(made.content.size(), 0xffff);
    const std::size_t distance =
        below(3) == 0 ? 1 + below(std::min<std::size_t>(farthest, 40)) : 1 + below(farthest);
    made.block.push_back(static_cast<std::byte>(distance));
    made.block.push_back(static_cast<std::byte>(distance >> 8));
    if (match >= 15) {
      put_run(made.block, match - 15);
    }
    for (std::size_t i = 0; i < match + 4; ++i) {
      made.content.push_back(made.content[made.content.size() - distance]);
    }
  }
  return made;
}

TEST(Lz4, all_lengths_and_distances) {
  for (unsigned seed = 0; seed < 12; ++seed) {
    const Written made = write_block(seed, seed < 6 ? 40 : 9000);
    for (const Inflate inflate : kBoth) {
      // What is in front of and behind the place stays as it is.
      Bytes around(made.content.size() + 64, std::byte{0x5a});
      const std::span out = std::span(around).subspan(32, made.content.size());
      ASSERT_TRUE(inflate(made.block, out)) << seed;
      EXPECT_TRUE(std::ranges::equal(out, made.content)) << seed;
      const auto untouched = [](std::byte b) { return b == std::byte{0x5a}; };
      EXPECT_TRUE(std::all_of(around.begin(), around.begin() + 32, untouched)) << seed;
      EXPECT_TRUE(std::all_of(around.end() - 32, around.end(), untouched)) << seed;
      Bytes other(made.content.size() - 1);
      EXPECT_FALSE(inflate(made.block, other)) << seed;
      other.resize(made.content.size() + 1);
      EXPECT_FALSE(inflate(made.block, other)) << seed;
    }
  }
}

// It stands for its content, and for no other.
TEST(Lz4, another_content_is_told_by_any_byte) {
  for (unsigned seed = 0; seed < 6; ++seed) {
    const Written made = write_block(seed, 60);
    Bytes content = made.content;
    ASSERT_TRUE(lz4_is_of(made.block, content)) << seed;
    for (std::byte& byte : content) {
      byte ^= std::byte{0x10};
      EXPECT_FALSE(lz4_is_of(made.block, content)) << seed << ": " << &byte - content.data();
      byte ^= std::byte{0x10};
    }
    content.pop_back();
    EXPECT_FALSE(lz4_is_of(made.block, content)) << seed;
  }
}

// Cut anywhere it is not whole; damaged anywhere both say the same of it, and neither leaves the
// two ranges, which the sanitizers watch.
TEST(Lz4, damage_is_found_or_harmless) {
  const Written made = write_block(77, 4000);
  std::mt19937 random(1);
  for (int n = 0; n < 200; ++n) {
    const std::size_t at = random() % made.block.size();
    const Bytes cut(made.block.begin(), made.block.begin() + static_cast<std::ptrdiff_t>(at));
    Bytes damaged = made.block;
    damaged[at] ^= static_cast<std::byte>(1 << random() % 8);
    Bytes out[2] = {Bytes(made.content.size()), Bytes(made.content.size())};
    bool whole[2] = {};
    for (int i = 0; i < 2; ++i) {
      EXPECT_FALSE(kBoth[i](cut, out[i])) << at;
      whole[i] = kBoth[i](damaged, out[i]);
    }
    EXPECT_EQ(whole[0], whole[1]) << at;
    EXPECT_TRUE(!whole[0] || out[0] == out[1]) << at;
    EXPECT_FALSE(lz4_is_of(cut, made.content)) << at;
    EXPECT_EQ(lz4_is_of(damaged, made.content), whole[0] && out[0] == made.content) << at;
  }
}

}  // namespace
}  // namespace hyprelay::base
