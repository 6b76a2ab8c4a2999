// SPDX-License-Identifier: BSD-2-Clause
// A given tree beside the running machine's, with trees of machines that there are: QEMU's, and
// those of Debian's kernels as a bootloader completes them.
#include "handoff/tree_compare.hpp"

#include "base/error_text.hpp"
#include "handoff/source_tree.hpp"
#include "tests/unit/fdt/support.hpp"
#include "tests/unit/handoff/tree_boards.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace hyprelay::handoff {
namespace {

using base::Code;
using base::PhysRange;
using fdt::Tree;
using testing::codes_of;
using testing::compared;
using testing::kBoard;
using testing::machine_with;
using testing::range;
using testing::replaced;
using testing::without_reservations;

struct Case {
  const char* name;
  const char* what;
  const char* by;
  std::vector<Code> hangs;
  std::vector<Code> costs;
};

class Boards : public ::testing::TestWithParam<Case> {};
INSTANTIATE_TEST_SUITE_P(
    OneDifference, Boards,
    ::testing::Values(
        Case{"none", "acme,none", "", {}, {}},
        Case{"another_revision", "acme,board-v2", "acme,board-v1", {}, {}},
        Case{"another_board",
             "\"acme,board-v2\", \"acme,soc\"",
             "\"other,board\"",
             {Code::TREE_OTHER_BOARD},
             {}},
        Case{"no_compatible",
             "compatible = \"acme,board-v2\", \"acme,soc\";",
             "",
             {Code::TREE_OTHER_BOARD},
             {}},
        Case{"more_memory",
             "<0 0x40000000 0 0x40000000>",
             "<0 0x40000000 0 0x80000000>",
             {Code::TREE_STRANGE_MEMORY},
             {}},
        Case{"memory_elsewhere",
             "<0 0x40000000 0 0x40000000>",
             "<0 0x40000000 0 0x1000000 8 0 0 0x1000000>",
             {Code::TREE_STRANGE_MEMORY},
             {}},
        Case{"less_memory", "<0 0x40000000 0 0x40000000>", "<0 0x40000000 0 0x20000000>", {}, {}},
        Case{"other_conduit", "\"smc\"", "\"hvc\"", {Code::TREE_OTHER_CONDUIT}, {}},
        Case{"no_psci",
             "psci { compatible = \"arm,psci-1.0\"; method = \"smc\"; };",
             "",
             {},
             {Code::TREE_LOST_PSCI, Code::TREE_LOST_CPUS}},
        Case{"no_method", "enable-method = \"psci\";", "", {}, {Code::TREE_LOST_CPUS}},
        Case{"other_method",
             "enable-method = \"psci\"",
             "enable-method = \"spin-table\"",
             {},
             {Code::TREE_LOST_CPUS}},
        Case{"other_cpus", "reg = <3>", "reg = <0x103>", {}, {Code::TREE_LOST_CPUS}},
        Case{"no_such_console", "serial0:", "serial1:", {}, {Code::TREE_NO_CONSOLE}},
        Case{"no_console_chosen",
             "stdout-path = \"serial0:115200n8\";",
             "",
             {},
             {Code::TREE_NO_CONSOLE}},
        Case{"console_off",
             "\"arm,pl011\";",
             "\"arm,pl011\"; status = \"disabled\";",
             {},
             {Code::TREE_NO_CONSOLE}}),
    [](const auto& row) { return std::string(row.param.name); });

TEST_P(Boards, one_difference_is_told_and_nothing_else) {
  const Tree running = test::tree_of(kBoard);
  const std::string text = replaced(kBoard, GetParam().what, GetParam().by);
  const TreeComparison found = compared(test::tree_of(text), running, Arch::kArm64);
  EXPECT_EQ(codes_of(found.hangs), GetParam().hangs);
  EXPECT_EQ(codes_of(found.costs), GetParam().costs);
  EXPECT_TRUE(found.lost.empty());
}

TEST(TreeCompare, says_both_sides) {
  const Tree running = test::tree_of(kBoard);
  const auto text = [&](const char* what, const char* by) {
    const TreeComparison found =
        compared(test::tree_of(replaced(kBoard, what, by)), running, Arch::kArm64);
    return found.hangs.empty() ? found.costs.at(0).detail : found.hangs.at(0).detail;
  };
  EXPECT_EQ(text("\"smc\"", "\"hvc\""), "hvc here, smc on the running machine");
  EXPECT_EQ(text("0x40000000 0 0x40000000>", "0x40000000 0 0x60000000>"),
            "512.0 MiB at 0x80000000");
  EXPECT_EQ(text("enable-method = \"psci\";", ""),
            "4 of 4 CPUs, cpu@0 by nothing here, by psci on the running machine");
  EXPECT_EQ(text("serial0:", "serial1:"), "serial1:115200n8");
}

TEST(TreeCompare, a_32_bit_kernel_starts_every_cpu_by_psci) {
  const Tree running = test::tree_of(kBoard);
  const Tree given = test::tree_of(replaced(kBoard, "enable-method = \"psci\";", ""));
  EXPECT_TRUE(compared(given, running, Arch::kArm).costs.empty());
}

TEST(TreeCompare, a_tree_without_cpus_does_for_a_32_bit_board_that_has_none) {
  Tree given = test::tree_of(kBoard);
  const Tree whole = given;
  ASSERT_TRUE(given.remove_node("/cpus"));
  EXPECT_EQ(codes_of(compared(given, whole, Arch::kArm).hangs), std::vector{Code::TREE_NO_CPUS});
  EXPECT_EQ(codes_of(compared(given, given, Arch::kArm64).hangs), std::vector{Code::TREE_NO_CPUS});
  EXPECT_TRUE(compared(given, given, Arch::kArm).hangs.empty());
}

TEST(TreeCompare, without_a_running_tree_the_machines_ram_is_all_that_is_known) {
  const Tree given = test::tree_of(kBoard);
  Machine machine = machine_with(given, Arch::kArm64);
  const auto quiet = compare_trees(given, machine, nullptr).value();
  EXPECT_TRUE(quiet.hangs.empty() && quiet.costs.empty() && quiet.lost.empty());
  machine.ram = {range(0x40000000, 0x30000000)};
  EXPECT_EQ(codes_of(compare_trees(given, machine, nullptr).value().hangs),
            std::vector{Code::TREE_STRANGE_MEMORY});
}

// What the firmware keeps of the board: by no-map, by a node, by /memreserve/.
struct Kept {
  PhysRange range;
  bool no_map;

