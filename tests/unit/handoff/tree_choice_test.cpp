// SPDX-License-Identifier: BSD-2-Clause
// Which tree is taken, what is refused, and what is written into it.
#include "handoff/source_tree.hpp"
#include "tests/unit/handoff/tree_boards.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace hyprelay::handoff {
namespace {

using base::Code;
using base::PhysRange;
using fdt::Tree;
using testing::compared;
using testing::kBoard;
using testing::machine_with;
using testing::range;
using testing::replaced;
using testing::without_reservations;

base::Result<SourceTree> chosen(const Tree& given, const Tree& running, bool is_trusted) {
  return choose_source_tree({.given = SourceTree{given, "board.dtb"}, .is_trusted = is_trusted},
                            machine_with(running, Arch::kArm64));
}

TEST(TreeChoice, what_hangs_is_refused_and_trusted_by_who_knows_better) {
  const Tree running = test::tree_of(kBoard);
  const Tree given = test::tree_of(replaced(kBoard, "\"smc\"", "\"hvc\""));
  const auto refused = chosen(given, running, false);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code(), Code::TREE_OTHER_CONDUIT);
  EXPECT_EQ(refused.error().subject(), "board.dtb: hvc here, smc on the running machine");
  const auto trusted = chosen(given, running, true);
  ASSERT_TRUE(trusted);
  ASSERT_EQ(trusted.value().warnings.size(), 1u);
  EXPECT_NE(trusted.value().warnings[0].find("PSCI"), std::string::npos);
}

TEST(TreeChoice, lost_reservations_are_carried_over_and_said) {
  const Tree running = test::tree_of(kBoard);
  const SourceTree source = chosen(without_reservations(), running, false).value();
  EXPECT_TRUE(source.warnings.empty());
  ASSERT_EQ(source.notes.size(), 3u);
  EXPECT_EQ(source.notes[1],
            "board.dtb: reserved as on the running machine: 16.0 MiB at 0x4e000000 "
            "(/reserved-memory/optee@4e000000, no-map)");
  EXPECT_TRUE(compared(source.tree, running, Arch::kArm64).lost.empty());
  const SourceTree trusted = chosen(without_reservations(), running, true).value();
  EXPECT_EQ(trusted.tree.packed(), without_reservations().packed());
  EXPECT_TRUE(trusted.notes.empty());
  EXPECT_EQ(trusted.warnings.size(), 1u);
}

// The nodes are there, and Linux does not look at them.
TEST(TreeChoice, reservations_that_linux_would_ignore_are_refused) {
  const Tree running = test::tree_of(kBoard);
  const Tree given = test::tree_of(replaced(kBoard, "<2>; ranges;", "<2>;"));
  const auto refused = chosen(given, running, false);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code(), Code::TREE_LOST_RESERVED);
  EXPECT_EQ(refused.error().subject(),
            "board.dtb: /reserved-memory lacks ranges or the root's cells: Linux ignores it");
  const auto trusted = chosen(given, running, true);
  ASSERT_TRUE(trusted);
  EXPECT_EQ(trusted.value().warnings.size(), 1u);
  EXPECT_TRUE(chosen(running, given, false)) << "what the running kernel ignores is not kept";
}

constexpr const char* kOptee = "reg = <0 0x4e000000 0 0x1000000>; no-map;";

TEST(TreeChoice, a_pool_over_what_the_firmware_keeps_is_refused) {
  const Tree running = test::tree_of(kBoard);
  const std::string pool =
      replaced(kBoard, kOptee,
               "compatible = \"shared-dma-pool\"; reusable; reg = <0 0x4e000000 0 0x1000000>;");
  for (const char* kept : {"no-map;", ""}) {
    const Tree there = test::tree_of(replaced(kBoard, "no-map;", kept));
    const auto refused = chosen(test::tree_of(pool), there, false);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code(), Code::TREE_LOST_RESERVED);
    EXPECT_EQ(refused.error().subject(),
              "board.dtb: 0x4e000000 is in a pool: /reserved-memory/optee@4e000000 is reusable");
  }
  EXPECT_TRUE(chosen(test::tree_of(pool), test::tree_of(pool), false).value().notes.empty());
  // Linux makes no pool of what is no-map.
  const std::string both = replaced(kBoard, "no-map;", "no-map; reusable;");
  EXPECT_TRUE(chosen(test::tree_of(both), running, false).value().notes.empty());
  EXPECT_EQ(compared(without_reservations(), test::tree_of(both), Arch::kArm64).lost.size(), 3u);
}

