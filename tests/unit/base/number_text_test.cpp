// SPDX-License-Identifier: BSD-2-Clause
#include "base/number_text.hpp"

#include <gtest/gtest.h>

#include <array>
#include <limits>

namespace hyprelay::base {
namespace {

TEST(NumberText, EveryNumberIsReadAsItWasWritten) {
  constexpr std::uint64_t kLast = std::numeric_limits<std::uint64_t>::max();
  for (const std::uint64_t number : {std::uint64_t{0}, std::uint64_t{0x40000000}, kLast}) {
    EXPECT_EQ(parse_number(hex(number)), number);
    EXPECT_EQ(parse_number(std::to_string(number)), number);
  }
  EXPECT_EQ(hex(0x4000beef), "0x4000beef");
  EXPECT_EQ(hex(PhysAddr(kLast)), "0xffffffffffffffff");
}

TEST(NumberText, WhatIsNoNumberIsNone) {
  for (const char* text :
       {"", "0x", "-1", "+1", " 1", "1 ", "12k", "0x1g", "0x0x1", "18446744073709551616"}) {
    EXPECT_FALSE(parse_number(text)) << '"' << text << '"';
  }
}

TEST(NumberText, BytesAreTwoDigitsEach) {
  constexpr std::array kBytes = {std::byte{0x00}, std::byte{0x0f}, std::byte{0xf0},
                                 std::byte{0xff}};
  EXPECT_EQ(hex_bytes(kBytes), "000ff0ff");
  EXPECT_EQ(hex_bytes({}), "");
}

}  // namespace
}  // namespace hyprelay::base
