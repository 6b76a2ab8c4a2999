// SPDX-License-Identifier: BSD-2-Clause
// The identity map against a walker written from the architecture's description of a walk.
#include "relay/core/identity_map.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <random>
#include <vector>

namespace hyprelay::relay {
namespace {

struct Walked {
  std::uint64_t output;
  std::uint64_t attributes;
};

// [arm/ddi0487 D8.2, D8.3]: nine bits per level below bit 48, blocks at levels 1 and 2, pages at 3.
std::optional<Walked> walk(const std::uint64_t* table, unsigned first_level,
                           std::uint64_t address) {
  for (unsigned level = first_level; level <= 3; ++level) {
    const unsigned shift = 12 + 9 * (3 - level);
    const std::uint64_t entry = table[(address >> shift) & 0x1ff];
    if ((entry & 1) == 0) {
      return std::nullopt;
    }
    const std::uint64_t low = (std::uint64_t{1} << shift) - 1;
    const std::uint64_t output = entry & 0x0000fffffffff000;
    const bool is_table = (entry & 2) != 0 && level < 3;
    if (!is_table) {
      EXPECT_EQ((entry & 2) != 0, level == 3) << "descriptor type at level " << level;
      EXPECT_EQ(output & low, 0u) << "address bits below the size of the entry";
      return Walked{output | (address & low), entry & ~0x0000fffffffff000};
    }
    table = reinterpret_cast<const std::uint64_t*>(output);
  }
  return std::nullopt;
}

class Pool {
 public:
  explicit Pool(std::size_t tables) : tables_(tables), memory_(new Table[tables]()) {}
  IdentityMap map(unsigned bits, bool one_privilege = true) {
    return IdentityMap(memory_.get(), tables_, bits, one_privilege);
  }

