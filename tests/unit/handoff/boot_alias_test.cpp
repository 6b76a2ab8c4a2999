// SPDX-License-Identifier: BSD-2-Clause
// A machine like Keystone 2: memory at 0x8_0000_0000, which kernels see at 0x8000_0000 when they
// start.
#include "handoff/boot_alias.hpp"

#include "handoff/crash.hpp"
#include "handoff/elfcorehdr.hpp"
#include "handoff/resident.hpp"
#include "tests/unit/handoff/plan_support.hpp"
#include "tests/unit/handoff/synthetic.hpp"

#include <gtest/gtest.h>

namespace hyprelay::handoff {
namespace {

using base::Code;
using base::PhysAddr;
using testing::kMega;
using testing::must_plan;
using testing::range;

constexpr std::uint64_t kMemory = 0x800000000;
constexpr std::uint64_t kAlias = 0x80000000;
constexpr std::uint64_t kDistance = kMemory - kAlias;

Machine keystone() {
  Machine machine;
  machine.arch = Arch::kArm;
  machine.ram = {range(kMemory, 2048 * kMega)};
  machine.boot_alias = {range(kAlias, 2048 * kMega)};
  return machine;
}

struct Scene {
  Scene() : file(testing::make_zimage()), kernel(read_image(file, "kernel").value()) {}
  Code verdict(const Plan& plan) const {
    const auto checked = check_plan(machine, kernel, request, plan);
    return checked ? Code::INTERNAL : checked.error().code();
  }

