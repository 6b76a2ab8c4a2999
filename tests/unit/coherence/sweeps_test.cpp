// SPDX-License-Identifier: BSD-2-Clause
// Sweeps by set and way of a CPU with two levels.
#include "coherence/sweeps.hpp"

#include <gtest/gtest.h>

namespace hyprelay::coherence {
namespace {

// Level 1: 4 sets of 2 ways; level 2: 8 sets of 4 ways; lines of 64 bytes. CLIDR: LoC 2, both with
// data.
constexpr uint64_t kClidr = 2U << 24 | 4U << 3 | 3U;
constexpr uint64_t kFirst = 3U << 13 | 1U << 3 | 2U;
constexpr uint64_t kSecond = 7U << 13 | 3U << 3 | 2U;

struct Scene {
  Scene() {
    sweeps.set_levels(kClidr);
    sweeps.select(0);
    sweeps.geometry(kFirst, false);
    sweeps.select(2);
    sweeps.geometry(kSecond, false);
  }
  void sweep(unsigned level, unsigned ways, unsigned way_shift, unsigned sets) {
    for (unsigned way = 0; way < ways; way++)
      for (unsigned set = 0; set < sets; set++)
        sweeps.operation(op, uint64_t{way} << way_shift | uint64_t{set} << 6 | level << 1, ++now);
  }
  Sweeps sweeps;
  Op op = Op::sweep_flush;
  uint64_t now = 10;
};

TEST(Sweeps, all_sets_and_ways_of_all_levels_are_a_sweep) {
  Scene scene;
  scene.sweep(0, 2, 31, 4);
  scene.sweep(1, 4, 30, 8);
  Op op = Op::none;
  EXPECT_EQ(scene.sweeps.complete(op), 11u);
  EXPECT_EQ(op, Op::sweep_flush);
  EXPECT_EQ(scene.sweeps.complete(op), 0u) << "nothing since";
}

TEST(Sweeps, a_level_a_way_or_a_set_less_is_none) {
  Op op = Op::none;
  Scene level;
  level.sweep(0, 2, 31, 4);
  EXPECT_EQ(level.sweeps.complete(op), 0u);
  Scene way;
  way.sweep(0, 2, 31, 4);
  way.sweep(1, 3, 30, 8);
  EXPECT_EQ(way.sweeps.complete(op), 0u);
  Scene set;
  set.sweep(0, 2, 31, 3);
  set.sweep(1, 4, 30, 8);
  EXPECT_EQ(set.sweeps.complete(op), 0u);
}

TEST(Sweeps, a_geometry_that_was_never_read_is_not_guessed) {
  Sweeps sweeps;
  sweeps.set_levels(kClidr);
  sweeps.operation(Op::sweep_flush, 0, 1);
  Op op = Op::none;
  EXPECT_EQ(sweeps.complete(op), 0u);
}

}  // namespace
}  // namespace hyprelay::coherence
