// SPDX-License-Identifier: BSD-2-Clause
// Sets of physical memory. Environment: hosted (std::vector).
#pragma once

#include "base/range.hpp"

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <vector>

namespace hyprelay::base {

// A set of addresses kept as sorted, disjoint, non-touching, non-empty half-open ranges. A machine
// may name a hundred thousand of them: what takes many at once is O(n log n), what takes two sets
// O(n + m). One range is found in O(log n), and moves what lies behind it: not to be done n times.
class RangeSet {
 public:
  RangeSet() = default;
  RangeSet(std::initializer_list<PhysRange> ranges);
  // All of them, in any order, overlapping or not.
  static RangeSet of(std::vector<PhysRange> ranges);

  void add(const PhysRange& range);
  void remove(const PhysRange& range);
  void remove(const RangeSet& other);
  // What is in both.
  RangeSet intersection(const RangeSet& other) const;

  bool contains(const PhysRange& range) const;
  bool overlaps(const PhysRange& range) const;
  std::span<const PhysRange> ranges() const { return ranges_; }
  bool empty() const { return ranges_.empty(); }
  std::uint64_t size_bytes() const;

  // The lowest (highest) place of size_bytes bytes in the set that starts at a multiple of align
  // (a power of two) and lies inside `within`. nullopt when there is none. size_bytes > 0.
  std::optional<PhysRange> lowest_hole(std::uint64_t size_bytes, std::uint64_t align,
                                       const PhysRange& within) const;
  std::optional<PhysRange> highest_hole(std::uint64_t size_bytes, std::uint64_t align,
                                        const PhysRange& within) const;

  bool operator==(const RangeSet&) const = default;

 private:
  // The ranges that meet the given one, which is not empty.
  std::span<const PhysRange> near(const PhysRange& range) const;

  std::vector<PhysRange> ranges_;
};

}  // namespace hyprelay::base