  testing::Bytes file;
  ImageView kernel;
  Machine machine = keystone();
  PlanRequest request = testing::request_for(machine, 8 * kMega);
};

TEST(BootAlias, segments_have_the_addresses_that_the_next_kernel_starts_at) {
  const Scene scene;
  const Plan plan = must_plan(scene.machine, scene.kernel, scene.request);
  EXPECT_EQ(plan.boot_distance_bytes, kDistance);
  EXPECT_EQ(plan.memory_start, PhysAddr(kAlias)) << "of the decompressor's own 128 MiB";
  EXPECT_EQ(plan.text, PhysAddr(kAlias + 0x208000));
  for (const Placement& p : plan.placements) {
    EXPECT_TRUE(scene.machine.boot_alias[0].contains(p.memory)) << segment_name(p.kind);
  }
}

TEST(BootAlias, what_is_reserved_in_memory_is_spared_in_the_alias) {
  Scene scene;
  scene.machine.reserved = {{range(kMemory, 256 * kMega), "reserved"}};
  scene.request.tree_reserved = {{range(kMemory + 256 * kMega, 256 * kMega), "tree"},
                                 {range(kAlias + 512 * kMega, 128 * kMega), "by its alias"}};
  const Plan plan = must_plan(scene.machine, scene.kernel, scene.request);
  EXPECT_EQ(plan.memory_start, PhysAddr(kAlias + 640 * kMega));
}

TEST(BootAlias, a_crash_kernel_lies_in_the_alias_of_its_region) {
  Scene scene;
  scene.machine.crash_regions = {range(kMemory + 0x28000000, 128 * kMega)};
  scene.machine.reserved = {{scene.machine.crash_regions[0], "Crash kernel"}};
  limit_to_region(scene.request, scene.machine.crash_regions[0], 0x1000);
  const Plan plan = must_plan(scene.machine, scene.kernel, scene.request);
  for (const Placement& p : plan.placements) {
    EXPECT_TRUE(range(kAlias + 0x28000000, 128 * kMega).contains(p.memory));
  }
  const CrashTree tree = crash_tree(scene.machine, plan);
  EXPECT_EQ(tree.elfcorehdr.start(),
            plan.find(SegmentKind::kELFCOREHDR)->memory.start() + kDistance);
  ASSERT_EQ(tree.usable.size(), 1u);
  EXPECT_EQ(tree.usable[0].start(), PhysAddr(kMemory + 0x28000000));
  EXPECT_EQ(tree.usable[0].end(), tree.elfcorehdr.start());
}

TEST(BootAlias, memory_is_dumped_once_by_the_addresses_that_a_32_bit_header_holds) {
  Machine machine = keystone();
  machine.ram = {range(kMemory, 3072 * kMega)};
  machine.crash_regions = {range(kMemory + 0x28000000, 128 * kMega)};
  machine.crash.cpu_notes = {range(kMemory + 0x1000, 0x1a8)};
  machine.crash.vmcoreinfo = range(kMemory + 0x2000, 0x400);
  machine.crash.mappings = {{range(kMemory, 760 * kMega), 0xc0000000}};
  const Machine there = at_boot_addresses(machine).value();
  const CoreHeader header = make_core_header(there).value();
  EXPECT_EQ(header.memory_bytes, (2048 - 128) * kMega);
  EXPECT_EQ(header.left_out_bytes, 1024 * kMega) << "no alias, no 32-bit address";
  // The first note, and where the linear mapping begins.
  EXPECT_EQ(base::read_le<std::uint32_t>(header.bytes, 52 + 4).value(), kAlias + 0x1000);
  EXPECT_EQ(base::read_le<std::uint32_t>(header.bytes, 52 + 2 * 32 + 8).value(), 0xc0000000u);
  EXPECT_EQ(base::read_le<std::uint32_t>(header.bytes, 52 + 2 * 32 + 12).value(), kAlias);
}

// The relay calls it by an address of 32 bits.
TEST(BootAlias, the_resident_is_found_in_the_alias) {
  Machine machine = keystone();
  machine.hyp.addresses = {0xc0100020, 0, 0xc0008240, kMemory + 0x8000};
  EXPECT_FALSE(stub_vectors(machine));
  const auto vectors = stub_vectors(at_boot_addresses(machine).value());
  ASSERT_TRUE(vectors);
  EXPECT_EQ(vectors->physical, kAlias + 0x100020);
}

TEST(BootAlias, the_check_refuses_what_is_right_by_one_of_the_addresses_alone) {
  Scene scene;
  scene.machine.ram = {range(kMemory, 1024 * kMega)};
  scene.machine.boot_alias = {range(kAlias, 512 * kMega)};
  scene.request.tree_memory = scene.machine.ram;
  scene.machine.reserved = {{range(kMemory + 256 * kMega, kMega), "reserved"}};
  const Plan good = must_plan(scene.machine, scene.kernel, scene.request);
  const auto moved = [&](std::uint64_t start) {
    Plan plan = good;
    for (Placement& p : plan.placements) {
      if (p.kind == SegmentKind::kRELAY) {
        p.memory = range(start, p.memory.size_bytes());
      }
    }
    return plan;
  };
  EXPECT_EQ(scene.verdict(moved(kAlias + 400 * kMega)), Code::INTERNAL) << "is good";
  EXPECT_EQ(scene.verdict(moved(kAlias + 768 * kMega)), Code::PLAN_OUTSIDE_RAM) << "no alias";
  EXPECT_EQ(scene.verdict(moved(kMemory + 400 * kMega)), Code::PLAN_OUTSIDE_RAM);
  EXPECT_EQ(scene.verdict(moved(kAlias + 256 * kMega)), Code::PLAN_OVERLAP);
  Plan other = good;
  other.boot_distance_bytes = 0;
  EXPECT_EQ(scene.verdict(other), Code::SEAL_MISMATCH);
  scene.request.tree_memory = {range(kMemory, 300 * kMega)};
  EXPECT_EQ(scene.verdict(moved(kAlias + 400 * kMega)), Code::PLAN_OUTSIDE_RAM) << "by the tree";
}

TEST(BootAlias, an_alias_of_no_memory_and_a_tree_without_the_memory_are_refused) {
  Scene scene;
  scene.request.tree_memory = {range(kAlias, 2048 * kMega)};
  const base::Error elsewhere = testing::must_refuse(scene.machine, scene.kernel, scene.request);
  EXPECT_EQ(elsewhere.code(), Code::MACHINE_MALFORMED);
  EXPECT_EQ(elsewhere.subject(),
            "the tree's /memory is at 0x80000000, none of it 0x780000000 above a boot alias");
  scene.machine.boot_alias = {range(kAlias, 4096 * kMega)};
  EXPECT_EQ(testing::must_refuse(scene.machine, scene.kernel, scene.request).code(),
            Code::MACHINE_MALFORMED);
}

}  // namespace
}  // namespace hyprelay::handoff
