// SPDX-License-Identifier: BSD-2-Clause
#include "base/range_set.hpp"

#include <algorithm>

namespace hyprelay::base {
namespace {

PhysRange range_of(PhysAddr start, PhysAddr end) {
  return PhysRange::from_bounds(start, end).value_or(PhysRange());
}

}  // namespace

RangeSet::RangeSet(std::initializer_list<PhysRange> ranges) : RangeSet(of(ranges)) {}

RangeSet RangeSet::of(std::vector<PhysRange> ranges) {
  std::ranges::sort(ranges, {}, &PhysRange::start);
  RangeSet set;
  for (const PhysRange& range : ranges) {
    if (range.empty()) {
      continue;
    }
    if (set.ranges_.empty() || set.ranges_.back().end() < range.start()) {
      set.ranges_.push_back(range);
    } else {
      PhysRange& last = set.ranges_.back();
      last = range_of(last.start(), std::max(last.end(), range.end()));
    }
  }
  return set;
}

void RangeSet::add(const PhysRange& range) {
  if (range.empty()) {
    return;
  }
  // What overlaps or touches.
  const auto first = std::ranges::lower_bound(ranges_, range.start(), {}, &PhysRange::end);
  const auto last = std::ranges::upper_bound(ranges_, range.end(), {}, &PhysRange::start);
  if (first >= last) {
    ranges_.insert(first, range);
    return;
  }
  *first = range_of(std::min(range.start(), first->start()),
                    std::max(range.end(), std::prev(last)->end()));
  ranges_.erase(std::next(first), last);
}

void RangeSet::remove(const PhysRange& range) {
  const auto first = std::ranges::upper_bound(ranges_, range.start(), {}, &PhysRange::end);
  const auto last = std::ranges::lower_bound(ranges_, range.end(), {}, &PhysRange::start);
  if (range.empty() || first >= last) {
    return;
  }
  const PhysRange before = range_of(first->start(), range.start());
  const PhysRange behind = range_of(range.end(), std::prev(last)->end());
  auto at = ranges_.erase(first, last);
  for (const PhysRange& left : {behind, before}) {
    if (!left.empty()) {
      at = ranges_.insert(at, left);
    }
  }
}

void RangeSet::remove(const RangeSet& other) {
  if (other.empty()) {
    return;
  }
  std::vector<PhysRange> left;
  left.reserve(ranges_.size() + other.ranges_.size());
  auto cut = other.ranges_.begin();
  for (const PhysRange& r : ranges_) {
    PhysAddr at = r.start();
    for (; cut != other.ranges_.end() && cut->start() < r.end(); ++cut) {
      if (at < cut->start()) {
        left.push_back(range_of(at, cut->start()));
      }
      at = std::max(at, cut->end());
      if (r.end() < cut->end()) {
        break;  // It may cut the next range as well.
      }
    }
    if (at < r.end()) {
      left.push_back(range_of(at, r.end()));
    }
  }
  ranges_ = std::move(left);
}

RangeSet RangeSet::intersection(const RangeSet& other) const {
  RangeSet both;
  auto a = ranges_.begin();
  auto b = other.ranges_.begin();
  while (a != ranges_.end() && b != other.ranges_.end()) {
    const PhysRange piece = a->intersection(*b);
    if (!piece.empty()) {
      both.ranges_.push_back(piece);
    }
    (a->end() < b->end() ? a : b)++;
  }
  return both;
}

std::span<const PhysRange> RangeSet::near(const PhysRange& range) const {
  const auto first = std::ranges::upper_bound(ranges_, range.start(), {}, &PhysRange::end);
  const auto last = std::ranges::lower_bound(ranges_, range.end(), {}, &PhysRange::start);
  return first < last ? std::span<const PhysRange>(first, last) : std::span<const PhysRange>();
}

bool RangeSet::contains(const PhysRange& range) const {
  return range.empty() ||
         std::ranges::any_of(near(range), [&](const PhysRange& r) { return r.contains(range); });
}

bool RangeSet::overlaps(const PhysRange& range) const {
  return !range.empty() && !near(range).empty();
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
  for (const PhysRange& r : near(within)) {
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
  const std::span<const PhysRange> candidates = near(within);
  for (auto it = candidates.rbegin(); it != candidates.rend(); ++it) {
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
