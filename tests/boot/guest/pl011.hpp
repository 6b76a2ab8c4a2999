// SPDX-License-Identifier: BSD-2-Clause
// As much of a PL011 as a guest's console needs: what it sends is collected, nothing is received.
// [arm/ddi0183: PrimeCell UART (PL011) Technical Reference Manual, chapter 3]
#pragma once

#include <cstdint>
#include <string>

namespace hyprelay::boot_guest {

class Pl011 {
 public:
  static constexpr std::uint64_t kBytes = 0x1000;

  // Registers by their offset. A register that is not there reads as 0 and keeps nothing.
  std::uint32_t read(std::uint64_t offset) const;
  void write(std::uint64_t offset, std::uint32_t value);
  // The level of the one interrupt line.
  bool interrupts() const { return (raised_ & mask_) != 0; }
  // What was sent since the last call.
  std::string take_sent();

 private:
  std::uint32_t raised_ = 0;
  std::uint32_t mask_ = 0;
  std::uint32_t control_ = 0;
  std::uint32_t line_control_ = 0;
  std::string sent_;
};

}  // namespace hyprelay::boot_guest