  bool operator==(const Kept&) const = default;
};

std::vector<Kept> kept_in(const std::vector<fdt::ReservedRange>& ranges) {
  std::vector<Kept> kept;
  kept.reserve(ranges.size());
  for (const fdt::ReservedRange& one : ranges) {
    kept.push_back({one.range, one.no_map});
  }
  return kept;
}

const std::vector<Kept> kFirmware = {{range(0x4d000000, 0x10000), false},
                                     {range(0x4e000000, 0x1000000), true},
                                     {range(0x4f000000, 0x1000), false}};

TEST(TreeCompare, reservations_of_the_firmware_are_lost_and_the_old_kernels_are_not) {
  const Tree running = test::tree_of(kBoard);
  const TreeComparison found = compared(without_reservations(), running, Arch::kArm64);
  EXPECT_EQ(kept_in(found.lost), kFirmware);
  EXPECT_EQ(found.lost.at(1).name, "/reserved-memory/optee@4e000000");
  EXPECT_EQ(found.lost.at(2).name, "/memreserve/");
}

TEST(TreeCompare, memory_that_would_be_mapped_is_not_kept) {
  const Tree running = test::tree_of(kBoard);
  const TreeComparison found =
      compared(test::tree_of(replaced(kBoard, "no-map;", "")), running, Arch::kArm64);
  EXPECT_EQ(kept_in(found.lost), std::vector{kFirmware.at(1)});
}

TEST(TreeCompare, a_part_that_is_reserved_or_no_memory_is_not_carried_over) {
  const Tree running = test::tree_of(kBoard);
  const std::string part =
      replaced(kBoard, "<0 0x4e000000 0 0x1000000>", "<0 0x4e000000 0 0x800000>");
  EXPECT_EQ(kept_in(compared(test::tree_of(part), running, Arch::kArm64).lost),
            (std::vector{Kept{range(0x4e800000, 0x800000), true}}));
  Tree small = without_reservations();
  ASSERT_TRUE(small.set("/memory@40000000", "reg",
                        *fdt::in_root_cells(small, std::vector{range(0x40000000, 0xe800000)})));
  EXPECT_EQ(kept_in(compared(small, running, Arch::kArm64).lost),
            (std::vector{kFirmware.at(0), Kept{range(0x4e000000, 0x800000), true}}));
}

TEST(TreeCompare, what_is_carried_over_is_lost_no_more) {
  const Tree running = test::tree_of(kBoard);
  for (const char* cells : {"", "#address-cells = <1>;"}) {
    Tree given = without_reservations();
    if (*cells != '\0') {
      ASSERT_TRUE(given.set_u32("/", "#address-cells", 1));
      ASSERT_TRUE(given.set_u32("/", "#size-cells", 1));
      ASSERT_TRUE(given.set("/memory@40000000", "reg",
                            *fdt::in_root_cells(given, fdt::memory_ranges(running).value())));
    }
    ASSERT_TRUE(carry_over(given, compared(given, running, Arch::kArm64).lost));
    EXPECT_TRUE(compared(given, running, Arch::kArm64).lost.empty());
    std::vector<Kept> kept = kept_in(fdt::reserved_ranges(given).value());
    std::ranges::sort(kept, {}, [](const Kept& one) { return one.range.start(); });
    EXPECT_EQ(kept, kFirmware);
    // Linux refuses no-map for what another node has reserved before it.
    EXPECT_TRUE(given.property(given.children("/reserved-memory").at(0), "no-map"));
  }
}

TEST(TreeCompare, reserved_memory_that_linux_would_ignore_is_an_error) {
  const Tree running = test::tree_of(kBoard);
  Tree given = without_reservations();
  ASSERT_TRUE(given.set_u32("/reserved-memory", "#address-cells", 1));
  const auto done = carry_over(given, compared(given, running, Arch::kArm64).lost);
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code(), Code::TREE_LOST_RESERVED);
}

