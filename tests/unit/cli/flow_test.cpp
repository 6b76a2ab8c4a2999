// SPDX-License-Identifier: BSD-2-Clause
#include "cli/flow.hpp"

#include "fdt/facts.hpp"
#include "handoff/linux/gather.hpp"
#include "tests/unit/linux/captured.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace hyprelay::cli {
namespace {

using base::Code;

TEST(CommandLine, IsTheRunningOneUnlessGiven) {
  Request request;
  EXPECT_EQ(choose_command_line(request, handoff::Arch::kArm, "root=a"), "root=a");
  request.reuse_command_line = true;
  EXPECT_EQ(choose_command_line(request, handoff::Arch::kArm, "root=a"), "root=a");
  request.command_line = "quiet";
  EXPECT_EQ(choose_command_line(request, handoff::Arch::kArm, "root=a"), "root=a quiet");
  EXPECT_EQ(choose_command_line(request, handoff::Arch::kArm, ""), "quiet");
  request.reuse_command_line = false;
  EXPECT_EQ(choose_command_line(request, handoff::Arch::kArm, "root=a"), "quiet");
  request.command_line = "";
  EXPECT_EQ(choose_command_line(request, handoff::Arch::kArm, "root=a"), "");
}

TEST(CommandLine, OfACrashKernelIsTheRunningOneWithoutItsOwn) {
  Request request;
  request.panic = true;
  const auto line = [&] {
    return choose_command_line(request, handoff::Arch::kArm64, "root=a crashkernel=256M");
  };
  EXPECT_EQ(line(), "root=a nr_cpus=1 reset_devices");
  request.command_line = "quiet";
  EXPECT_EQ(line(), "quiet");
  request.append = "panic=10";
  EXPECT_EQ(line(), "quiet panic=10");
  request.reuse_command_line = true;
  EXPECT_EQ(line(), "root=a quiet panic=10");
  request.command_line = std::nullopt;
  request.reuse_command_line = false;
  EXPECT_EQ(line(), "root=a nr_cpus=1 reset_devices panic=10");
}

TEST(Resident, WhatTheUserSaysReplacesTheEvidence) {
  handoff::Machine machine;
  machine.boot_mode = handoff::Mode::kHYP;
  machine.kernel_release = "6.1.0";
  Request request;
  EXPECT_EQ(find_resident(request, machine).value().dialect, compat::Dialect::kNONE);
  request.resident_vectors = 0x40311500;
  EXPECT_EQ(find_resident(request, machine).value().dialect, compat::Dialect::kNONE);
  EXPECT_EQ(find_resident(request, machine).value().vectors.physical, 0x40311500u);
  request.resident = HR_DIALECT_ARM_STUB_5_7;
  const auto choice = find_resident(request, machine).value();
  EXPECT_EQ(choice.dialect, compat::Dialect::kARM_STUB_5_7);
  EXPECT_EQ(choice.confidence, compat::Confidence::kNone);
  EXPECT_EQ(choice.why_not, "");
}

class Memory : public testing::Test {
 protected:
  void SetUp() override {
    const auto machine =
        handoff::linux_host::gather(test::captured(HR_TEST_DATA, "armmp-lpae")).value();
    running_ = fdt::Tree::from_bytes(machine.device_tree, "running").value();
    given_ = running_;
    ASSERT_EQ(fdt::memory_ranges(running_).value().size(), 1u);
    ASSERT_TRUE(given_.remove_node("/memory@40000000"));
  }
  fdt::Tree running_ = fdt::Tree::empty();
  fdt::Tree given_ = fdt::Tree::empty();
};

TEST_F(Memory, OfTheRunningTreeIsAddedToATreeWithoutAny) {
  EXPECT_TRUE(add_missing_memory(given_, running_).value());
  EXPECT_EQ(fdt::memory_ranges(given_).value(), fdt::memory_ranges(running_).value());
}

TEST_F(Memory, AnEmptyNodeForTheBootloaderIsReplaced) {
  ASSERT_TRUE(given_.add_node("/memory"));
  ASSERT_TRUE(given_.set_string("/memory", "device_type", "memory"));
  ASSERT_TRUE(given_.set("/memory", "reg", std::vector<std::byte>(16)));
  EXPECT_TRUE(add_missing_memory(given_, running_).value());
  EXPECT_EQ(std::ranges::count(given_.children("/"), "/memory"), 0);
  EXPECT_EQ(fdt::memory_ranges(given_).value(), fdt::memory_ranges(running_).value());
}

TEST_F(Memory, OfTheUserIsLeftAlone) {
  fdt::Tree tree = running_;
  EXPECT_FALSE(add_missing_memory(tree, running_).value());
  EXPECT_TRUE(std::ranges::equal(tree.packed(), running_.packed()));
}

TEST_F(Memory, IsNotMixedBetweenTreesThatCountDifferently) {
  ASSERT_TRUE(given_.set_u32("/", "#address-cells", 1));
  const auto added = add_missing_memory(given_, running_);
  ASSERT_FALSE(added);
  EXPECT_EQ(added.error().code(), Code::TREE_NO_MEMORY);
}

}  // namespace
}  // namespace hyprelay::cli
