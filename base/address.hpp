// SPDX-License-Identifier: BSD-2-Clause
// Physical addresses as a type of their own: an address and a size do not mix by accident.
// Environment: everywhere, also freestanding.
#pragma once

#include <compare>
#include <cstdint>

namespace hyprelay::base {

// True for 1, 2, 4, ...
constexpr bool is_power_of_two(std::uint64_t n) {
  return n != 0 && (n & (n - 1)) == 0;
}

// Rounds to a multiple of a power of two. align_up wraps to 0 at the top of the number range.
constexpr std::uint64_t align_down(std::uint64_t n, std::uint64_t align) {
  return n & ~(align - 1);
}
constexpr std::uint64_t align_up(std::uint64_t n, std::uint64_t align) {
  return align_down(n + (align - 1), align);
}

// A physical address as the CPU's bus sees it, in bytes.
class PhysAddr {
 public:
  constexpr PhysAddr() = default;
  constexpr explicit PhysAddr(std::uint64_t raw) : raw_(raw) {}

  constexpr std::uint64_t raw() const { return raw_; }
  constexpr bool is_aligned(std::uint64_t align) const { return (raw_ & (align - 1)) == 0; }
  constexpr PhysAddr align_down(std::uint64_t align) const {
    return PhysAddr(base::align_down(raw_, align));
  }
  constexpr PhysAddr align_up(std::uint64_t align) const {
    return PhysAddr(base::align_up(raw_, align));
  }

  constexpr auto operator<=>(const PhysAddr&) const = default;

  // Moving by a number of bytes, and the number of bytes between two addresses.
  friend constexpr PhysAddr operator+(PhysAddr a, std::uint64_t bytes) {
    return PhysAddr(a.raw_ + bytes);
  }
  friend constexpr PhysAddr operator-(PhysAddr a, std::uint64_t bytes) {
    return PhysAddr(a.raw_ - bytes);
  }
  friend constexpr std::uint64_t operator-(PhysAddr a, PhysAddr b) { return a.raw_ - b.raw_; }

 private:
  std::uint64_t raw_ = 0;
};

}  // namespace hyprelay::base