TEST(QemuTrees, the_same_machine_is_no_other_and_another_gic_is_not_told) {
  for (const test::Qemu machine :
       {test::Qemu::kArm, test::Qemu::kArm64Gic2, test::Qemu::kArm64Gic3}) {
    const Tree tree = test::qemu_tree(machine);
    const Arch arch = machine == test::Qemu::kArm ? Arch::kArm : Arch::kArm64;
    const TreeComparison found = compared(tree, tree, arch);
    EXPECT_TRUE(found.hangs.empty() && found.costs.empty() && found.lost.empty());
    Tree more = tree;
    ASSERT_TRUE(more.set("/memory@40000000", "reg",
                         *fdt::in_root_cells(tree, std::vector{range(0x40000000, 0x80000000)})));
    EXPECT_EQ(codes_of(compared(more, tree, arch).hangs), std::vector{Code::TREE_STRANGE_MEMORY});
  }
}

// Debian's trees as U-Boot completes them on a board with OP-TEE: memory, a console, PSCI. Each is
// then given as Debian has it, as `--dtb /usr/lib/linux-image-.../board.dtb` does.
TEST(DebianTrees, a_packages_tree_loses_nothing_of_the_firmware) {
  const std::vector<std::string> paths = test::debian_trees(23);
  if (paths.empty()) {
    GTEST_SKIP() << "the cache holds no unpacked kernel package with trees";
  }
  for (const std::string& path : paths) {
    SCOPED_TRACE(path);
    const Arch arch = path.find("arm64") == std::string::npos ? Arch::kArm : Arch::kArm64;
    const Tree given = Tree::from_bytes(test::read_file(path), path).value();
    Tree running = given;
    running.remove_nodes_of_type("memory");
    const auto memory = range(0x40000000, 0x20000000);
    const auto reg = [&](const PhysRange& one) {
      return *fdt::in_root_cells(running, std::vector{one});
    };
    ASSERT_TRUE(running.set_string("/memory@40000000", "device_type", "memory"));
    ASSERT_TRUE(running.set("/memory@40000000", "reg", reg(memory)));
    ASSERT_TRUE(running.add_memory_reservation(range(0x5ff00000, 0x1000)));
    ASSERT_TRUE(running.remove_node("/psci"));
    ASSERT_TRUE(running.set_string("/psci", "compatible", "arm,psci-1.0"));
    ASSERT_TRUE(running.set_string("/psci", "method", "smc"));
    const auto source =
        choose_source_tree({.given = SourceTree{given, path}}, machine_with(running, arch));
    const bool has_own_memory = !fdt::memory_ranges(given).value().empty();
    const bool has_cpus = !fdt::cpus(given).value().empty();
    if (!source) {
      // A tree that names memory, or calls PSCI by HVC, does so for its own board, not for this
      // one.
      const bool by_hvc = fdt::psci_conduit(given).value() == fdt::Conduit::kHvc;
      EXPECT_TRUE(has_own_memory || !has_cpus || by_hvc) << base::describe(source.error());
      continue;
    }
    EXPECT_EQ(source.value().memory_added, !has_own_memory);
    const TreeComparison after = compared(source.value().tree, running, arch);
    EXPECT_TRUE(after.lost.empty() && after.hangs.empty());
    const bool had_psci = fdt::psci_conduit(given).value() != fdt::Conduit::kNone;
    EXPECT_EQ(std::ranges::count(codes_of(after.costs), Code::TREE_LOST_PSCI), had_psci ? 0 : 1);
  }
}

}  // namespace
}  // namespace hyprelay::handoff
