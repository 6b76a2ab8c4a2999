// SPDX-License-Identifier: BSD-2-Clause
// Ranges and sets of ranges against an oracle that marks single bytes.
#include "base/range.hpp"

#include "base/range_set.hpp"

#include <gtest/gtest.h>

#include <bitset>
#include <random>

namespace hyprelay::base {
namespace {

constexpr std::uint64_t kSpace = 64;
using Oracle = std::bitset<kSpace>;

PhysRange make(std::uint64_t start, std::uint64_t end) {
  return *PhysRange::from_bounds(PhysAddr(start), PhysAddr(end));
}

Oracle bits(const PhysRange& range) {
  Oracle set;
  for (std::uint64_t a = range.start().raw(); a < range.end().raw(); ++a) {
    set.set(a);
  }
  return set;
}

Oracle bits(const RangeSet& ranges) {
  Oracle set;
  for (const PhysRange& r : ranges.ranges()) {
    set |= bits(r);
  }
  return set;
}

class RandomRange {
 public:
  explicit RandomRange(unsigned seed) : random_(seed) {}
  PhysRange operator()() {
    const std::uint64_t a = number(kSpace);
    const std::uint64_t b = number(kSpace);
    return make(std::min(a, b), std::max(a, b));
  }
  std::uint64_t number(std::uint64_t last) {
    return std::uniform_int_distribution<std::uint64_t>(0, last)(random_);
  }

 private:
  std::mt19937_64 random_;
};

TEST(PhysRange, refuses_reversed_bounds) {
  EXPECT_FALSE(PhysRange::from_bounds(PhysAddr(2), PhysAddr(1)));
  EXPECT_FALSE(PhysRange::from_inclusive(PhysAddr(2), PhysAddr(1)));
}

TEST(PhysRange, refuses_sizes_that_wrap) {
  EXPECT_FALSE(PhysRange::from_size(PhysAddr(~0ull), 2));
  EXPECT_FALSE(PhysRange::from_inclusive(PhysAddr(0), PhysAddr(~0ull)));
  EXPECT_TRUE(PhysRange::from_size(PhysAddr(~0ull), 0));
}

TEST(PhysRange, inclusive_end_belongs_to_the_range) {
  const auto range = PhysRange::from_inclusive(PhysAddr(0x40000000), PhysAddr(0x7fffffff));
  ASSERT_TRUE(range);
  EXPECT_EQ(range->size_bytes(), 0x40000000u);
  EXPECT_TRUE(range->contains(PhysAddr(0x7fffffff)));
  EXPECT_FALSE(range->contains(PhysAddr(0x80000000)));
}

TEST(PhysRange, agrees_with_the_oracle) {
  RandomRange random(1);
  for (int i = 0; i < 20000; ++i) {
    const PhysRange a = random();
    const PhysRange b = random();
    EXPECT_EQ(bits(a.intersection(b)), bits(a) & bits(b));
    EXPECT_EQ(a.overlaps(b), (bits(a) & bits(b)).any());
    EXPECT_EQ(a.contains(b), (bits(b) & ~bits(a)).none());
  }
}

TEST(PhysRange, widening_covers_and_aligns) {
  EXPECT_EQ(make(3, 9).widened_to(8), make(0, 16));
  EXPECT_EQ(make(8, 16).widened_to(8), make(8, 16));
}

TEST(RangeSet, agrees_with_the_oracle_under_random_edits) {
  RandomRange random(2);
  for (int round = 0; round < 500; ++round) {
    RangeSet set;
    Oracle oracle;
    for (int edit = 0; edit < 40; ++edit) {
      const PhysRange range = random();
      if (random.number(2) != 0) {
        set.add(range);
        oracle |= bits(range);
      } else {
        set.remove(range);
        oracle &= ~bits(range);
      }
      ASSERT_EQ(bits(set), oracle);
      ASSERT_EQ(set.size_bytes(), oracle.count());
      const PhysRange question = random();
      ASSERT_EQ(set.contains(question), (bits(question) & ~oracle).none());
      ASSERT_EQ(set.overlaps(question), (bits(question) & oracle).any());
    }
    for (std::size_t i = 1; i < set.ranges().size(); ++i) {
      ASSERT_LT(set.ranges()[i - 1].end(), set.ranges()[i].start()) << "sorted and not touching";
    }
  }
}

TEST(RangeSet, sets_of_many_agree_with_the_oracle) {
  RandomRange random(4);
  const auto some = [&] {
    std::vector<PhysRange> ranges;
    for (std::uint64_t n = random.number(8); n > 0; --n) {
      ranges.push_back(random());
    }
    return ranges;
  };
  for (int round = 0; round < 20000; ++round) {
    const std::vector<PhysRange> ranges = some();
    const RangeSet a = RangeSet::of(ranges);
    const RangeSet b = RangeSet::of(some());
    Oracle all;
    RangeSet one_by_one;
    for (const PhysRange& range : ranges) {
      all |= bits(range);
      one_by_one.add(range);
    }
    ASSERT_EQ(bits(a), all);
    ASSERT_EQ(a, one_by_one);
    ASSERT_EQ(bits(a.intersection(b)), bits(a) & bits(b));
    RangeSet left = a;
    left.remove(b);
    ASSERT_EQ(bits(left), bits(a) & ~bits(b));
    ASSERT_EQ(left, RangeSet::of({left.ranges().begin(), left.ranges().end()}))
        << "sorted and not touching";
  }
}

// All places by brute force; the set must name the first or the last of them.
std::vector<std::uint64_t> places(const Oracle& free, std::uint64_t size, std::uint64_t align,
                                  const PhysRange& within) {
  std::vector<std::uint64_t> found;
  for (std::uint64_t start = 0; start + size <= kSpace; start += align) {
    const PhysRange place = make(start, start + size);
    if (within.contains(place) && (bits(place) & ~free).none()) {
      found.push_back(start);
    }
  }
  return found;
}

TEST(RangeSet, holes_agree_with_the_oracle) {
  RandomRange random(3);
  for (int round = 0; round < 20000; ++round) {
    RangeSet set;
    for (int i = 0; i < 4; ++i) {
      set.add(random());
      set.remove(random());
    }
    const std::uint64_t size = 1 + random.number(15);
    const std::uint64_t align = 1ull << random.number(4);
    const PhysRange within = random();
    const std::vector<std::uint64_t> all = places(bits(set), size, align, within);
    const auto lowest = set.lowest_hole(size, align, within);
    const auto highest = set.highest_hole(size, align, within);
    ASSERT_EQ(lowest.has_value(), !all.empty());
    ASSERT_EQ(highest.has_value(), !all.empty());
    if (!all.empty()) {
      ASSERT_EQ(*lowest, make(all.front(), all.front() + size));
      ASSERT_EQ(*highest, make(all.back(), all.back() + size));
    }
  }
}

TEST(RangeSet, holes_do_not_wrap_at_the_top_of_the_address_space) {
  const RangeSet set{make(~0ull - 16, ~0ull)};
  EXPECT_FALSE(set.lowest_hole(8, 4096, make(0, ~0ull)));
  EXPECT_FALSE(set.highest_hole(64, 8, make(0, ~0ull)));
}

}  // namespace
}  // namespace hyprelay::base
