// SPDX-License-Identifier: BSD-2-Clause
#include "handoff/wishes.hpp"

#include <gtest/gtest.h>

namespace hyprelay::handoff {
namespace {

TEST(CommandLine, is_the_running_one_unless_given) {
  Wishes wishes;
  EXPECT_EQ(choose_command_line(wishes, Arch::kArm, "root=a"), "root=a");
  wishes.reuse_command_line = true;
  EXPECT_EQ(choose_command_line(wishes, Arch::kArm, "root=a"), "root=a");
  wishes.command_line = "quiet";
  EXPECT_EQ(choose_command_line(wishes, Arch::kArm, "root=a"), "root=a quiet");
  EXPECT_EQ(choose_command_line(wishes, Arch::kArm, ""), "quiet");
  wishes.reuse_command_line = false;
  EXPECT_EQ(choose_command_line(wishes, Arch::kArm, "root=a"), "quiet");
  wishes.command_line = "";
  EXPECT_EQ(choose_command_line(wishes, Arch::kArm, "root=a"), "");
}

TEST(CommandLine, of_a_crash_kernel_is_the_running_one_without_its_own) {
  Wishes wishes;
  wishes.panic = true;
  const auto line = [&] {
    return choose_command_line(wishes, Arch::kArm64, "root=a crashkernel=256M");
  };
  EXPECT_EQ(line(), "root=a nr_cpus=1 reset_devices");
  wishes.command_line = "quiet";
  EXPECT_EQ(line(), "quiet");
  wishes.append = "panic=10";
  EXPECT_EQ(line(), "quiet panic=10");
  wishes.reuse_command_line = true;
  EXPECT_EQ(line(), "root=a quiet panic=10");
  wishes.command_line = std::nullopt;
  wishes.reuse_command_line = false;
  EXPECT_EQ(line(), "root=a nr_cpus=1 reset_devices panic=10");
}

TEST(Resident, what_the_user_says_takes_the_place_of_the_evidence) {
  Machine machine;
  machine.boot_mode = Mode::kHYP;
  machine.kernel_release = "6.1.0";
  Wishes wishes;
  EXPECT_EQ(find_resident(wishes, machine).value().dialect, compat::Dialect::kNONE);
  wishes.resident_vectors.physical = 0x40311500;
  EXPECT_EQ(find_resident(wishes, machine).value().dialect, compat::Dialect::kNONE);
  EXPECT_EQ(find_resident(wishes, machine).value().vectors.physical, 0x40311500u);
  wishes.resident = compat::Dialect::kARM_STUB_5_7;
  const auto choice = find_resident(wishes, machine).value();
  EXPECT_EQ(choice.dialect, compat::Dialect::kARM_STUB_5_7);
  EXPECT_EQ(choice.confidence, compat::Confidence::kNone);
  EXPECT_EQ(choice.why_not, "");
}

TEST(Resident, facts_are_needed_where_neither_release_nor_user_tells) {
  Machine machine;
  machine.arch = Arch::kArm64;
  machine.boot_mode = Mode::kEL2;
  machine.kernel_release = "4.14.0";
  Wishes wishes;
  EXPECT_FALSE(needs_hyp_facts(wishes, machine));
  wishes.panic = true;
  EXPECT_TRUE(needs_hyp_facts(wishes, machine)) << "its crash kernel starts at EL1";
  wishes.resident = compat::Dialect::kNONE;
  EXPECT_FALSE(needs_hyp_facts(wishes, machine));
}

}  // namespace
}  // namespace hyprelay::handoff
