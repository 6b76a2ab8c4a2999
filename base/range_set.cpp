// SPDX-License-Identifier: BSD-2-Clause
#include "base/range_set.hpp"

#include <algorithm>

namespace hyprelay::base {
namespace {

PhysRange range_of(PhysAddr start, PhysAddr end) {
  return PhysRange::from_bounds(start, end).value_or(PhysRange());
}

}  // namespace

RangeSet::RangeSet(std::initializer_list<PhysRange> ranges) {
  for (const PhysRange& range : ranges) {
    add(range);
  }
}

void RangeSet::add(const PhysRange& range) {
  if (range.empty()) {
    return;
  }
  PhysAddr start = range.start();
  PhysAddr end = range.end();
  std::vector<PhysRange> merged;
  auto it = ranges_.begin();
  for (; it != ranges_.end() && it->end() < start; ++it) {
    merged.push_back(*it);
  }
  for (; it != ranges_.end() && it->start() <= end; ++it) {
    start = std::min(start, it->start());
    end = std::max(end, it->end());
  }
  merged.push_back(range_of(start, end));
  merged.insert(merged.end(), it, ranges_.end());
  ranges_ = std::move(merged);
}

void RangeSet::remove(const PhysRange& range) {
  std::vector<PhysRange> left;
  for (const PhysRange& r : ranges_) {
    if (!r.overlaps(range)) {
      left.push_back(r);
      continue;
    }
    if (r.start() < range.start()) {
      left.push_back(range_of(r.start(), range.start()));
    }
    if (range.end() < r.end()) {
      left.push_back(range_of(range.end(), r.end()));
    }
  }
  ranges_ = std::move(left);
}

void RangeSet::remove(const RangeSet& other) {
  for (const PhysRange& r : other.ranges_) {
    remove(r);
  }
}

bool RangeSet::contains(const PhysRange& range) const {
  return range.empty() ||
         std::ranges::any_of(ranges_, [&](const PhysRange& r) { return r.contains(range); });
}

bool RangeSet::overlaps(const PhysRange& range) const {
  return std::ranges::any_of(ranges_, [&](const PhysRange& r) { return r.overlaps(range); });
}

std::uint64_t RangeSet::size_bytes() const {
  std::uint64_t sum = 0;
  for (const PhysRange& r : ranges_) {
    sum += r.size_bytes();
  }
  return sum;
}

std::optional<PhysRange> RangeSet::lowest_hole(std::uint64_t size_bytes, std::uint64_t align,
                                               const PhysRange& within) const {
  for (const PhysRange& r : ranges_) {
    const PhysRange room = r.intersection(within);
    const PhysAddr start = room.start().align_up(align);
    if (start >= room.start() && start < room.end() && room.end() - start >= size_bytes) {
      return PhysRange::from_size(start, size_bytes);
    }
  }
  return std::nullopt;
}

std::optional<PhysRange> RangeSet::highest_hole(std::uint64_t size_bytes, std::uint64_t align,
                                                const PhysRange& within) const {
  for (auto it = ranges_.rbegin(); it != ranges_.rend(); ++it) {
    const PhysRange room = it->intersection(within);
    if (room.size_bytes() < size_bytes) {
      continue;
    }
    const PhysAddr start = (room.end() - size_bytes).align_down(align);
    if (start >= room.start()) {
      return PhysRange::from_size(start, size_bytes);
    }
  }
  return std::nullopt;
}

}  // namespace hyprelay::base
