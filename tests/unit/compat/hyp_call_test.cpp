// SPDX-License-Identifier: BSD-2-Clause
#include "compat/hyp_call.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <regex>
#include <string>

namespace hyprelay::compat {
namespace {

using u32 = std::uint32_t;
using u64 = std::uint64_t;
constexpr u32 kFunction = 0xc0101000;
constexpr u64 kWide = 0x1122334455667788;

TEST(HypCall, words_move_down_by_one_register) {
  constexpr HypCall call = hyp_call(kFunction, u32{1}, u32{2}, u32{3});
  EXPECT_EQ(call.function, kFunction);
  EXPECT_EQ(call.words, (HypWords{1, 2, 3}));
  EXPECT_EQ(hyp_call(kFunction).words, (HypWords{0, 0, 0}));
}

// f(u64) expects r0:r1; carried in the caller's r1:r2, which is no pair of the standard.
TEST(HypCall, a_pair_goes_where_the_callee_expects_it) {
  EXPECT_EQ(hyp_call(kFunction, kWide).words, (HypWords{0x55667788, 0x11223344, 0}));
  EXPECT_EQ(hyp_call(kFunction, kWide, u32{7}).words, (HypWords{0x55667788, 0x11223344, 7}));
}

TEST(HypCall, narrow_arguments_are_extended) {
  enum class Small : std::int8_t { kMinus = -2 };
  EXPECT_EQ(hyp_call(kFunction, std::int16_t{-1}, Small::kMinus, true).words,
            (HypWords{0xffffffff, 0xfffffffe, 1}));
}

u64 seen_wide;
u32 seen_first;
u32 one(u64 wide) {
  seen_wide = wide;
  return 1;
}
u32 two(u32 first, u64 wide) {
  seen_first = first;
  seen_wide = wide;
  return 2;
}

// A compiled caller has skipped r1 to put the pair in r2:r3; it arrives in r1:r2.
TEST(HypReceive, puts_a_misaligned_pair_right) {
  EXPECT_EQ(hyp_receive(one, {0xbad, 0x55667788, 0x11223344}), 1u);
  EXPECT_EQ(seen_wide, kWide);
  EXPECT_EQ(hyp_receive(two, {5, 0x55667788, 0x11223344}), 2u);
  EXPECT_EQ(seen_first, 5u);
  EXPECT_EQ(seen_wide, kWide);
}

// What the cross compiler moves into r0 to r3 in one function of hyp_caller.c. 0: nothing.
std::array<u32, 4> moved_in(const std::string& function) {
  std::ifstream in(HR_HYP_CALLER);
  const std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  const std::size_t from = text.find("\n" + function + ":");
  const std::string body = text.substr(from, text.find(".size", from) - from);
  const std::regex move(R"(movw?\s+r([0-3]), #(\d+))");
  std::array<u32, 4> words{};
  for (auto it = std::sregex_iterator(body.begin(), body.end(), move); it != std::sregex_iterator();
       ++it) {
    words[std::stoul((*it)[1])] = static_cast<u32>(std::stoul((*it)[2]));
  }
  return words;
}

// The places that are computed are those of the cross compiler.
TEST(HypReceive, places_are_those_of_the_cross_compiler) {
  EXPECT_EQ(moved_in("one_wide"), (std::array<u32, 4>{0xf0, 0, 0x10, 0x11}));
  EXPECT_EQ(moved_in("word_wide"), (std::array<u32, 4>{0xf0, 0x20, 0x10, 0x11}));
  EXPECT_EQ(moved_in("three_words"), (std::array<u32, 4>{0xf0, 0x20, 0x21, 0x22}));
  EXPECT_EQ(HypReceived<u64>::kPlaces[0], 2u);
  EXPECT_EQ((HypReceived<u32, u64>::kPlaces[0]), 1u);
  EXPECT_EQ((HypReceived<u32, u64>::kPlaces[1]), 2u);
  EXPECT_EQ((HypReceived<u32, u32, u32>::kPlaces[2]), 3u);
}

}  // namespace
}  // namespace hyprelay::compat
