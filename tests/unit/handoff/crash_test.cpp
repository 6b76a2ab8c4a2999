// SPDX-License-Identifier: BSD-2-Clause
#include "handoff/crash.hpp"

#include "base/error_text.hpp"
#include "handoff/crash_cpus.hpp"
#include "tests/unit/handoff/synthetic.hpp"

#include <gtest/gtest.h>

namespace hyprelay::handoff {
namespace {

using base::Code;
using base::PhysAddr;
using testing::Bytes;
using testing::kMega;
using testing::range;

constexpr std::uint64_t kHeaderBytes = 0x180;

// 1 GiB with one crash region, and a request for a crash kernel in it.
struct Scene {
  Scene(Arch arch, std::uint64_t region_bytes, Bytes kernel_bytes,
        std::uint64_t region_start = 0x60000000)
      : kernel_file(std::move(kernel_bytes)),
        kernel(read_image(kernel_file, "kernel").value()),
        machine(testing::virt(arch, 1024 * kMega)) {
    machine.crash_regions = {range(region_start, region_bytes)};
    machine.reserved = {{machine.crash_regions[0], "Crash kernel"}};
    request = testing::request_for(machine, 20 * kMega);
    limit_to_region(request, main_crash_region(machine).value(), kHeaderBytes);
  }
  base::Result<Plan> plan() const { return make_crash_plan(machine, kernel, request, 20 * kMega); }

