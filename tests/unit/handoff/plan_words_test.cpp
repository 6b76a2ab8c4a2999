// SPDX-License-Identifier: BSD-2-Clause
// What a plan says about itself, and why there is none, is true.
#include "tests/unit/handoff/synthetic.hpp"

#include <gtest/gtest.h>

namespace hyprelay::handoff {
namespace {

using testing::Bytes;
using testing::kMega;
using testing::range;

TEST(PlanWords, enough_memory_at_the_wrong_place_is_not_called_too_little) {
  const Bytes file = testing::make_image();
  const ImageView kernel = read_image(file, "Image").value();
  Machine machine = testing::virt(Arch::kArm64, 0);
  machine.ram = {range(0x40001000, 33 * kMega)};
  const base::Error error = make_plan(machine, kernel, testing::request_for(machine, 0)).error();
  EXPECT_EQ(error.subject(),
            "kernel: needs 33 MiB, the largest free range it may lie in has 33 MiB, but not where "
            "it must begin");
}

TEST(PlanWords, no_line_ends_in_a_blank) {
  const Bytes file = testing::make_image();
  const ImageView kernel = read_image(file, "Image").value();
  Machine machine = testing::virt(Arch::kArm64, 1024 * kMega);
  machine.reserved = {{range(0x48000000, 0x1000), ""}};
  const Plan plan = make_plan(machine, kernel, testing::request_for(machine, 0)).value();
  ASSERT_EQ(plan.avoided.size(), 1u);
  EXPECT_EQ(to_text(plan).find(" \n"), std::string::npos) << to_text(plan);
}

TEST(PlanWords, reasons_promise_no_more_than_the_tree_gets) {
  const Bytes file = testing::make_image();
  const ImageView kernel = read_image(file, "Image").value();
  const Machine machine = testing::virt(Arch::kArm64, 1024 * kMega);
  const Plan plan = make_plan(machine, kernel, testing::request_for(machine, 20 * kMega)).value();
  const Placement& tree = *plan.find(SegmentKind::kTREE);
  // The initrd begins in the tree's 2 MiB.
  EXPECT_LT(plan.find(SegmentKind::kINITRD)->memory.start(), tree.memory.start() + 2 * kMega);
  EXPECT_EQ(tree.reason, "at a 2 MiB boundary above the Image, within 512 MiB of it");
}

}  // namespace
}  // namespace hyprelay::handoff
