// SPDX-License-Identifier: BSD-2-Clause
#include "base/number_text.hpp"

#include <gtest/gtest.h>

#include <array>
#include <limits>

namespace hyprelay::base {
namespace {

TEST(NumberText, every_number_is_read_as_it_was_written) {
  constexpr std::uint64_t kLast = std::numeric_limits<std::uint64_t>::max();
  for (const std::uint64_t number : {std::uint64_t{0}, std::uint64_t{0x40000000}, kLast}) {
    EXPECT_EQ(parse_number(hex(number)), number);
    EXPECT_EQ(parse_number(std::to_string(number)), number);
  }
  EXPECT_EQ(hex(0x4000beef), "0x4000beef");
  EXPECT_EQ(hex(PhysAddr(kLast)), "0xffffffffffffffff");
}

TEST(NumberText, what_is_no_number_is_none) {
  for (const char* text :
       {"", "0x", "-1", "+1", " 1", "1 ", "12k", "0x1g", "0x0x1", "18446744073709551616"}) {
    EXPECT_FALSE(parse_number(text)) << '"' << text << '"';
  }
}

TEST(NumberText, a_number_has_its_limit) {
  EXPECT_EQ(parse_number<std::uint32_t>("4294967295"), 0xffffffffu);
  EXPECT_FALSE(parse_number<std::uint32_t>("4294967296"));
  EXPECT_EQ(parse_number("31", 31u), 31u);
  EXPECT_FALSE(parse_number("32", 31u));
}

TEST(NumberText, digits_are_taken_off_the_front) {
  std::string_view text = "40000000-7fffffff : System RAM";
  EXPECT_EQ(take_number(text, 16), 0x40000000u);
  EXPECT_EQ(text, "-7fffffff : System RAM");
  EXPECT_FALSE(take_number(text, 16));
  EXPECT_EQ(text, "-7fffffff : System RAM");
}

TEST(NumberText, sizes_for_people) {
  EXPECT_EQ(size_text(0), "0 B");
  EXPECT_EQ(size_text(1023), "1023 B");
  EXPECT_EQ(size_text(1024), "1.0 KiB");
  EXPECT_EQ(size_text(5 * 1024 * 1024 + 512 * 1024), "5.5 MiB");
  EXPECT_EQ(size_text(std::uint64_t{3} << 30), "3.0 GiB");
  EXPECT_EQ(size_text((1 << 20) + 1, Round::kUp), "2 MiB");
  EXPECT_EQ(size_text((2 << 20) - 1, Round::kDown), "1 MiB");
}

TEST(NumberText, bytes_are_two_digits_each) {
  constexpr std::array kBytes = {std::byte{0x00}, std::byte{0x0f}, std::byte{0xf0},
                                 std::byte{0xff}};
  EXPECT_EQ(hex_bytes(kBytes), "000ff0ff");
  EXPECT_EQ(hex_bytes({}), "");
}

TEST(ParseSize, reads_what_command_lines_say_and_nothing_else) {
  EXPECT_EQ(parse_size("256M"), 0x10000000u);
  EXPECT_EQ(parse_size("0x10m"), 0x1000000u);
  EXPECT_EQ(parse_size("3G"), 0xc0000000u);
  EXPECT_EQ(parse_size("12k"), 12288u);
  EXPECT_EQ(parse_size("4096"), 4096u);
  EXPECT_EQ(parse_size("512", 1 << 20), 0x20000000u);
  EXPECT_EQ(parse_size("17179869183G"), 0xffffffffc0000000u);
  for (const char* text : {"", "M", "12T", "12MB", "-1M", " 1M", "1 M", "17179869184G", "0xM"}) {
    EXPECT_FALSE(parse_size(text)) << text;
  }
}

}  // namespace
}  // namespace hyprelay::base