  Bytes kernel_file;
  ImageView kernel;
  Machine machine;
  PlanRequest request;
};

Scene arm(std::uint64_t region_bytes, const testing::ZImageNumbers& numbers = {}) {
  return Scene(Arch::kArm, region_bytes, testing::make_zimage(numbers));
}
Scene arm64(std::uint64_t region_bytes) {
  return Scene(Arch::kArm64, region_bytes, testing::make_image());
}

TEST(CrashPlan, a_region_is_all_of_it_memory) {
  const Machine machine = testing::virt(Arch::kArm64, 1024 * kMega);
  const std::uint64_t start = machine.ram.at(0).start().raw();
  const std::uint64_t end = machine.ram.at(0).end().raw();
  EXPECT_TRUE(check_region_is_memory(machine, range(start, 64 * kMega)));
  EXPECT_TRUE(check_region_is_memory(machine, range(end - 64 * kMega, 64 * kMega)));
  for (const base::PhysRange& region : {range(end, 64 * kMega), range(end - kMega, 2 * kMega),
                                        range(start - kMega, 2 * kMega), range(start, 0)}) {
    const auto checked = check_region_is_memory(machine, region);
    ASSERT_FALSE(checked) << region.start().raw();
    EXPECT_EQ(checked.error().code(), Code::CRASH_REGION_OUTSIDE);
    EXPECT_EQ(checked.error().at(), region.start().raw());
  }
}

TEST(CrashPlan, everything_lies_in_the_region_and_the_header_on_top) {
  for (const Scene& scene : {arm(128 * kMega), arm64(128 * kMega)}) {
    const auto plan = scene.plan();
    ASSERT_TRUE(plan.has_value()) << plan.error().subject();
    const base::PhysRange region = scene.machine.crash_regions[0];
    for (const Placement& p : plan.value().placements) {
      EXPECT_TRUE(region.contains(p.memory)) << segment_name(p.kind);
    }
    for (const Footprint& f : plan.value().footprints) {
      EXPECT_TRUE(region.contains(f.range)) << f.reason;
    }
    const Placement* header = plan.value().find(SegmentKind::kELFCOREHDR);
    ASSERT_NE(header, nullptr);
    EXPECT_EQ(header->content_bytes, kHeaderBytes);
    EXPECT_TRUE(header->memory.start().is_aligned(kMega));
    for (const SegmentKind kind :
         {SegmentKind::kKERNEL, SegmentKind::kINITRD, SegmentKind::kTREE}) {
      EXPECT_LE(plan.value().find(kind)->memory.end(), header->memory.start());
    }
    // An arm kernel may not use what lies above its header's beginning.
    const CrashTree tree = crash_tree(scene.machine, plan.value());
    EXPECT_EQ(tree.usable[0].start(), region.start());
    EXPECT_EQ(tree.usable[0].end(),
              scene.machine.arch == Arch::kArm ? header->memory.start() : region.end());
    EXPECT_TRUE(check_plan(scene.machine, scene.kernel, scene.request, plan.value()));
  }
}

TEST(CrashPlan, the_check_misses_no_header) {
  const Scene scene = arm64(128 * kMega);
  Plan plan = scene.plan().value();
  std::erase_if(plan.placements,
                [](const Placement& p) { return p.kind == SegmentKind::kELFCOREHDR; });
  EXPECT_EQ(check_plan(scene.machine, scene.kernel, scene.request, plan).error().code(),
            Code::SEAL_MISMATCH);
}

TEST(CrashPlan, of_two_regions_the_higher_one_is_used_and_named_first) {
  Scene scene = arm64(128 * kMega);
  scene.machine.crash_regions = {range(0x50000000, 64 * kMega), range(0x60000000, 128 * kMega)};
  EXPECT_EQ(main_crash_region(scene.machine).value().start(), PhysAddr(0x60000000));
  const auto plan = scene.plan();
  ASSERT_TRUE(plan.has_value()) << plan.error().subject();
  const CrashTree tree = crash_tree(scene.machine, plan.value());
  EXPECT_EQ(tree.usable,
            (std::vector{range(0x60000000, 128 * kMega), range(0x50000000, 64 * kMega)}));
  EXPECT_EQ(tree.elfcorehdr,
            range(plan.value().find(SegmentKind::kELFCOREHDR)->memory.start().raw(), kHeaderBytes));
}

TEST(CrashPlan, a_region_too_small_is_refused_with_the_size_that_would_do) {
  for (const auto& make : {+[](std::uint64_t bytes) { return arm(bytes); }, &arm64}) {
    const auto refusal = make(32 * kMega).plan();
    ASSERT_FALSE(refusal.has_value());
    EXPECT_EQ(refusal.error().code(), Code::CRASH_REGION_SMALL);
    EXPECT_NE(refusal.error().subject().find("32 MiB at 0x60000000, "), std::string::npos);
    EXPECT_NE(refusal.error().subject().find("crashkernel="), std::string::npos);
    // The size named is enough, and one MiB less is not.
    const std::uint64_t needed = refusal.error().limit();
    EXPECT_TRUE(make(needed).plan().has_value());
    EXPECT_EQ(make(needed - kMega).plan().error().code(), Code::CRASH_REGION_SMALL);
  }
}

TEST(CrashPlan, what_a_larger_region_would_not_help_keeps_its_own_words) {
  Scene scene = arm(128 * kMega);
  scene.request.tree_reserved = {{scene.machine.crash_regions[0], "firmware"}};
  const auto refusal = scene.plan();
  ASSERT_FALSE(refusal.has_value());
  EXPECT_NE(refusal.error().code(), Code::CRASH_REGION_SMALL);
}

// What decides is where the region lies, so that a larger one would not help.
TEST(CrashPlan, a_region_where_the_kernel_cannot_run_is_refused_with_one_where_it_can) {
  const auto zimage = testing::make_zimage({.reads_usable_range = false});
  const auto refusal = Scene(Arch::kArm, 96 * kMega, zimage, 0x62000000).plan();
  ASSERT_FALSE(refusal.has_value());
  EXPECT_EQ(refusal.error().code(), Code::PLAN_RESERVED_KERNEL);
  EXPECT_EQ(refusal.error().subject(),
            "a kernel that old goes to a multiple of 128 MiB, and the crash region begins at "
            "0x62000000; crashkernel=96M@0x68000000");
  EXPECT_TRUE(Scene(Arch::kArm, 96 * kMega, zimage, 0x68000000).plan().has_value());
  EXPECT_TRUE(Scene(Arch::kArm, 96 * kMega, testing::make_zimage(), 0x62000000).plan().has_value());
}

// As 4.9 and 4.12 did on QEMU's virt machine with 1 GiB and crashkernel=256M.
TEST(CrashRegion, outside_of_the_linear_mapping_it_is_refused_with_one_inside) {
  Machine machine = testing::virt(Arch::kArm, 1024 * kMega);
  const base::PhysRange high = range(0x70000000, 256 * kMega);
  machine.reserved = {{range(0x5c000000, 0x1000), "firmware"}, {high, "Crash kernel"}};
  machine.crash.mappings = {{range(0x40000000, 0x2f800000), 0xc0000000}};
  const auto refused = check_region_is_mapped(machine, high);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code(), Code::CRASH_REGION_HIGH);
  EXPECT_EQ(refused.error().at(), 0x70000000u);
  EXPECT_TRUE(refused.error().subject().ends_with("crashkernel=256M@0x48000000"))
      << refused.error().subject();
  // So is one that is no multiple of 128 MiB long; what is named begins at one all the same.
  EXPECT_TRUE(check_region_is_mapped(machine, range(0x70000000, 96 * kMega))
                  .error()
                  .subject()
                  .ends_with("crashkernel=96M@0x68000000"));
  // What it names is taken.
  EXPECT_TRUE(check_region_is_mapped(machine, range(0x48000000, 256 * kMega)));
  // Half in it is not enough.
  EXPECT_FALSE(check_region_is_mapped(machine, range(0x6f000000, 16 * kMega)));
  // A mapping that is not known is no reason; and arm64 has no lowmem.
  machine.arch = Arch::kArm64;
  EXPECT_TRUE(check_region_is_mapped(machine, high));
  machine.arch = Arch::kArm;
  machine.crash.mappings.clear();
  EXPECT_TRUE(check_region_is_mapped(machine, high));
}

TEST(CrashRegion, none_is_an_error_that_tells_the_parameter) {
  const auto region = main_crash_region(testing::virt(Arch::kArm, 1024 * kMega));
  EXPECT_EQ(region.error().code(), Code::CRASH_NO_REGION);
  EXPECT_NE(base::describe(region.error()).find("crashkernel="), std::string::npos);
}

TEST(CrashCommandLine, a_kernel_that_does_not_read_the_tree_is_told_by_words) {
  const Scene scene = arm(128 * kMega, {.reads_usable_range = false});
  const auto plan = scene.plan();
  ASSERT_TRUE(plan.has_value()) << plan.error().subject();
  const base::PhysRange& region = scene.machine.crash_regions[0];
  // The header takes the last MiB of the region, which mem= leaves out.
  const std::string words = old_kernel_arguments(scene.kernel, plan.value(), region);
  EXPECT_EQ(words, " elfcorehdr=0x67f00000 mem=130048K@0x60000000");
  EXPECT_GE(old_kernel_arguments(scene.kernel, Plan(), region).size(), words.size());
  for (const SegmentKind kind : {SegmentKind::kINITRD, SegmentKind::kTREE}) {
    EXPECT_LE(plan.value().find(kind)->memory.end(), PhysAddr(0x67f00000));
  }
  const Scene modern = arm(128 * kMega);
  EXPECT_EQ(old_kernel_arguments(modern.kernel, Plan(), region), "");
  const Scene wide = arm64(128 * kMega);
  EXPECT_EQ(old_kernel_arguments(wide.kernel, Plan(), region), "");
}

TEST(CrashSize, grows_with_the_initrd_and_what_it_unpacks_to) {
  const Scene scene = arm64(128 * kMega);
  const auto small = crash_size(scene.machine, scene.kernel, scene.request, 0).value();
  const auto unpacked = crash_size(scene.machine, scene.kernel, scene.request, 64 * kMega).value();
  EXPECT_EQ(unpacked.smallest_bytes, small.smallest_bytes);
  EXPECT_EQ(unpacked.recommended_bytes, small.recommended_bytes + 128 * kMega);
  PlanRequest larger = scene.request;
  larger.initrd_bytes += 32 * kMega;
  EXPECT_EQ(crash_size(scene.machine, scene.kernel, larger, 0).value().smallest_bytes,
            small.smallest_bytes + 32 * kMega);
  larger.initrd_bytes = std::uint64_t{5} << 30;
  EXPECT_FALSE(crash_size(scene.machine, scene.kernel, larger, 0).has_value());
}

TEST(CrashSize, a_quarter_less_than_recommended_is_less_than_needed) {
  for (const Scene& scene : {arm(128 * kMega), arm64(128 * kMega)}) {
    for (std::uint64_t unpacked = 0; unpacked < 300 * kMega; unpacked += 7 * kMega) {
      const auto size = crash_size(scene.machine, scene.kernel, scene.request, unpacked).value();
      EXPECT_LE(size.smallest_bytes, size.needed_bytes);
      EXPECT_LE(size.needed_bytes, size.recommended_bytes);
      EXPECT_GT(size.needed_bytes, size.recommended_bytes / 4 * 3) << unpacked;
    }
  }
}

// Each needs memory of the kernel and of the capture.
TEST(CrashSize, has_memory_for_the_cpus_that_can_be_started) {
  Scene scene = arm64(128 * kMega);
  const auto one = crash_size(scene.machine, scene.kernel, scene.request, 0).value();
  scene.machine.cpus = 4;
  const auto four = crash_size(scene.machine, scene.kernel, scene.request, 0).value();
  EXPECT_EQ(four.needed_bytes, one.needed_bytes);
  EXPECT_GE(four.recommended_bytes, one.needed_bytes + 3 * kCrashCpuBytes);
  scene.machine.cpus = kMostCrashCpus;
  const auto most = crash_size(scene.machine, scene.kernel, scene.request, 0).value();
  scene.machine.cpus = 256;
  EXPECT_EQ(crash_size(scene.machine, scene.kernel, scene.request, 0).value().recommended_bytes,
            most.recommended_bytes);
  EXPECT_EQ(crash_cpus_in(four.recommended_bytes, four.needed_bytes, 4), 4u);
  EXPECT_EQ(crash_cpus_in(four.needed_bytes + 2 * kCrashCpuBytes - 1, four.needed_bytes, 4), 2u);
  EXPECT_EQ(crash_cpus_in(four.needed_bytes, four.needed_bytes, 4), 1u);
  EXPECT_EQ(crash_cpus_in(0, four.needed_bytes, 4), 1u);
  EXPECT_EQ(crash_cpus_in(four.recommended_bytes, four.needed_bytes, 1), 1u);
  Scene narrow = arm(128 * kMega);
  const auto alone = crash_size(narrow.machine, narrow.kernel, narrow.request, 0).value();
  narrow.machine.cpus = 4;
  EXPECT_EQ(crash_size(narrow.machine, narrow.kernel, narrow.request, 0).value().recommended_bytes,
            alone.recommended_bytes)
      << "those of arm wait in the dead kernel";
}

TEST(CrashSize, pages_are_those_that_the_kernel_names) {
  Scene scene = arm64(128 * kMega);
  scene.machine.page_size_bytes = 0x10000;
  scene.kernel.image.page_size_code = 1;
  EXPECT_EQ(page_size_of(scene.kernel, scene.machine), 0x1000u);
  scene.kernel.image.page_size_code = 3;
  EXPECT_EQ(page_size_of(scene.kernel, Machine()), 0x10000u);
  scene.kernel.image.page_size_code = 0;
  EXPECT_EQ(page_size_of(scene.kernel, scene.machine), 0x10000u);
}

}  // namespace
}  // namespace hyprelay::handoff
