// SPDX-License-Identifier: BSD-2-Clause
// Where a kernel goes that is started without its decompressor.
#include "handoff/bare_kernel.hpp"
#include "tests/unit/handoff/plan_support.hpp"
#include "tests/unit/handoff/synthetic.hpp"

#include <optional>
#include <tuple>

namespace hyprelay::handoff {
namespace {

using base::Code;
using base::PhysAddr;
using testing::Bytes;
using testing::kMega;
using testing::must_plan;
using testing::must_refuse;
using testing::range;

// Debian's armmp, of that version.
struct Bare {
  explicit Bare(std::uint32_t major = 6, std::uint32_t minor = 1,
                const testing::ZImageNumbers& numbers = testing::kArmmp)
      : zimage(testing::make_zimage(numbers)), view(read_image(zimage, "zImage").value()) {
    bytes.resize(kBareLead + numbers.inflated);
    view.bytes = bytes;
    view.bare = BareKernel{kBareLead, bytes.size(), major, minor};
  }
  Bytes zimage;
  Bytes bytes;
  ImageView view;
};

PhysAddr start_of(const Plan& plan, SegmentKind kind) {
  return plan.find(kind)->memory.start();
}

TEST(PlanBare, runs_where_it_is_loaded_with_its_page_tables_in_front) {
  const Bare kernel;
  const Machine machine = testing::virt(Arch::kArm, 1024 * kMega);
  const Plan plan = must_plan(machine, kernel.view, testing::request_for(machine, 20 * kMega));
  EXPECT_EQ(plan.entry, PhysAddr(0x40208000));
  EXPECT_EQ(plan.text, plan.entry);
  EXPECT_EQ(plan.memory_start, PhysAddr(0x40000000));
  EXPECT_EQ(start_of(plan, SegmentKind::kKERNEL), PhysAddr(0x40203000));
  EXPECT_EQ(plan.find(SegmentKind::kKERNEL)->content_bytes, 0x5000 + 0x13a10b4u);
  EXPECT_EQ(start_of(plan, SegmentKind::kTREE), PhysAddr(0x48000000));
  ASSERT_EQ(plan.footprints.size(), 1u);
  EXPECT_EQ(plan.footprints[0].range, range(0x40203000, 0x5000 + 0x13a10b4 + 0x5e4d4));
}

// [linux/arch/arm/kernel/phys2virt.S]: before 5.11 a multiple of 16 MiB.
TEST(PlanBare, memory_begins_where_a_kernel_of_its_age_takes_it) {
  struct Row {
    std::uint32_t major, minor;
    bool reads_tree;
    std::uint64_t ram, memory_start;
  };
  for (const Row& row : {Row{5, 10, false, 0x40000000, 0x40000000},
                         {5, 10, false, 0x40100000, 0x40000000},
                         {5, 10, false, 0x41200000, 0x41000000},
                         {5, 10, false, 0x41300000, 0x42000000},
                         {5, 11, false, 0x41300000, 0x41200000},
                         {5, 12, true, 0x41300000, 0x41200000},
                         {6, 1, true, 0x41200000, 0x41200000},
                         {6, 12, true, 0x80000000, 0x80000000}}) {
    testing::ZImageNumbers numbers = testing::kArmmp;
    numbers.reads_memory_nodes = numbers.reads_usable_range = row.reads_tree;
    const Bare kernel(row.major, row.minor, numbers);
    Machine machine = testing::virt(Arch::kArm, 512 * kMega);
    machine.ram = {range(row.ram, 512 * kMega)};
    const Plan plan = must_plan(machine, kernel.view, testing::request_for(machine, 8 * kMega));
    EXPECT_EQ(plan.memory_start, PhysAddr(row.memory_start))
        << row.major << "." << row.minor << " at " << std::hex << row.ram;
  }
}

// The firmware's first MiB is no System RAM, nor is what an earlier kernel has lost; but the tree
// has that.
TEST(PlanBare, memory_may_begin_below_what_there_is_of_it) {
  const Bare kernel;
  Machine machine = testing::virt(Arch::kArm, 512 * kMega);
  PlanRequest request = testing::request_for(machine, 8 * kMega);
  machine.ram = {range(0x40100000, 511 * kMega)};
  EXPECT_EQ(must_plan(machine, kernel.view, request).memory_start, PhysAddr(0x40000000));
  request.tree_memory = machine.ram;
  EXPECT_EQ(must_plan(machine, kernel.view, request).memory_start, PhysAddr(0x40000000));
  machine.ram = {range(0x40200000, 510 * kMega)};
  request.tree_memory = {range(0x40000000, 512 * kMega)};
  EXPECT_EQ(must_plan(machine, kernel.view, request).memory_start, PhysAddr(0x40000000));
  request.tree_memory = machine.ram;
  EXPECT_EQ(must_plan(machine, kernel.view, request).memory_start, PhysAddr(0x40200000));
}

// r2 = 0 is "no tree" to a kernel.
TEST(PlanBare, no_tree_lies_at_address_0) {
  const Bare kernel;
  Machine machine = testing::virt(Arch::kArm, 64 * kMega);
  machine.ram = {range(0, 96 * kMega)};
  for (const ImageView& view : {kernel.view, read_image(kernel.zimage, "zImage").value()}) {
    const PlanRequest request = testing::request_for(machine, 25 * kMega);
    Plan plan = must_plan(machine, view, request);
    EXPECT_GE(start_of(plan, SegmentKind::kTREE), PhysAddr(2 * kMega));
    for (Placement& placement : plan.placements) {
      if (placement.kind == SegmentKind::kTREE) {
        placement.memory = range(0, placement.memory.size_bytes());
      }
    }
    EXPECT_EQ(check_plan(machine, view, request, plan).error().subject(),
              "device tree: at address 0");
  }
}

TEST(PlanBare, what_is_reserved_at_its_place_costs_two_mib_and_is_told) {
  const Bare kernel;
  Machine machine = testing::virt(Arch::kArm, 1024 * kMega);
  machine.reserved = {{range(0x40204000, 0x1000), "firmware"}};
  Plan plan = must_plan(machine, kernel.view, testing::request_for(machine, kMega));
  EXPECT_EQ(plan.memory_start, PhysAddr(0x40200000));
  EXPECT_NE(plan.find(SegmentKind::kKERNEL)->reason.find("loses the memory below 0x40200000"),
            std::string::npos);
  // In its bss.
  machine.reserved = {{range(0x415b0000, 0x1000), "firmware"}};
  plan = must_plan(machine, kernel.view, testing::request_for(machine, kMega));
  EXPECT_EQ(plan.memory_start, PhysAddr(0x41400000));
}

TEST(PlanBare, company_that_finds_no_room_above_moves_it_not_down) {
  const Bare kernel;
  const Machine machine = testing::virt(Arch::kArm, 64 * kMega);
  const Plan plan = must_plan(machine, kernel.view, testing::request_for(machine, 30 * kMega));
  EXPECT_EQ(plan.memory_start, PhysAddr(0x40000000));
  EXPECT_EQ(must_refuse(machine, kernel.view, testing::request_for(machine, 50 * kMega)).code(),
            Code::PLAN_NO_ROOM);
}

TEST(PlanBare, in_a_crash_region_its_memory_begins_there) {
  for (const auto& [major, minor, start] :
       {std::tuple(6U, 1U, 0x50000000ULL), {6U, 1U, 0x50200000ULL}, {5U, 10U, 0x51000000ULL}}) {
    const Bare kernel(major, minor);
    Machine machine = testing::virt(Arch::kArm, 1024 * kMega);
    const base::PhysRange region = range(start, 128 * kMega);
    machine.crash_regions = {region};
    PlanRequest request = testing::request_for(machine, 16 * kMega);
    request.within = region;
    request.tree_limits_memory = true;
    request.elfcorehdr_bytes = 0x1000;
    const Plan plan = must_plan(machine, kernel.view, request);
    EXPECT_EQ(plan.memory_start, region.start());
    EXPECT_EQ(plan.entry, region.start() + 0x208000);
  }
}

TEST(PlanBare, check_plan_knows_by_itself_what_stops_it) {
  struct Row {
    const char* what;
    std::uint64_t distance;
    std::uint32_t minor;
    std::optional<Code> refusal;
  };
  for (const Row& row : {Row{"2 MiB on, of 6.1", 0x200000, 15, std::nullopt},
                         {"1 MiB on", 0x100000, 15, Code::PLAN_UNALIGNED},
                         {"2 MiB on, of 5.10", 0x200000, 10, Code::PLAN_UNALIGNED},
                         {"16 MiB on, of 5.10", 0x1000000, 10, std::nullopt},
                         {"over its own initrd", 0x8000000, 15, Code::PLAN_OVERLAP}}) {
    const Bare kernel(5, row.minor);
    const Machine machine = testing::virt(Arch::kArm, 1024 * kMega);
    const PlanRequest request = testing::request_for(machine, 20 * kMega);
    Plan plan = must_plan(machine, kernel.view, request);
    Placement& moved = plan.placements[0];
    moved.memory = range(moved.memory.start().raw() + row.distance, moved.memory.size_bytes());
    plan.entry = plan.entry + row.distance;
    plan.text = plan.text + row.distance;
    plan.memory_start = plan.memory_start + row.distance;
    plan.footprints = {{range(0, 0xffe00000), "all"}};
    const auto checked = check_plan(machine, kernel.view, request, plan);
    EXPECT_EQ(checked ? std::nullopt : std::optional(checked.error().code()), row.refusal)
        << row.what;
  }
  // The first byte of what is loaded is not the first instruction.
  const Bare kernel;
  const Machine machine = testing::virt(Arch::kArm, 1024 * kMega);
  const PlanRequest request = testing::request_for(machine, kMega);
  Plan plan = must_plan(machine, kernel.view, request);
  plan.entry = start_of(plan, SegmentKind::kKERNEL);
  EXPECT_EQ(check_plan(machine, kernel.view, request, plan).error().subject(),
            "entry: the kernel's first byte");
}

}  // namespace
}  // namespace hyprelay::handoff
