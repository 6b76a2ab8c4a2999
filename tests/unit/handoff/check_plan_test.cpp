// SPDX-License-Identifier: BSD-2-Clause
// check_plan must notice every way to spoil a good plan.
#include "base/error_text.hpp"
#include "tests/unit/handoff/synthetic.hpp"

#include <gtest/gtest.h>

#include <functional>

namespace hyprelay::handoff {
namespace {

using base::Code;
using base::PhysAddr;
using base::PhysRange;
using testing::kMega;
using testing::range;

struct Scene {
  explicit Scene(Arch arch)
      : machine(testing::virt(arch, 1024 * kMega)),
        request(testing::request_for(machine, 8 * kMega)) {
    const testing::Bytes file = arch == Arch::kArm ? testing::make_zimage() : testing::make_image();
    plan = make_plan(machine, read_image(file, "kernel").value(), request).value();
  }
  Placement& operator[](SegmentKind kind) { return *const_cast<Placement*>(plan.find(kind)); }
  void move(SegmentKind kind, std::uint64_t start) {
    (*this)[kind].memory = range(start, (*this)[kind].memory.size_bytes());
  }
  base::Error verdict() const {
    const auto check = check_plan(machine, request, plan);
    EXPECT_FALSE(check.has_value());
    return check.has_value() ? base::Error() : check.error();
  }

