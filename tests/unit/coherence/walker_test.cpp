// SPDX-License-Identifier: BSD-2-Clause
// Translation tables of each format, written by hand from the manuals.
#include "coherence/walker.hpp"

#include <gtest/gtest.h>

#include <map>

namespace hyprelay::coherence {
namespace {

struct Tables {
  std::map<uint64_t, uint64_t> words;
  Memory memory() const {
    return [this](uint64_t pa, unsigned) -> std::optional<uint64_t> {
      const auto found = words.find(pa);
      return found == words.end() ? 0 : found->second;
    };
  }
};

TEST(Walker, el2_of_arm64_with_pages) {
  Tables tables;
  tables.words[0x40001008] = 0x40002003;          // level 1, 1 GiB at 0x40000000: a table
  tables.words[0x40002000] = 0x40003003;          // level 2
  tables.words[0x40003028] = 0x0040000048000707;  // level 3, page 5: Device (1), XN
  tables.words[0x40002008] = 0x0000000040200701;  // level 2, block: write-back (0)
  const Regime regime{.two_halves = false,
                      .el = 2,
                      .sctlr = 0x1005,
                      .ttbr0 = 0x40001000,
                      .tcr = 0x3519,
                      .mair = 0x00ff,
                      .hcr = 0};
  const auto page = translate(regime, tables.memory(), 0x40005123);
  ASSERT_TRUE(page);
  EXPECT_EQ(page->pa, 0x48000000u);
  EXPECT_EQ(page->size, 0x1000u);
  EXPECT_TRUE(page->device);
  EXPECT_FALSE(page->executable);
  const auto block = translate(regime, tables.memory(), 0x40212345);
  ASSERT_TRUE(block);
  EXPECT_EQ(block->pa, 0x40200000u);
  EXPECT_EQ(block->size, 0x200000u);
  EXPECT_TRUE(block->cached);
  EXPECT_TRUE(block->executable);
  EXPECT_FALSE(translate(regime, tables.memory(), 0x40400000));
}

// A block of a GiB by level 1, of the lower half at PL1 and EL1.
bool is_executable(bool arm64, uint64_t never) {
  Tables tables;
  tables.words[0x50000008] = 0x40000401 | never;
  const Regime regime{.arm64 = arm64,
                      .el = 1,
                      .sctlr = 0x1005,
                      .ttbr0 = 0x50000000,
                      .tcr = arm64 ? 25U : 0x80000000U,
                      .mair = 0xff};
  const auto leaf = translate(regime, tables.memory(), 0x40000000);
  return leaf && leaf->executable;
}

TEST(Walker, xn_is_the_users_on_arm64_and_everybodys_on_arm) {
  constexpr uint64_t kXn = uint64_t{1} << 54;
  constexpr uint64_t kPxn = uint64_t{1} << 53;
  for (const bool arm64 : {false, true}) {
    EXPECT_TRUE(is_executable(arm64, 0));
    EXPECT_FALSE(is_executable(arm64, kPxn));
    EXPECT_EQ(is_executable(arm64, kXn), arm64);
  }
}

TEST(Walker, the_upper_half_of_el1) {
  Tables tables;
  // T1SZ 16: 48 bits, level 0; entry 511, then a block of 1 GiB.
  tables.words[0x50000ff8] = 0x50001003;
  tables.words[0x50001ff8] = 0x40000405;  // uncached (1)
  const Regime regime{.sctlr = 0x1005, .ttbr1 = 0x50000000, .tcr = 0x80100010, .mair = 0x44ff};
  const auto leaf = translate(regime, tables.memory(), 0xffffffffc0000010);
  ASSERT_TRUE(leaf);
  EXPECT_EQ(leaf->pa, 0x40000000u);
  EXPECT_FALSE(leaf->cached);
  EXPECT_FALSE(leaf->device);
}

TEST(Walker, short_descriptors_with_and_without_remap) {
  Tables tables;
  tables.words[0x40004000 + 4 * 0x400] = 0x4000040e;  // section, TEX 0, C and B: write-back
  tables.words[0x40004000 + 4 * 0x401] = 0x40010001;  // a table of pages
  tables.words[0x40010000 + 4 * 3] = 0x40123006;      // a small page: B, Device without remap
  Regime regime{.arm64 = false, .is_short = true, .sctlr = 0x1005, .ttbr0 = 0x40004000};
  const auto section = translate(regime, tables.memory(), 0x40000abc);
  ASSERT_TRUE(section);
  EXPECT_EQ(section->pa, 0x40000000u);
  EXPECT_TRUE(section->cached);
  const auto page = translate(regime, tables.memory(), 0x40103abc);
  ASSERT_TRUE(page);
  EXPECT_EQ(page->pa, 0x40123000u);
  EXPECT_TRUE(page->device);
  // Linux's PRRR and NMRR: index 1 is Normal uncached, 3 write-back.
  regime.sctlr |= 1U << 28;
  regime.mair = uint64_t{0x40e040e0} << 32 | 0xff0a81a8;
  EXPECT_TRUE(translate(regime, tables.memory(), 0x40000abc)->cached);
  EXPECT_FALSE(translate(regime, tables.memory(), 0x40103abc)->device);
  EXPECT_FALSE(translate(regime, tables.memory(), 0x40103abc)->cached);
}

TEST(Walker, all_that_is_mapped_and_no_more_than_asked) {
  Tables tables;
  tables.words[0x40001008] = 0x40000701;
  tables.words[0x40001010] = 0x80000701;
  const Regime regime{.two_halves = false,
                      .el = 2,
                      .sctlr = 0x1005,
                      .ttbr0 = 0x40001000,
                      .tcr = 0x3519,
                      .mair = 0xff};
  unsigned leaves = 0;
  const LeafVisitor count = [&](const Leaf&) { leaves++; };
  EXPECT_TRUE(walk_all(regime, tables.memory(), 1000, nullptr, count));
  EXPECT_EQ(leaves, 2u);
  leaves = 0;
  EXPECT_FALSE(walk_all(regime, tables.memory(), 2, nullptr, count));
  EXPECT_EQ(leaves, 1u);
}

}  // namespace
}  // namespace hyprelay::coherence
