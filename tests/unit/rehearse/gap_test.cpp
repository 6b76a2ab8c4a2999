// SPDX-License-Identifier: BSD-2-Clause
#include "rehearse/gap.hpp"

#include <gtest/gtest.h>

namespace hyprelay::rehearse {
namespace {

constexpr char kStatus[] =
    R"({"relay":{"counter_entered":1100,"counter_checked":1110,"counter_mapped":1130,)"
    R"("counter_verified":1500,"counter_inflated":1510,"counter_left":1520}})";

TEST(GapPhases, follow_each_other_and_make_up_the_gap) {
  const auto phases = gap_phases(1000, kStatus, 1600);
  ASSERT_EQ(phases.size(), 7u);
  const std::uint64_t wanted[] = {100 * 16, 10 * 16, 20 * 16, 370 * 16, 10 * 16, 10 * 16, 80 * 16};
  const char* const names[] = {"old_kernel", "start", "map", "verify", "inflate", "law", "kernel"};
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < phases.size(); ++i) {
    EXPECT_STREQ(phases[i].name, names[i]);
    EXPECT_EQ(phases[i].instructions, wanted[i]) << names[i];
    sum += phases[i].instructions;
  }
  EXPECT_EQ(sum, 600u * 16);
}

TEST(GapPhases, are_not_made_up) {
  EXPECT_TRUE(gap_phases(1000, "", 1600).empty());
  EXPECT_TRUE(gap_phases(1000, R"({"relay":null})", 1600).empty());
  EXPECT_TRUE(gap_phases(1000, R"({"relay":{"counter_entered":1100}})", 1600).empty());
  // A counter of somebody else's: after the kernel's arrival, before the leaving.
  EXPECT_TRUE(gap_phases(1000, kStatus, 1519).empty());
  EXPECT_TRUE(gap_phases(1101, kStatus, 1600).empty());
  // A relay that knew less leaves zeroes.
  EXPECT_TRUE(
      gap_phases(1000,
                 R"({"relay":{"counter_entered":1100,"counter_checked":0,"counter_mapped":0,)"
                 R"("counter_verified":1500,"counter_inflated":0,"counter_left":1520}})",
                 1600)
          .empty());
}

}  // namespace
}  // namespace hyprelay::rehearse
