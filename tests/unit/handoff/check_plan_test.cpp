// SPDX-License-Identifier: BSD-2-Clause
// check_plan must notice every way to spoil a good plan.
#include "base/error_text.hpp"
#include "handoff/crash.hpp"
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

constexpr auto kKernel = SegmentKind::kKERNEL;
constexpr auto kInitrd = SegmentKind::kINITRD;
constexpr auto kTree = SegmentKind::kTREE;
constexpr auto kRelay = SegmentKind::kRELAY;

struct Scene {
  explicit Scene(Arch arch)
      : Scene(testing::virt(arch, 1024 * kMega),
              arch == Arch::kArm ? testing::make_zimage() : testing::make_image()) {}
  Scene(Machine of, testing::Bytes kernel_bytes)
      : file(std::move(kernel_bytes)),
        kernel(read_image(file, "kernel").value()),
        machine(std::move(of)),
        request(testing::request_for(machine, 8 * kMega)),
        plan(make_plan(machine, kernel, request).value()) {}

  Placement& operator[](SegmentKind kind) { return *const_cast<Placement*>(plan.find(kind)); }
  void move(SegmentKind kind, std::uint64_t start) {
    (*this)[kind].memory = range(start, (*this)[kind].memory.size_bytes());
  }
  base::Result<void> check() const { return check_plan(machine, kernel, request, plan); }
  base::Error verdict() const {
    const auto checked = check();
    EXPECT_FALSE(checked.has_value());
    return checked.has_value() ? base::Error() : checked.error();
  }

  testing::Bytes file;
  ImageView kernel;
  Machine machine;
  PlanRequest request;
  Plan plan;
};

class CheckBoth : public ::testing::TestWithParam<Arch> {};
INSTANTIATE_TEST_SUITE_P(Arch, CheckBoth, ::testing::Values(Arch::kArm, Arch::kArm64),
                         [](const auto& row) { return arch_name(row.param); });

TEST_P(CheckBoth, a_good_plan_passes) {
  const Scene scene(GetParam());
  EXPECT_TRUE(scene.check().has_value());
}

// The old kernel's resident lies where the next kernel will run: it is no reserved memory.
TEST_P(CheckBoth, what_the_relay_needs_is_not_loaded_over_and_costs_no_memory) {
  Scene scene(GetParam());
  const Plan before = scene.plan;
  scene.request.needed_by_relay = {{range(before.entry.raw() + 0x3000, 0x2000), "the resident"},
                                   {range(before.text.raw() + 0x109000, 0x2000), "another"}};
  scene.plan = make_plan(scene.machine, scene.kernel, scene.request).value();
  EXPECT_TRUE(scene.check().has_value());
  EXPECT_GT(scene.plan.entry, before.entry);
  EXPECT_EQ(scene.plan.memory_start, before.memory_start);
  if (GetParam() == Arch::kArm) {
    EXPECT_EQ(scene.plan.text, before.text) << "the decompressor may overwrite it";
  }
  EXPECT_EQ(scene.plan.avoided.size(), 2u);
}

struct Row {
  const char* what;
  Code code;
  // Empty: any.
  std::string_view subject;
  std::function<void(Scene&)> spoil;
};

void expect_noticed(Arch arch, const std::vector<Row>& rows) {
  for (const Row& row : rows) {
    Scene scene(arch);
    row.spoil(scene);
    const base::Error error = scene.verdict();
    EXPECT_EQ(error.code(), row.code) << row.what << ": " << base::describe(error);
    if (!row.subject.empty()) {
      EXPECT_EQ(error.subject(), row.subject) << row.what;
    }
  }
}

