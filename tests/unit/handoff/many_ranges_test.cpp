// SPDX-License-Identifier: BSD-2-Clause
// Machines with more ranges of memory than others have room for: kexec-tools reads 64 on arm, and
// drops the rest without a word [kexec-tools kexec/arch/arm/kexec-arm.c MAX_MEMORY_RANGES].
#include "tests/unit/handoff/plan_support.hpp"
#include "tests/unit/handoff/synthetic.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace hyprelay::handoff {
namespace {

using base::PhysAddr;
using testing::kMega;
using testing::must_plan;
using testing::range;

class ManyRanges : public ::testing::TestWithParam<std::tuple<Arch, std::size_t>> {
 protected:
  Arch arch() const { return std::get<0>(GetParam()); }
  std::size_t count() const { return std::get<1>(GetParam()); }
  testing::Bytes file = arch() == Arch::kArm ? testing::make_zimage() : testing::make_image();
  ImageView kernel = read_image(file, "kernel").value();
};
INSTANTIATE_TEST_SUITE_P(Plan, ManyRanges,
                         ::testing::Combine(::testing::Values(Arch::kArm, Arch::kArm64),
                                            ::testing::Values(63u, 64u, 65u, 1024u)));

void expect_apart(const Plan& plan, const std::vector<NamedRange>& reserved) {
  for (const Placement& placed : plan.placements) {
    for (const NamedRange& one : reserved) {
      EXPECT_FALSE(placed.memory.overlaps(one.range))
          << segment_name(placed.kind) << " " << one.name;
    }
  }
}

// Where each segment would lie is taken by the range that is named last, one after the other.
TEST_P(ManyRanges, the_last_reservation_counts_as_the_first) {
  Machine machine = testing::virt(arch(), 1024 * kMega);
  // At the end of memory, where nothing but the relay is wanted.
  for (std::size_t i = 0; i + 1 < count(); ++i) {
    machine.reserved.push_back({range(0x78000000 + i * 0x10000, 0x1000), "reserved"});
  }
  const PlanRequest request = testing::request_for(machine, 8 * kMega);
  const Plan before = must_plan(machine, kernel, request);
  expect_apart(before, machine.reserved);
  for (const Placement& placed : before.placements) {
    Machine other = machine;
    other.reserved.push_back({range(placed.memory.start().raw(), 0x1000), "the last"});
    ASSERT_EQ(other.reserved.size(), count());
    const Plan after = must_plan(other, kernel, testing::request_for(other, 8 * kMega));
    expect_apart(after, other.reserved);
    EXPECT_EQ(std::ranges::count(after.avoided, "the last", &NamedRange::name), 1);
  }
}

// An initrd that only the last of them holds.
TEST_P(ManyRanges, the_last_bank_is_used) {
  Machine machine = testing::virt(arch(), 64 * kMega);
  for (std::size_t i = 0; i + 2 < count(); ++i) {
    machine.ram.push_back(range(0x48000000 + i * 0x20000, 0x10000));
  }
  machine.ram.push_back(range(0x60000000, 64 * kMega));
  ASSERT_EQ(machine.ram.size(), count());
  const Plan plan = must_plan(machine, kernel, testing::request_for(machine, 50 * kMega));
  EXPECT_TRUE(machine.ram.back().contains(plan.find(SegmentKind::kINITRD)->memory));
}

// Of the 2 GiB of a 32-bit machine the kernel sees 760 MiB when it starts: an initrd may end there
// and no page later, whatever lies free above.
TEST(ArmLowmem, an_initrd_ends_at_its_boundary_or_is_refused) {
  const testing::Bytes file = testing::make_zimage();
  const ImageView kernel = read_image(file, "kernel").value();
  const Machine machine = testing::virt(Arch::kArm, 2048 * kMega);
  const PhysAddr boundary(0x40000000 + 760 * kMega);
  // From where it begins behind the tree.
  const PhysAddr start = must_plan(machine, kernel, testing::request_for(machine, kMega))
                             .find(SegmentKind::kINITRD)
                             ->memory.start();
  const auto end_of = [&](std::uint64_t bytes) {
    return must_plan(machine, kernel, testing::request_for(machine, bytes))
        .find(SegmentKind::kINITRD)
        ->memory.end();
  };
  EXPECT_EQ(end_of(boundary - start), boundary);
  // It has to move down.
  EXPECT_LE(end_of(boundary - start + 0x1000), boundary);
  const base::Error error =
      testing::must_refuse(machine, kernel, testing::request_for(machine, 760 * kMega));
  EXPECT_EQ(error.code(), base::Code::PLAN_NO_ROOM);
  EXPECT_TRUE(error.subject().starts_with(
      "initrd: needs 760 MiB, the largest free range it may lie in has "))
      << error.subject();
}

}  // namespace
}  // namespace hyprelay::handoff
