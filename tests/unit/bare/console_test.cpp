// SPDX-License-Identifier: BSD-2-Clause
// The UART drivers on registers that are plain memory, numbers, and the log.
#include "bare/console.hpp"

#include <gtest/gtest.h>

#include <array>
#include <string>

namespace hyprelay::bare {
namespace {

struct alignas(256) Registers {
  std::uint8_t bytes[0x100] = {};
  std::uint64_t base() const { return reinterpret_cast<std::uintptr_t>(bytes); }
};

std::string logged(void (*say)(Voice&)) {
  std::array<char, 256> memory{};
  Voice voice{Uart(), Log(memory)};
  say(voice);
  return memory.data();
}

TEST(Voice, writes_decimal_numbers) {
  EXPECT_EQ(logged([](Voice& v) { v << std::uint64_t{0}; }), "0");
  EXPECT_EQ(logged([](Voice& v) { v << std::uint64_t{10}; }), "10");
  EXPECT_EQ(logged([](Voice& v) { v << std::uint64_t{1234567890123}; }), "1234567890123");
  EXPECT_EQ(logged([](Voice& v) { v << ~std::uint64_t{0}; }), "18446744073709551615");
}

TEST(Voice, writes_hexadecimal_numbers_and_bytes) {
  EXPECT_EQ(logged([](Voice& v) { v << Hex{0}; }), "0x0");
  EXPECT_EQ(logged([](Voice& v) { v << Hex{0x40008000}; }), "0x40008000");
  EXPECT_EQ(logged([](Voice& v) { v << Hex{~std::uint64_t{0}}; }), "0xffffffffffffffff");
  EXPECT_EQ(logged([](Voice& v) {
              const std::array bytes{std::byte{0x0a}, std::byte{0xf0}};
              v << HexBytes{bytes};
            }),
            "0af0");
}

TEST(Log, keeps_the_front_and_stays_terminated) {
  std::array<char, 5> memory{'x', 'x', 'x', 'x', 'x'};
  Log log{std::span<char>(memory).first(4)};
  for (const char c : {'a', 'b', 'c', 'd', 'e'}) {
    log.put(c);
  }
  EXPECT_STREQ(memory.data(), "abc");
  EXPECT_EQ(memory[4], 'x');
}

TEST(Uart, pl011_writes_the_data_register) {
  Registers registers;
  Uart uart(HR_CONSOLE_PL011, registers.base(), 2, 4);
  EXPECT_EQ(uart.size_bytes(), 0x100u);
  uart.put('A');
  uart.drain();
  EXPECT_EQ(registers.bytes[0], 'A');
}

TEST(Uart, ns16550_finds_its_registers_by_shift_and_width) {
  for (const unsigned shift : {0u, 1u, 2u}) {
    for (const unsigned width : {1u, 4u}) {
      if (width == 4 && shift < 2) {
        continue;
      }
      Registers registers;
      registers.bytes[5u << shift] = 0x60;
      Uart uart(HR_CONSOLE_NS16550, registers.base(), shift, width);
      uart.put('B');
      uart.drain();
      EXPECT_EQ(registers.bytes[0], 'B') << shift << " " << width;
      EXPECT_EQ(uart.size_bytes(), 0x100u);
    }
  }
}

TEST(Uart, a_dead_one_is_given_up) {
  Registers registers;
  Uart uart(HR_CONSOLE_NS16550, registers.base(), 2, 4);
  uart.put('B');
  EXPECT_EQ(registers.bytes[0], 0);
  EXPECT_EQ(uart.size_bytes(), 0u) << "silent from now on";
}

TEST(Uart, nonsense_makes_no_console) {
  Registers registers;
  const std::uint64_t base = registers.base();
  EXPECT_EQ(Uart(0, base, 0, 1).size_bytes(), 0u);
  EXPECT_EQ(Uart(77, base, 0, 1).size_bytes(), 0u);
  EXPECT_EQ(Uart(HR_CONSOLE_PL011, 0, 0, 4).size_bytes(), 0u);
  EXPECT_EQ(Uart(HR_CONSOLE_PL011, base, 0, 0).size_bytes(), 0u);
  EXPECT_EQ(Uart(HR_CONSOLE_PL011, base, 0, 2).size_bytes(), 0u);
  EXPECT_EQ(Uart(HR_CONSOLE_PL011, base + 2, 0, 4).size_bytes(), 0u);
  EXPECT_EQ(Uart(HR_CONSOLE_NS16550, base, 0, 4).size_bytes(), 0u) << "words at byte spacing";
  EXPECT_EQ(Uart(HR_CONSOLE_NS16550, base, 33, 1).size_bytes(), 0u);
}

}  // namespace
}  // namespace hyprelay::bare
