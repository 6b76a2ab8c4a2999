// SPDX-License-Identifier: BSD-2-Clause
// Half-open ranges of physical memory. Environment: everywhere, also freestanding.
#pragma once

#include "base/address.hpp"

#include <algorithm>
#include <optional>

namespace hyprelay::base {

// [start, end): start belongs to the range, end does not. Empty when start == end. The last byte
// of the 64-bit address space can therefore not be in a range; no machine has memory there.
class PhysRange {
 public:
  constexpr PhysRange() = default;

  // nullopt when end < start.
  static constexpr std::optional<PhysRange> from_bounds(PhysAddr start, PhysAddr end) {
    if (end < start) {
      return std::nullopt;
    }
    return PhysRange(start, end);
  }
  // nullopt when start + size_bytes does not fit 64 bits.
  static constexpr std::optional<PhysRange> from_size(PhysAddr start, std::uint64_t size_bytes) {
    return from_bounds(start, start + size_bytes);
  }
  // [first, last], the way /proc/iomem writes it. nullopt when reversed or at the top of 64 bits.
  static constexpr std::optional<PhysRange> from_inclusive(PhysAddr first, PhysAddr last) {
    if (last < first || last + 1 == PhysAddr(0)) {
      return std::nullopt;
    }
    return PhysRange(first, last + 1);
  }

  constexpr PhysAddr start() const { return start_; }
  constexpr PhysAddr end() const { return end_; }
  constexpr std::uint64_t size_bytes() const { return end_ - start_; }
  constexpr bool empty() const { return start_ == end_; }

  constexpr bool contains(PhysAddr a) const { return start_ <= a && a < end_; }
  constexpr bool contains(const PhysRange& r) const {
    return r.empty() || (start_ <= r.start_ && r.end_ <= end_);
  }
  // An empty range overlaps nothing.
  constexpr bool overlaps(const PhysRange& r) const { return !intersection(r).empty(); }
  constexpr PhysRange intersection(const PhysRange& r) const {
    const PhysAddr start = std::max(start_, r.start_);
    const PhysAddr end = std::min(end_, r.end_);
    return start < end ? PhysRange(start, end) : PhysRange();
  }
  // The smallest range that contains this one and only whole units of a power of two.
  constexpr PhysRange widened_to(std::uint64_t align) const {
    return PhysRange(start_.align_down(align), end_.align_up(align));
  }

  constexpr bool operator==(const PhysRange&) const = default;

 private:
  constexpr PhysRange(PhysAddr start, PhysAddr end) : start_(start), end_(end) {}

  PhysAddr start_;
  PhysAddr end_;
};

}  // namespace hyprelay::base