TEST_P(CheckBoth, segments_on_each_other_and_on_reserved_memory_are_noticed) {
  const auto tree_of = [](Scene& s) { return s[kTree].memory.start().raw(); };
  expect_noticed(
      GetParam(),
      {{"initrd on the tree", Code::PLAN_OVERLAP, "initrd and device tree",
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
       {"reserved by the tree", Code::PLAN_OVERLAP, "initrd and /memreserve/", [](Scene& s) {
          s.request.tree_reserved = {
              {range(s[kInitrd].memory.start().raw() + 5, 1), "/memreserve/"}};
        }}});
}

TEST_P(CheckBoth, what_is_no_memory_is_noticed) {
  expect_noticed(
      GetParam(),
      {{"relay behind memory", Code::PLAN_OUTSIDE_RAM, "relay",
        [](Scene& s) { s.move(kRelay, 0x80000000); }},
       {"half the initrd behind memory", Code::PLAN_OUTSIDE_RAM, "initrd",
        [](Scene& s) { s.move(kInitrd, 0x80000000 - 4 * kMega); }},
       {"nothing to load", Code::PLAN_OUTSIDE_RAM, "",
        [](Scene& s) { s.machine.ram = {range(0x90000000, kMega)}; }},
       {"not the tree's memory", Code::PLAN_OUTSIDE_RAM, "relay",
        [](Scene& s) { s.request.tree_memory = {range(0x40000000, 1024 * kMega - 0x1000)}; }},
       {"outside the range asked for", Code::PLAN_OUTSIDE_RAM, "relay",
        [](Scene& s) { s.request.within = range(0x40000000, 1024 * kMega - 0x1000); }}});
}

TEST_P(CheckBoth, alignments_and_page_sizes_that_do_not_exist_are_noticed) {
  expect_noticed(GetParam(),
                 {{"half a page", Code::PLAN_UNALIGNED, "initrd: page",
                   [](Scene& s) { s.move(kInitrd, s[kInitrd].memory.start().raw() + 0x800); }},
                  {"pages of 64 KiB", Code::PLAN_UNALIGNED, "",
                   [](Scene& s) { s.machine.page_size_bytes = 65536; }},
                  {"pages of 8 KiB", Code::MACHINE_MALFORMED, "page size",
                   [](Scene& s) { s.machine.page_size_bytes = 8192; }},
                  {"pages of 1 GiB", Code::MACHINE_MALFORMED, "page size",
                   [](Scene& s) { s.machine.page_size_bytes = 1 << 30; }},
                  {"a tree across 2 MiB", Code::PLAN_UNALIGNED, "device tree: one 2 MiB block",
                   [](Scene& s) { s.move(kTree, 0x50000000 - 0x1000); }}});
}

TEST_P(CheckBoth, segments_of_another_number_or_size_are_noticed) {
  expect_noticed(GetParam(),
                 {{"no tree", Code::SEAL_MISMATCH, "device tree",
                   [](Scene& s) { s.plan.placements.erase(s.plan.placements.begin() + 2); }},
                  {"two kernels", Code::SEAL_MISMATCH, "kernel",
                   [](Scene& s) { s.plan.placements.push_back(s.plan.placements[0]); }},
                  {"an initrd that nobody asked for", Code::SEAL_MISMATCH, "initrd",
                   [](Scene& s) { s.request.initrd_bytes = 0; }},
                  {"a shorter initrd", Code::SEAL_MISMATCH, "initrd",
                   [](Scene& s) { --s[kInitrd].content_bytes; }},
                  {"half a kernel", Code::SEAL_MISMATCH, "kernel",
                   [](Scene& s) { s[kKernel].content_bytes /= 2; }},
                  {"more content than memory", Code::SEAL_MISMATCH, "kernel", [](Scene& s) {
                     s[kKernel].content_bytes = s[kKernel].memory.size_bytes() + 1;
                   }}});
}

TEST_P(CheckBoth, what_the_plan_says_of_itself_is_not_believed) {
  expect_noticed(
      GetParam(),
      {{"writes that no footprint tells", Code::SEAL_MISMATCH, "",
        [](Scene& s) { s.plan.footprints.clear(); }},
       {"a footprint that is too short", Code::SEAL_MISMATCH, "",
        [](Scene& s) {
          PhysRange& told = s.plan.footprints.front().range;
          told = range(told.start().raw(), told.size_bytes() - 1);
        }},
       {"entry beside the kernel", Code::SEAL_MISMATCH, "entry: the kernel's first byte",
        [](Scene& s) { s.plan.entry = s.plan.entry + 4; }},
       {"text elsewhere", Code::SEAL_MISMATCH, "the kernel will not run where the plan says",
        [](Scene& s) { s.plan.text = s.plan.text + 2 * kMega; }},
       {"memory from elsewhere", Code::SEAL_MISMATCH, "the kernel will not run where the plan says",
        [](Scene& s) { s.plan.memory_start = s.plan.memory_start + 2 * kMega; }},
       {"a plan for the other architecture", Code::SEAL_MISMATCH, "architecture",
        [](Scene& s) { s.plan.arch = s.plan.arch == Arch::kArm ? Arch::kArm64 : Arch::kArm; }}});
}

// The start of memory is that of another window than the one the zImage was moved to: the plan says
// what was right before, and what will be written now is reserved.
TEST(CheckArm, a_zimage_in_another_window_puts_its_kernel_elsewhere) {
  Scene scene(Arch::kArm);
  scene.machine.reserved = {{range(0x51400000, kMega), "secure firmware"}};
  scene.move(kKernel, 0x54000000);
  scene.plan.entry = scene[kKernel].memory.start();
  EXPECT_EQ(scene.verdict().code(), Code::SEAL_MISMATCH);
  scene.plan.memory_start = PhysAddr(0x50000000);
  scene.plan.text = PhysAddr(0x50208000);
  // Its page tables are told of, so that the first thing found is what would be overwritten.
  scene.plan.footprints.push_back({range(0x50203000, 0x5000), "page tables"});
  EXPECT_EQ(scene.verdict().code(), Code::PLAN_OVERLAP);
  EXPECT_EQ(scene.verdict().subject(), "inflated kernel and its bss and secure firmware");
}

TEST(CheckArm, the_linear_mapping_and_the_32_bit_limit) {
  Scene scene(Arch::kArm);
  scene.machine.ram = scene.request.tree_memory = {range(0x40000000, 4096 * kMega)};
  scene.move(kInitrd, 0x70000000);
  EXPECT_EQ(scene.verdict().subject(), "initrd: linear mapping");
  scene = Scene(Arch::kArm);
  scene.machine.ram = scene.request.tree_memory = {range(0x40000000, 4096 * kMega)};
  scene.move(kRelay, 0x100000000);
  EXPECT_EQ(scene.verdict().subject(), "relay: the relay's reach");
  scene = Scene(Arch::kArm);
  scene.machine.ram = scene.request.tree_memory = {range(0x30000000, 1280 * kMega)};
  scene.move(kTree, 0x38000000);
  EXPECT_EQ(scene.verdict().subject(), "device tree: lost memory");
}

TEST(CheckArm, a_footprint_ends_below_4_gib) {
  Scene scene(Arch::kArm);
  scene.machine.ram = scene.request.tree_memory = {range(0x40000000, 8192 * kMega)};
  scene.kernel.zimage.bss_bytes = 3072 * kMega;
  EXPECT_EQ(scene.verdict().subject(), "inflated kernel and its bss: 32 bits");
}

TEST(CheckArm, a_crash_kernel_needs_nothing_above_its_core_header) {
  Machine machine = testing::virt(Arch::kArm, 1024 * kMega);
  machine.crash_regions = {range(0x60000000, 256 * kMega)};
  Scene scene(machine, testing::make_zimage());
  limit_to_region(scene.request, machine.crash_regions[0], 0x1000);
  scene.plan = make_plan(machine, scene.kernel, scene.request).value();
  EXPECT_TRUE(scene.check().has_value());
  scene.move(SegmentKind::kELFCOREHDR, 0x69000000);
  scene.move(kInitrd, 0x6a000000);
  EXPECT_EQ(scene.verdict().subject(), "initrd: linear mapping");
}

TEST(CheckArm64, the_window_of_32_gib) {
  Scene scene(Arch::kArm64);
  scene.machine.ram.push_back(range(0x800000000, 4096 * kMega));
  scene.request.tree_memory = scene.machine.ram;
  scene.move(kInitrd, 0x840000000 - 8 * kMega);
  EXPECT_TRUE(scene.check().has_value());
  scene.move(kInitrd, 0x840000000 - 8 * kMega + 0x1000);
  EXPECT_EQ(scene.verdict().subject(), "initrd: window of the kernel");
}

TEST(CheckArm64, what_the_boot_protocol_says_of_image_and_tree) {
  Scene scene(Arch::kArm64);
  scene.move(kKernel, scene[kKernel].memory.start().raw() + 0x10000);
  scene.plan.entry = scene.plan.text = scene[kKernel].memory.start();
  EXPECT_EQ(scene.verdict().subject(), "kernel: 2 MiB");
  scene = Scene(Arch::kArm64);
  const PhysAddr block = scene[kTree].memory.start().align_down(2 * kMega);
  scene.machine.reserved = {{range(block.raw() + 2 * kMega - 1, 1), "no-map"}};
  scene.move(kInitrd, 0x50000000);
  EXPECT_EQ(scene.verdict().subject(), "device tree's 2 MiB and no-map");
  const Machine machine = testing::virt(Arch::kArm64, 1024 * kMega);
  scene = Scene(machine, testing::make_image({.flags = 2}));
  scene.move(kTree, 0x60000000);
  EXPECT_EQ(scene.verdict().subject(), "device tree: window of the kernel");
}

TEST(CheckArm64, the_relay_reaches_48_bits) {
  Scene scene(Arch::kArm64);
  scene.machine.ram.push_back(range(std::uint64_t{1} << 48, 64 * kMega));
  scene.request.tree_memory = scene.machine.ram;
  scene.move(kRelay, std::uint64_t{1} << 48);
  EXPECT_EQ(scene.verdict().subject(), "relay: the relay's reach");
}

}  // namespace
}  // namespace hyprelay::handoff