  Machine machine;
  PlanRequest request;
  Plan plan;
};

constexpr auto kKernel = SegmentKind::kKERNEL;
constexpr auto kInitrd = SegmentKind::kINITRD;
constexpr auto kTree = SegmentKind::kTREE;
constexpr auto kRelay = SegmentKind::kRELAY;

class CheckBoth : public ::testing::TestWithParam<Arch> {};
INSTANTIATE_TEST_SUITE_P(Arch, CheckBoth, ::testing::Values(Arch::kArm, Arch::kArm64),
                         [](const auto& row) { return arch_name(row.param); });

TEST_P(CheckBoth, a_good_plan_passes) {
  const Scene scene(GetParam());
  EXPECT_TRUE(check_plan(scene.machine, scene.request, scene.plan).has_value());
}

// The old kernel's resident lies where the next kernel will run: it is no reserved memory.
TEST_P(CheckBoth, what_the_relay_needs_is_not_loaded_over_and_costs_no_memory) {
  Scene scene(GetParam());
  const Plan before = scene.plan;
  const bool arm = GetParam() == Arch::kArm;
  scene.request.needed_by_relay = {{range(before.entry.raw() + 0x3000, 0x2000), "the resident"},
                                   {range(before.text.raw() + 0x109000, 0x2000), "another"}};
  const testing::Bytes file = arm ? testing::make_zimage() : testing::make_image();
  scene.plan = make_plan(scene.machine, read_image(file, "kernel").value(), scene.request).value();
  EXPECT_TRUE(check_plan(scene.machine, scene.request, scene.plan).has_value());
  EXPECT_GT(scene.plan.entry, before.entry);
  EXPECT_EQ(scene.plan.memory_start, before.memory_start);
  if (arm) {
    EXPECT_EQ(scene.plan.text, before.text) << "the decompressor may overwrite it";
  }
  EXPECT_EQ(scene.plan.avoided.size(), 2u);
}

TEST_P(CheckBoth, every_spoiled_plan_is_noticed) {
  struct Row {
    const char* what;
    Code code;
    std::string_view subject;
    std::function<void(Scene&)> spoil;
  };
  const auto tree_of = [](Scene& s) { return s[kTree].memory.start().raw(); };
  const Row rows[] = {
      {"initrd on the tree", Code::PLAN_OVERLAP, "initrd and device tree",
       [&](Scene& s) { s.move(kInitrd, tree_of(s)); }},
      {"one page of overlap", Code::PLAN_OVERLAP, "initrd and device tree",
       [&](Scene& s) { s.move(kInitrd, tree_of(s) + s[kTree].memory.size_bytes() - 0x1000); }},
      {"relay in the kernel's way", Code::PLAN_OVERLAP, "",
       [](Scene& s) { s.move(kRelay, s.plan.text.raw() & ~0xfffull); }},
      {"relay over a resident that it needs", Code::PLAN_OVERLAP, "relay and a resident",
       [](Scene& s) {
         s.request.needed_by_relay = {
             {range(s[kRelay].memory.start().raw(), 0x1000), "a resident"}};
       }},
      {"relay behind memory", Code::PLAN_OUTSIDE_RAM, "relay",
       [](Scene& s) { s.move(kRelay, 0x80000000); }},
      {"half the initrd behind memory", Code::PLAN_OUTSIDE_RAM, "initrd",
       [](Scene& s) { s.move(kInitrd, 0x80000000 - 4 * kMega); }},
      {"nothing to load", Code::PLAN_OUTSIDE_RAM, "",
       [](Scene& s) { s.machine.ram = {range(0x90000000, kMega)}; }},
      {"not the tree's memory", Code::PLAN_OUTSIDE_RAM, "relay",
       [](Scene& s) { s.request.tree_memory = {range(0x40000000, 1024 * kMega - 0x1000)}; }},
      {"outside the range asked for", Code::PLAN_OUTSIDE_RAM, "relay",
       [](Scene& s) { s.request.within = range(0x40000000, 1024 * kMega - 0x1000); }},
      {"a reserved byte in the relay", Code::PLAN_OVERLAP, "relay and firmware",
       [](Scene& s) {
         s.machine.reserved = {{range(0x7fffffff, 1), "firmware"}};
       }},
      {"a reserved byte in the inflated kernel's bss", Code::PLAN_OVERLAP, "",
       [](Scene& s) {
         const PhysAddr end = s.plan.footprints.front().range.end();
         s.machine.reserved = {{range(end.raw() - 1, 1), "firmware"}};
       }},
      {"a crash region", Code::PLAN_OVERLAP, "relay and Crash kernel",
       [](Scene& s) { s.machine.crash_regions = {range(0x7ffff000, 0x1000)}; }},
      {"reserved by the tree", Code::PLAN_OVERLAP, "initrd and /memreserve/",
       [](Scene& s) {
         s.request.tree_reserved = {
             {range(s[kInitrd].memory.start().raw() + 5, 1), "/memreserve/"}};
       }},
      {"half a page", Code::PLAN_UNALIGNED, "initrd: page",
       [](Scene& s) { s.move(kInitrd, s[kInitrd].memory.start().raw() + 0x800); }},
      {"pages of 64 KiB", Code::PLAN_UNALIGNED, "",
       [](Scene& s) { s.machine.page_size_bytes = 65536; }},
      {"no tree", Code::SEAL_MISMATCH, "device tree",
       [](Scene& s) { s.plan.placements.erase(s.plan.placements.begin() + 2); }},
      {"two kernels", Code::SEAL_MISMATCH, "kernel",
       [](Scene& s) { s.plan.placements.push_back(s.plan.placements[0]); }},
      {"an initrd that nobody asked for", Code::SEAL_MISMATCH, "initrd",
       [](Scene& s) { s.request.initrd_bytes = 0; }},
      {"a shorter initrd", Code::SEAL_MISMATCH, "initrd",
       [](Scene& s) { --s[kInitrd].content_bytes; }},
      {"more content than memory", Code::SEAL_MISMATCH, "kernel",
       [](Scene& s) { s[kKernel].content_bytes = s[kKernel].memory.size_bytes() + 1; }},
      {"a tree across 2 MiB", Code::PLAN_UNALIGNED, "device tree: one 2 MiB block",
       [](Scene& s) { s.move(kTree, 0x50000000 - 0x1000); }},
      {"text that no footprint holds", Code::PLAN_OVERLAP, "the kernel's text is in no footprint",
       [](Scene& s) { s.plan.footprints.clear(); }},
      {"entry beside the kernel", Code::PLAN_UNALIGNED, "entry: the kernel's first byte",
       [](Scene& s) { s.plan.entry = s.plan.entry + 4; }},
  };
  for (const Row& row : rows) {
    Scene scene(GetParam());
    row.spoil(scene);
    const base::Error error = scene.verdict();
    EXPECT_EQ(error.code(), row.code) << row.what << ": " << base::describe(error);
    if (!row.subject.empty()) {
      EXPECT_EQ(error.subject(), row.subject) << row.what;
    }
  }
}

TEST(CheckArm, the_linear_mapping_and_the_32_bit_limit) {
  Scene scene(Arch::kArm);
  scene.machine.ram = scene.request.tree_memory = {range(0x40000000, 4096 * kMega)};
  scene.move(kInitrd, 0x70000000);
  EXPECT_EQ(scene.verdict().subject(), "initrd: linear mapping");
  scene = Scene(Arch::kArm);
  scene.machine.ram = scene.request.tree_memory = {range(0x40000000, 4096 * kMega)};
  scene.move(kRelay, 0x100000000);
  EXPECT_EQ(scene.verdict().subject(), "relay");
  scene = Scene(Arch::kArm);
  scene.machine.ram = scene.request.tree_memory = {range(0x30000000, 1280 * kMega)};
  scene.move(kTree, 0x38000000);
  EXPECT_EQ(scene.verdict().subject(), "device tree: lost memory");
}

TEST(CheckArm64, the_window_of_32_gib) {
  Scene scene(Arch::kArm64);
  scene.machine.ram.push_back(range(0x800000000, 4096 * kMega));
  scene.request.tree_memory = scene.machine.ram;
  scene.move(kInitrd, 0x840000000 - 8 * kMega);
  EXPECT_TRUE(check_plan(scene.machine, scene.request, scene.plan).has_value());
  scene.move(kInitrd, 0x840000000 - 8 * kMega + 0x1000);
  EXPECT_EQ(scene.verdict().subject(), "initrd: 32 GiB window of the kernel");
}

}  // namespace
}  // namespace hyprelay::handoff
