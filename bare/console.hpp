// SPDX-License-Identifier: BSD-2-Clause
// The voice of a bare program: a UART that firmware or the kernel before has set up, and a log in
// memory.
#pragma once

#include "abi/hr_abi.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace hyprelay::bare {

// A transmitter without interrupts. Every wait is bounded: a UART without clock or power costs its
// bound once and is silent from then on.
class Uart {
 public:
  constexpr Uart() = default;
  // A row of console.def; anything unusable in the arguments makes a silent console.
  Uart(std::uint32_t kind, std::uint64_t base, std::uint32_t shift, std::uint32_t width);

  void put(char c);
  // Waits until the last character has left the chip, as a reset would cut it off.
  void drain();

  // First byte and size of the registers, for the identity map; size 0: none.
  std::uint64_t base() const { return base_; }
  std::uint64_t size_bytes() const { return kind_ == HR_CONSOLE_NONE ? 0 : 0x100; }

 private:
  std::uint32_t read(std::uint32_t index) const;
  void write(std::uint32_t index, std::uint32_t value);
  bool wait(std::uint32_t index, std::uint32_t mask, std::uint32_t wanted);

  std::uint32_t kind_ = HR_CONSOLE_NONE;
  std::uint32_t shift_ = 0;
  std::uint32_t width_ = 0;
  std::uint64_t base_ = 0;
};

// Text that outlives the program: NUL terminated, the front kept when it is full.
class Log {
 public:
  constexpr Log() = default;
  explicit Log(std::span<char> memory) : memory_(memory) {}
  void put(char c);

 private:
  std::span<char> memory_;
  std::size_t used_ = 0;
};

// Numbers that are printed in another base than ten.
struct Hex {
  std::uint64_t value;
};
struct HexBytes {
  std::span<const std::byte> bytes;
};

// Where sentences go: both places, newline as CR LF on the wire, unless the wire is to be spared
// them.
class Voice {
 public:
  constexpr Voice() = default;
  Voice(Uart uart, Log log) : uart_(uart), log_(log) {}

  Voice& operator<<(std::string_view text);
  Voice& operator<<(std::uint64_t number);
  Voice& operator<<(Hex number);
  Voice& operator<<(HexBytes bytes);

  Uart& uart() { return uart_; }
  // True: what follows goes to the log alone. A character costs 87 us at 115200 baud.
  void spare_wire(bool spared) { spared_ = spared; }

 private:
  void put(char c);

  Uart uart_;
  Log log_;
  bool spared_ = false;
};

}  // namespace hyprelay::bare
