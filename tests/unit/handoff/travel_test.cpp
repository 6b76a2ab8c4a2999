// SPDX-License-Identifier: BSD-2-Clause
// What is copied between the kernels, and where the next one travels packed.
#include "handoff/travel.hpp"

#include "handoff/bare_kernel.hpp"
#include "tests/unit/handoff/plan_support.hpp"
#include "tests/unit/handoff/synthetic.hpp"

namespace hyprelay::handoff {
namespace {

using base::Code;
using base::PhysAddr;
using testing::Bytes;
using testing::kMega;
using testing::range;

// Debian's armmp out of its zImage.
struct Bare {
  Bytes zimage = testing::make_zimage(testing::kArmmp);
  Bytes bytes = Bytes(kBareLead + testing::kArmmp.inflated);
  ImageView view = read_image(zimage, "zImage").value();
  Bare() {
    view.bytes = bytes;
    view.bare = BareKernel{kBareLead, bytes.size(), 6, 1};
  }
};

Machine arm_machine(Mode mode = Mode::kHYP) {
  Machine machine = testing::virt(Arch::kArm, 1024 * kMega);
  machine.kernel_release = "6.1.0-50-armmp";
  machine.boot_mode = mode;
  return machine;
}

TEST(Travel, is_uncached_on_arm_and_before_5_16_on_arm64) {
  EXPECT_TRUE(copies_uncached(arm_machine()));
  struct Row {
    const char* release;
    bool uncached;
  };
  for (const Row& row : {Row{"5.10.0-32-arm64", true},
                         {"5.15.0-1-arm64", true},
                         {"5.16.0", false},
                         {"6.1.0-56-arm64", false},
                         {"", true}}) {
    Machine machine = testing::virt(Arch::kArm64, 1024 * kMega);
    machine.kernel_release = row.release;
    EXPECT_EQ(copies_uncached(machine), row.uncached) << row.release;
  }
}

TEST(Travel, is_packed_where_the_relay_has_caches_and_somebody_copies) {
  const Bare kernel;
  Wishes wishes;
  EXPECT_TRUE(travels_packed(arm_machine(), kernel.view, wishes));
  EXPECT_FALSE(travels_packed(arm_machine(Mode::kSVC), kernel.view, wishes));
  EXPECT_FALSE(travels_packed(arm_machine(Mode::kUNKNOWN), kernel.view, wishes));
  const ImageView zimage = read_image(kernel.zimage, "zImage").value();
  EXPECT_FALSE(travels_packed(arm_machine(), zimage, wishes));
  wishes.panic = true;
  EXPECT_FALSE(travels_packed(arm_machine(), kernel.view, wishes));
  wishes = {};
  wishes.after_reset = true;
  EXPECT_FALSE(travels_packed(arm_machine(), kernel.view, wishes));
}

struct Packed {
  Bare kernel;
  Machine machine = arm_machine();
  PlanRequest request = testing::request_for(machine, 20 * kMega);
  Plan plan = testing::must_plan(machine, kernel.view, request);
  Packed() {
    const auto placed = place_packed(machine, 0xabc123, request, plan);
    EXPECT_TRUE(placed && placed.value());
  }
  std::string fault() const {
    const auto checked = check_plan(machine, kernel.view, request, plan);
    return checked ? "" : base::describe(checked.error());
  }
};

TEST(Travel, a_packed_kernel_has_a_place_of_its_own) {
  const Packed packed;
  EXPECT_EQ(packed.fault(), "");
  ASSERT_TRUE(packed.plan.packed);
  EXPECT_EQ(packed.plan.packed->memory.size_bytes(), 0xabd000u);
  for (const Placement& one : packed.plan.placements) {
    EXPECT_FALSE(one.memory.overlaps(packed.plan.packed->memory)) << segment_name(one.kind);
  }
  const Placement& kernel = *packed.plan.find(SegmentKind::kKERNEL);
  EXPECT_EQ(kernel.memory.start(), PhysAddr(0x40203000));
  EXPECT_EQ(&packed.plan.as_loaded(kernel), &*packed.plan.packed);
}

TEST(Travel, counts_whole_pages_of_what_is_loaded) {
  const Packed packed;
  const Travel travel = travel_of(packed.machine, packed.kernel.view, packed.plan);
  std::uint64_t others = 0;
  for (const Placement& one : packed.plan.placements) {
    others += one.kind == SegmentKind::kKERNEL ? 0 : one.memory.size_bytes();
  }
  EXPECT_EQ(travel.copied_bytes, others + 0xabd000);
  EXPECT_TRUE(travel.uncached);
  EXPECT_EQ(travel.kernel_bytes, testing::kArmmp.inflated);
  EXPECT_DOUBLE_EQ(travel.uncached_per_kernel_byte(),
                   static_cast<double>(travel.copied_bytes) / testing::kArmmp.inflated);
}

TEST(Travel, check_plan_knows_by_itself_where_a_packed_kernel_may_not_lie) {
  struct Row {
    const char* what;
    void (*spoil)(Packed&);
    const char* said;
  };
  const auto move = [](Packed& p, std::uint64_t start) {
    p.plan.packed->memory = range(start, 0xabd000);
  };
  static const auto kMove = move;
  for (const Row& row :
       {Row{"over the kernel", [](Packed& p) { kMove(p, 0x41000000); }, "kernel and packed kernel"},
        {"over the tree", [](Packed& p) { kMove(p, 0x47544000); }, "device tree and packed kernel"},
        {"no memory", [](Packed& p) { kMove(p, 0x90000000); }, "packed kernel"},
        {"no page", [](Packed& p) { kMove(p, 0x50000800); }, "packed kernel: page"},
        {"reserved",
         [](Packed& p) {
           p.machine.reserved.push_back({p.plan.packed->memory, "firmware"});
         },
         "packed kernel and firmware"},
        {"of the resident",
         [](Packed& p) {
           p.request.needed_by_relay.push_back({p.plan.packed->memory, "vectors"});
         },
         "packed kernel and vectors"},
        {"of another size", [](Packed& p) { p.request.packed_bytes += 1; }, "packed kernel"},
        {"longer than its place",
         [](Packed& p) { p.plan.packed->content_bytes = p.request.packed_bytes = 0xabd001; },
         "packed kernel"},
        {"a crash kernel's", [](Packed& p) { p.request.tree_limits_memory = true; },
         "packed kernel"}}) {
    Packed packed;
    row.spoil(packed);
    EXPECT_NE(packed.fault().find(row.said), std::string::npos)
        << row.what << ": " << packed.fault();
  }
}

TEST(Travel, where_there_is_no_room_it_is_not_packed) {
  const Bare kernel;
  Machine machine = arm_machine();
  machine.ram = {range(0x40000000, 48 * kMega)};
  PlanRequest request = testing::request_for(machine, 16 * kMega);
  Plan plan = testing::must_plan(machine, kernel.view, request);
  const auto placed = place_packed(machine, 12 * kMega, request, plan);
  ASSERT_TRUE(placed);
  EXPECT_FALSE(placed.value());
  EXPECT_FALSE(plan.packed);
  EXPECT_EQ(request.packed_bytes, 0u);
}

}  // namespace
}  // namespace hyprelay::handoff
