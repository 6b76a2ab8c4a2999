// SPDX-License-Identifier: BSD-2-Clause
#include "tests/unit/handoff/plan_support.hpp"
#include "tests/unit/handoff/synthetic.hpp"

#include <ctime>

namespace hyprelay::handoff {
namespace {

using base::Code;
using base::PhysAddr;
using testing::Bytes;
using testing::kMega;
using testing::must_plan;
using testing::must_refuse;
using testing::range;

TEST(PlanArm64, places_the_image_at_the_lowest_boundary) {
  const Bytes file = testing::make_image();
  const ImageView kernel = read_image(file, "Image").value();
  const Machine machine = testing::virt(Arch::kArm64, 1024 * kMega);
  const Plan plan = must_plan(machine, kernel, testing::request_for(machine, 20 * kMega));
  EXPECT_EQ(plan.entry, PhysAddr(0x40000000));
  EXPECT_EQ(plan.find(SegmentKind::kTREE)->memory.start(), PhysAddr(0x42200000));
  EXPECT_EQ(plan.find(SegmentKind::kINITRD)->memory.start(), PhysAddr(0x42212000));
  EXPECT_EQ(plan.find(SegmentKind::kRELAY)->memory.end(), PhysAddr(0x80000000));
}

TEST(PlanArm64, text_offset_and_large_pages_are_respected) {
  const Bytes file = testing::make_image({.text_offset = 0x80000, .flags = 2});
  const ImageView kernel = read_image(file, "Image").value();
  Machine machine = testing::virt(Arch::kArm64, 1024 * kMega);
  machine.ram = {range(0x40081000, 512 * kMega)};
  machine.page_size_bytes = 0x10000;
  const PlanRequest request = testing::request_for(machine, 20 * kMega);
  const Plan plan = must_plan(machine, kernel, request);
  EXPECT_EQ(plan.entry, PhysAddr(0x40280000));
  const Bytes odd = testing::make_image({.text_offset = 0x1000});
  EXPECT_EQ(must_refuse(machine, read_image(odd, "Image").value(), request).code(),
            Code::PLAN_UNALIGNED);
}

TEST(PlanArm64, the_initrd_shares_a_window_of_32_gib_with_the_image) {
  const Bytes file = testing::make_image();
  const ImageView kernel = read_image(file, "Image").value();
  Machine machine = testing::virt(Arch::kArm64, 64 * kMega);
  machine.ram.push_back(range(0x840000000, 1024 * kMega));
  PlanRequest request = testing::request_for(machine, 200 * kMega);
  // The Image must leave the low bank, which alone could hold it, for a window with the initrd.
  const Plan plan = must_plan(machine, kernel, request);
  EXPECT_EQ(plan.entry, PhysAddr(0x840000000));
  EXPECT_LT(plan.find(SegmentKind::kRELAY)->memory.start(), PhysAddr(0x100000000));
}

TEST(PlanArm64, a_large_initrd_may_take_the_hole_that_the_image_would_like) {
  const Bytes file = testing::make_image();
  const ImageView kernel = read_image(file, "Image").value();
  Machine machine = testing::virt(Arch::kArm64, 512 * kMega);
  machine.reserved = {{range(0x50000000, 0x100000), "wall"}};
  const PlanRequest request = testing::request_for(machine, 256 * kMega - 0x1000);
  const Plan plan = must_plan(machine, kernel, request);
  EXPECT_LT(plan.find(SegmentKind::kINITRD)->memory.start(), plan.entry);
}

TEST(PlanArm64, old_kernels_get_tree_and_initrd_above_the_image) {
  const Bytes file = testing::make_image({.text_offset = 0x80000, .flags = 0});
  const ImageView kernel = read_image(file, "Image").value();
  Machine machine = testing::virt(Arch::kArm64, 2048 * kMega);
  machine.reserved = {{range(0x42000000, 0x1000), "one"}};
  const PlanRequest request = testing::request_for(machine, 20 * kMega);
  const Plan plan = must_plan(machine, kernel, request);
  EXPECT_EQ(plan.entry, PhysAddr(0x42080000));
  EXPECT_GT(plan.find(SegmentKind::kTREE)->memory.start(), plan.entry);
  EXPECT_LT(plan.find(SegmentKind::kTREE)->memory.end(), PhysAddr(0x42000000 + 512 * kMega));
  EXPECT_GT(plan.find(SegmentKind::kINITRD)->memory.start(), plan.entry);
}

TEST(PlanArm64, old_kernels_do_not_get_a_tree_that_they_cannot_reach) {
  const Bytes old = testing::make_image({.flags = 2});
  const Bytes current = testing::make_image();
  Machine machine = testing::virt(Arch::kArm64, 0);
  machine.ram = {range(0x40000000, 33 * kMega), range(0x80000000, 8 * kMega)};
  const PlanRequest request = testing::request_for(machine, 0);
  EXPECT_EQ(must_plan(machine, read_image(current, "Image").value(), request)
                .find(SegmentKind::kTREE)
                ->memory.start(),
            PhysAddr(0x80000000));
  const base::Error error = must_refuse(machine, read_image(old, "Image").value(), request);
  EXPECT_EQ(error.code(), Code::PLAN_NO_ROOM);
  EXPECT_EQ(error.subject(),
            "device tree: needs 2 MiB, the largest free range it may lie in has 960 KiB");
}

TEST(PlanArm64, memory_that_the_relay_cannot_reach_is_left_alone_or_refused) {
  const Bytes file = testing::make_image();
  const ImageView kernel = read_image(file, "Image").value();
  Machine machine = testing::virt(Arch::kArm64, 1024 * kMega);
  machine.ram.push_back(range(std::uint64_t{1} << 50, 1024 * kMega));
  EXPECT_EQ(must_plan(machine, kernel, testing::request_for(machine, 0)).entry.raw(), 0x40000000u);
  machine.ram.erase(machine.ram.begin());
  const base::Error error = must_refuse(machine, kernel, testing::request_for(machine, 0));
  EXPECT_EQ(error.code(), Code::PLAN_UNREACHABLE);
  EXPECT_EQ(error.limit(), std::uint64_t{1} << 48);
}

// n log n: quadratic, this takes half a minute.
TEST(PlanArm64, fifty_thousand_ranges_take_no_time) {
  const Bytes file = testing::make_image({.size_bytes = 0x1000, .image_size = 0x10000});
  const ImageView kernel = read_image(file, "Image").value();
  Machine machine = testing::virt(Arch::kArm64, 0);
  for (std::uint64_t i = 0; i < 50000; ++i) {
    const std::uint64_t start = (0x40000000 + i * 4 * kMega) ^ (i % 2 != 0 ? 0x100000000000 : 0);
    machine.ram.push_back(range(start, 3 * kMega));
    machine.reserved.push_back({range(start + kMega + 0x123, 0x1000), "reserved"});
  }
  PlanRequest request = testing::request_for(machine, 0);
  request.tree_reserved = machine.reserved;
  const auto cpu = [] { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; };
  const double before = cpu();
  must_refuse(machine, kernel, request);
  request.tree_bytes = 0x1000;
  machine.ram.push_back(range(0x1000000000, 64 * kMega));
  request.tree_memory = machine.ram;
  must_plan(machine, kernel, request);
  // About one second with sanitizers, some hundredths without.
  EXPECT_LT(cpu() - before, 6.0);
}

TEST(Plan, refuses_what_it_cannot_plan) {
  const Bytes file = testing::make_image();
  const ImageView kernel = read_image(file, "Image").value();
  Machine machine = testing::virt(Arch::kArm, 1024 * kMega);
  PlanRequest request = testing::request_for(machine, 0);
  EXPECT_EQ(must_refuse(machine, kernel, request).code(), Code::IMAGE_WRONG_ARCH);
  machine.arch = Arch::kArm64;
  request.tree_bytes = 2 * kMega + 1;
  EXPECT_EQ(must_refuse(machine, kernel, request).code(), Code::TREE_TOO_LARGE);
  request = testing::request_for(machine, 0);
  request.tree_memory = {range(0x80000000, kMega)};
  const base::Error elsewhere = must_refuse(machine, kernel, request);
  EXPECT_EQ(elsewhere.code(), Code::MACHINE_MALFORMED);
  EXPECT_EQ(elsewhere.subject(), "the tree's /memory is at 0x80000000, System RAM at 0x40000000");
  for (const std::uint32_t page : {0u, 512u, 4097u, 8192u, 1u << 30}) {
    machine.page_size_bytes = page;
    EXPECT_EQ(must_refuse(machine, kernel, request).code(), Code::MACHINE_MALFORMED) << page;
  }
  machine.page_size_bytes = 4096;
  machine.ram.clear();
  EXPECT_EQ(must_refuse(machine, kernel, request).code(), Code::MACHINE_NO_RAM);
  machine.ram = {range(0x40000000, 16 * kMega)};
  request = testing::request_for(machine, 0);
  const base::Error error = must_refuse(machine, kernel, request);
  EXPECT_EQ(error.code(), Code::PLAN_NO_ROOM);
  EXPECT_EQ(error.subject(),
            "kernel: needs 33 MiB, the largest free range it may lie in has 16 MiB");
}

TEST(Plan, a_tree_without_memory_leaves_the_machines_ram) {
  const Bytes file = testing::make_image();
  const ImageView kernel = read_image(file, "Image").value();
  const Machine machine = testing::virt(Arch::kArm64, 1024 * kMega);
  PlanRequest request = testing::request_for(machine, kMega);
  request.tree_memory.clear();
  EXPECT_EQ(must_plan(machine, kernel, request).entry, PhysAddr(0x40000000));
}

}  // namespace
}  // namespace hyprelay::handoff