// Kernels before 6.4 read it first, and refuse no-map for what it names.
TEST(TreeChoice, a_memreserve_makes_way_for_no_map) {
  const Tree running = test::tree_of(kBoard);
  for (const bool has_node : {false, true}) {
    Tree given = running;
    if (!has_node) {
      ASSERT_TRUE(given.remove_node("/reserved-memory/optee@4e000000"));
    }
    ASSERT_TRUE(given.add_memory_reservation(range(0x4dfff000, 0x3000)));
    const SourceTree source = chosen(given, running, false).value();
    EXPECT_EQ(source.notes.size(), 1u);
    std::vector<PhysRange> left = source.tree.memory_reservations();
    std::ranges::sort(left, {}, &PhysRange::start);
    EXPECT_EQ(left, (std::vector{range(0x48000000, 0x3000), range(0x4dfff000, 0x1000),
                                 range(0x4f000000, 0x1000)}));
    EXPECT_TRUE(compared(source.tree, running, Arch::kArm64).lost.empty());
    EXPECT_TRUE(chosen(given, given, false).value().notes.empty()) << "as it is on this machine";
  }
}

// Trust does not make memory of it.
TEST(TreeChoice, a_tree_without_any_of_the_machines_memory_is_refused) {
  const Tree running = test::tree_of(kBoard);
  const Tree given =
      test::tree_of(replaced(kBoard, "<0 0x40000000 0 0x40000000>", "<0 0x80000000 0 0x40000000>"));
  for (const bool is_trusted : {false, true}) {
    const auto refused = chosen(given, running, is_trusted);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code(), Code::TREE_STRANGE_MEMORY);
    EXPECT_EQ(refused.error().subject(),
              is_trusted ? "board.dtb: all /memory at 0x80000000, System RAM at 0x40000000"
                         : "board.dtb: 1.0 GiB at 0x80000000");
  }
}

TEST(TreeChoice, an_overlay_is_called_one) {
  const Tree running = test::tree_of(kBoard);
  for (const char* cells : {"", "#address-cells = <2>; #size-cells = <1>;"}) {
    const Tree overlay = test::tree_of(
        std::string("/dts-v1/; /plugin/; / { compatible = \"acme,soc\"; ") + cells +
        " fragment@0 { target-path = \"/\"; __overlay__ { leds { compatible = \"gpio-leds\"; }; }; "
        "}; };");
    for (const bool is_trusted : {false, true}) {
      const auto refused = chosen(overlay, running, is_trusted);
      ASSERT_FALSE(refused);
      EXPECT_EQ(refused.error().code(), Code::TREE_OVERLAY);
    }
  }
}

TEST(TreeChoice, an_appended_tree_is_used_when_it_is_the_only_one) {
  const Tree tree = test::tree_of(kBoard);
  const auto blob = tree.packed();
  Machine machine = machine_with(tree, Arch::kArm);
  const SourceTree running =
      choose_source_tree({.appended = blob, .kernel_name = "zImage"}, machine).value();
  EXPECT_EQ(running.name, "/sys/firmware/fdt");
  ASSERT_EQ(running.notes.size(), 1u);
  EXPECT_EQ(running.notes[0],
            "zImage: the device tree appended to it is left out, /sys/firmware/fdt is used");
  machine.device_tree.clear();
  const SourceTree appended =
      choose_source_tree({.appended = blob, .kernel_name = "zImage"}, machine).value();
  EXPECT_EQ(appended.name, "the tree appended to zImage");
  EXPECT_TRUE(appended.notes.empty());
  EXPECT_EQ(appended.tree.packed(), blob);
}

}  // namespace
}  // namespace hyprelay::handoff