 private:
  std::size_t tables_;
  std::unique_ptr<Table[]> memory_;
};

base::PhysRange range(std::uint64_t start, std::uint64_t size_bytes) {
  return *base::PhysRange::from_size(base::PhysAddr(start), size_bytes);
}

TEST(IdentityMap, maps_every_byte_of_a_range_and_no_other_page) {
  std::mt19937_64 random(1);
  for (int round = 0; round < 200; ++round) {
    const unsigned bits = round % 2 == 0 ? 32 : 48;
    const std::uint64_t start = random() % ((std::uint64_t{1} << bits) - 0x2000000);
    const std::uint64_t size = 1 + random() % 0x1ffffff;
    Pool pool(8);
    IdentityMap map = pool.map(bits);
    ASSERT_TRUE(map.map(range(start, size), Access::kReadOnly));
    const std::uint64_t first = start & ~std::uint64_t{0xfff};
    const std::uint64_t end = (start + size + 0xfff) & ~std::uint64_t{0xfff};
    const unsigned level = bits == 32 ? 1 : 0;
    for (std::uint64_t at = first; at < end; at += 0x1000) {
      const auto walked = walk(map.root(), level, at + 0x123);
      ASSERT_TRUE(walked);
      ASSERT_EQ(walked->output, at + 0x123);
    }
    EXPECT_FALSE(walk(map.root(), level, first - 1));
    if (end < std::uint64_t{1} << bits) {
      EXPECT_FALSE(walk(map.root(), level, end));
    }
  }
}

TEST(IdentityMap, uses_blocks_for_the_whole_megabytes) {
  Pool pool(8);
  IdentityMap map = pool.map(32);
  ASSERT_TRUE(map.map(range(0x401ff000, 0x4002000), Access::kReadOnly));
  // Level 1, level 2, and one level 3 at either edge: the rest are blocks.
  EXPECT_EQ(map.tables_used(), 4u);
}

struct AccessCase {
  Access access;
  bool writable;
  bool executable;
  bool device;
};

TEST(IdentityMap, gives_each_access_its_attributes_and_no_more) {
  constexpr AccessCase kCases[] = {{Access::kCode, false, true, false},
                                   {Access::kData, true, false, false},
                                   {Access::kReadOnly, false, false, false},
                                   {Access::kDevice, true, false, true}};
  // A page of level 3 and a block of level 2.
  constexpr std::uint64_t kSizes[] = {0x1000, 0x200000};
  for (const bool one_privilege : {false, true}) {
    for (const AccessCase& c : kCases) {
      for (const std::uint64_t size : kSizes) {
        Pool pool(8);
        IdentityMap map = pool.map(48, one_privilege);
        ASSERT_TRUE(map.map(range(0x200000, size), c.access));
        const std::uint64_t attributes = walk(map.root(), 0, 0x200000)->attributes;
        EXPECT_EQ((attributes >> 7 & 1) == 0, c.writable);
        EXPECT_EQ((attributes >> 54 & 1) == 0, c.executable) << "XN, UXN at EL1";
        EXPECT_EQ(attributes >> 53 & 1, !one_privilege && !c.executable ? 1u : 0u)
            << "PXN, reserved at EL2";
        EXPECT_EQ(attributes >> 2 & 7, c.device ? 1u : 0u) << "index of MAIR";
        EXPECT_EQ(attributes >> 6 & 1, one_privilege ? 1u : 0u) << "AP[1]";
        EXPECT_EQ(attributes >> 10 & 1, 1u) << "the access flag: without it every access faults";
        EXPECT_EQ(attributes >> 8 & 3, c.device ? 0u : 3u) << "inner shareable";
      }
    }
  }
}

TEST(IdentityMap, refuses_what_does_not_fit) {
  Pool small(3);
  IdentityMap full = small.map(48);
  EXPECT_FALSE(full.map(range(0x1000, 0x1000), Access::kReadOnly))
      << "three levels need four tables";

  Pool pool(8);
  IdentityMap map = pool.map(32);
  EXPECT_FALSE(map.map(range(0xfffff000, 0x1001), Access::kReadOnly)) << "beyond 4 GiB";
  EXPECT_TRUE(map.map(range(0xfffff000, 0x1000), Access::kReadOnly));
}

TEST(IdentityMap, refuses_one_page_with_two_meanings) {
  Pool pool(8);
  IdentityMap map = pool.map(32);
  ASSERT_TRUE(map.map(range(0x40000000, 0x200000), Access::kReadOnly));
  EXPECT_TRUE(map.map(range(0x40000000, 0x200000), Access::kReadOnly)) << "the same again";
  EXPECT_FALSE(map.map(range(0x40000000, 0x200000), Access::kData));
  EXPECT_FALSE(map.map(range(0x40001000, 0x1000), Access::kReadOnly)) << "inside a block";
}

TEST(IdentityMap, shows_pages_elsewhere_when_asked) {
  Pool pool(8);
  IdentityMap map = pool.map(32, true);
  ASSERT_TRUE(map.map(range(0x7ffd4000, 0x3000), Access::kCode));
  // Across the end of a page: both pages, at the same distance.
  ASSERT_TRUE(map.map_at(0xc0208ff4, range(0x40208ff4, 0x38), Access::kCode));
  for (const std::uint64_t page : {0u, 0x1000u}) {
    const auto seen = walk(map.root(), 1, 0xc0208000 + page);
    ASSERT_TRUE(seen.has_value());
    EXPECT_EQ(seen->output, 0x40208000 + page);
    EXPECT_EQ(seen->attributes >> 54 & 1, 0u);
  }
  EXPECT_FALSE(walk(map.root(), 1, 0xc020a000).has_value());
  EXPECT_FALSE(walk(map.root(), 1, 0x40208000).has_value()) << "only where it was asked for";
  EXPECT_FALSE(map.map_at(0xc0300004, range(0x40300008, 4), Access::kCode)) << "another offset";
  EXPECT_FALSE(map.map_at(0x7ffd4000, range(0x40300000, 4), Access::kCode)) << "taken";
  EXPECT_FALSE(map.map_at(0xffffff00, range(0x40300f00, 0x200), Access::kCode)) << "beyond 4 GiB";
}

TEST(IdentityMap, maps_nothing_for_an_empty_range) {
  Pool pool(2);
  IdentityMap map = pool.map(48);
  EXPECT_TRUE(map.map(base::PhysRange(), Access::kDevice));
  EXPECT_EQ(map.tables_used(), 1u);
}

}  // namespace
}  // namespace hyprelay::relay
