// SPDX-License-Identifier: BSD-2-Clause
// Random machines, kernels and requests: a plan that was made obeys every rule, judged by brute
// force and by the decompressor's own steps; a refusal is one of the announced ones, and never for
// want of room on a machine with plenty.
#include "base/error_text.hpp"
#include "handoff/json.hpp"
#include "tests/unit/handoff/decompressor.hpp"
#include "tests/unit/handoff/synthetic.hpp"

#include <gtest/gtest.h>

#include <random>

namespace hyprelay::handoff {
namespace {

using base::Code;
using base::PhysAddr;
using base::PhysRange;
using testing::Bytes;
using testing::kMega;
using testing::range;

struct Case {
  Machine machine;
  PlanRequest request;
  ImageView kernel;
  testing::Decompressor decompressor{};
};

class Random {
 public:
  explicit Random(std::uint64_t seed) : engine_(seed) {}

  std::uint64_t below(std::uint64_t limit) {
    return std::uniform_int_distribution<std::uint64_t>(0, limit - 1)(engine_);
  }
  bool one_in(std::uint64_t n) { return below(n) == 0; }
  // Sizes of every magnitude up to the limit.
  std::uint64_t size(std::uint64_t limit) { return 1 + below(1 + (limit >> below(14))); }

  std::vector<NamedRange> reserved(const std::vector<PhysRange>& ram, const char* name) {
    std::vector<NamedRange> list;
    for (std::uint64_t n = below(5); n > 0; --n) {
      const PhysRange& bank = ram[below(ram.size())];
      const std::uint64_t bytes = size(64 * kMega);
      // Anywhere in the bank, also across its end, and not aligned to anything.
      list.push_back({range(bank.start().raw() + below(bank.size_bytes()), bytes), name});
    }
    return list;
  }

  Case next() {
    Case c;
    c.machine.arch = one_in(2) ? Arch::kArm : Arch::kArm64;
    const bool arm = c.machine.arch == Arch::kArm;
    c.machine.page_size_bytes = !arm && one_in(3) ? 65536 : 4096;
    std::uint64_t at = below(arm ? 0x40 : 0x400) << (arm ? 25 : 28);
    if (one_in(3)) {
      at += below(0x4000) << 12;
    }
    for (std::uint64_t n = 1 + below(4); n > 0; --n) {
      const std::uint64_t bytes = (1 + below(1 << below(19))) << 12;
      c.machine.ram.push_back(range(at, bytes));
      at += bytes + (below(0x10000) << 12);
    }
    c.machine.reserved = reserved(c.machine.ram, "reserved");
    if (one_in(4)) {
      const PhysRange& bank = c.machine.ram[below(c.machine.ram.size())];
      c.machine.crash_regions = {bank.intersection(
          range(bank.start().raw() + (below(bank.size_bytes()) & ~0xfffull), 128 * kMega))};
    }
    c.request = testing::request_for(c.machine, one_in(3) ? 0 : size(256 * kMega));
    c.request.tree_bytes = size(2 * kMega);
    c.request.tree_bytes = std::min(c.request.tree_bytes, 2 * kMega);
    c.request.relay_bytes = size(kMega);
    c.request.tree_reserved = reserved(c.machine.ram, "tree");
    if (one_in(6)) {
      c.request.tree_memory.pop_back();
    }
    if (!c.machine.crash_regions.empty() && one_in(2)) {
      c.request.within = c.machine.crash_regions.front();
      c.request.tree_limits_memory = one_in(2);
    }
    arm ? zimage(c) : image(c);
    return c;
  }

 private:
  void zimage(Case& c) {
    ZImage& z = c.kernel.zimage;
    c.kernel.arch = Arch::kArm;
    z.size_bytes = 0x1000 + size(12 * kMega);
    z.inflated_bytes = z.size_bytes + size(40 * kMega);
    z.bss_bytes = size(4 * kMega);
    z.malloc_bytes = one_in(4) ? size(kMega) : 0x10000;
    z.text_offset = z.text_offset_max = 0x8000 + (below(5) << 20);
    z.reads_memory_nodes = !one_in(3);
    z.reads_usable_range = z.reads_memory_nodes && one_in(2);
    c.decompressor = {.image_bytes = z.size_bytes,
                      .inflated_bytes = z.inflated_bytes,
                      .kernel_bss = z.bss_bytes,
                      .text_offset = z.text_offset,
                      .malloc_bytes = z.malloc_bytes,
                      .stack_top = 0x1000 + below(0x7000),
                      .restart_offset = below(0x8) << 9,
                      .reloc_code = 0x400 + below(0xe000),
                      .checks_tree = z.reads_memory_nodes};
  }

  void image(Case& c) {
    Arm64Image& i = c.kernel.image;
    c.kernel.arch = Arch::kArm64;
    i.size_bytes = 0x1000 + size(60 * kMega);
    i.image_size = i.size_bytes + below(8 * kMega);
    i.text_offset = one_in(2) ? 0 : below(32) << 16;
    i.anywhere = !one_in(3);
  }

  std::mt19937_64 engine_;
};

bool covered(const PhysRange& what, std::vector<PhysRange> by) {
  std::ranges::sort(by, {}, &PhysRange::start);
  PhysAddr at = what.start();
  for (const PhysRange& r : by) {
    if (r.contains(at)) {
      at = std::max(at, r.end());
    }
  }
  return at >= what.end();
}

// The rules of the request, on one range that will be written.
void expect_allowed(const Case& c, const PhysRange& memory) {
  EXPECT_TRUE(covered(memory, c.machine.ram));
  EXPECT_TRUE(c.request.tree_memory.empty() || covered(memory, c.request.tree_memory));
  EXPECT_TRUE(!c.request.within || c.request.within->contains(memory));
  for (const NamedRange& r : c.machine.reserved) {
    const bool home = c.request.within && r.range.contains(*c.request.within);
    EXPECT_TRUE(home || !r.range.overlaps(memory));
  }
  for (const NamedRange& r : c.request.tree_reserved) {
    EXPECT_FALSE(r.range.overlaps(memory));
  }
  for (const PhysRange& r : c.machine.crash_regions) {
    EXPECT_TRUE(c.request.within || !r.overlaps(memory));
  }
}

void expect_arm_rules(const Case& c, const Plan& plan) {
  std::vector<PhysRange> tree_memory = c.request.tree_memory;
  const bool limited =
      c.request.tree_limits_memory && c.request.within && !c.request.tree_memory.empty();
  if (limited && c.kernel.zimage.reads_usable_range) {
    // linux,usable-memory-range goes before the zImage's own address: leave only its start.
    PhysAddr start(~std::uint64_t{0});
    for (const PhysRange& bank : c.request.tree_memory) {
      const PhysRange both = bank.intersection(*c.request.within);
      start = both.empty() ? start : std::min(start, both.start());
    }
    tree_memory = {range(start.raw(), 1)};
    if (start.is_aligned(0x8000000)) {
      tree_memory = {range(start.raw(), 0x8000000)};
    }
  }
  testing::Run run = testing::run(c.decompressor, plan.entry.raw(), tree_memory);
  EXPECT_EQ(plan.text.raw(), run.kernel_address);
  const std::uint64_t memory_start = run.kernel_address - c.kernel.zimage.text_offset;
  run.write(plan.entry.raw(), plan.entry.raw() + c.kernel.zimage.size_bytes);
  for (const PhysRange& written : run.writes) {
    expect_allowed(c, written);
    for (const Placement& p : plan.placements) {
      EXPECT_TRUE(p.kind == SegmentKind::kKERNEL || !p.memory.overlaps(written))
          << segment_name(p.kind) << std::hex << " " << written.start().raw();
    }
  }
  for (const Placement& p : plan.placements) {
    EXPECT_LT(p.memory.end().raw(), 0x100000000u);
    if (p.kind == SegmentKind::kTREE || p.kind == SegmentKind::kINITRD) {
      EXPECT_GE(p.memory.start().raw(), memory_start);
      EXPECT_LE(p.memory.end().raw(), memory_start + 760 * kMega);
    }
  }
}

void expect_arm64_rules(const Case& c, const Plan& plan) {
  EXPECT_EQ((plan.entry.raw() - c.kernel.image.text_offset) % (2 * kMega), 0u);
  const PhysRange image = range(plan.entry.raw(), c.kernel.image.image_size);
  expect_allowed(c, image);
  const Placement* initrd = plan.find(SegmentKind::kINITRD);
  const Placement* tree = plan.find(SegmentKind::kTREE);
  for (const Placement& p : plan.placements) {
    EXPECT_TRUE(p.kind == SegmentKind::kKERNEL || !p.memory.overlaps(image));
  }
  if (initrd != nullptr) {
    const std::uint64_t low = std::min(plan.entry, initrd->memory.start()).raw() & ~0x3fffffffull;
    EXPECT_LE(std::max(image.end(), initrd->memory.end()).raw() - low, std::uint64_t{32} << 30);
  }
  if (!c.kernel.image.anywhere) {
    EXPECT_TRUE(initrd == nullptr || initrd->memory.start() > plan.entry);
    EXPECT_GT(tree->memory.start(), plan.entry);
    EXPECT_LE(tree->memory.end().raw(),
              plan.entry.raw() - c.kernel.image.text_offset + 512 * kMega);
  }
}

void expect_sound(const Case& c, const Plan& plan) {
  const auto check = check_plan(c.machine, c.request, plan);
  EXPECT_TRUE(check.has_value()) << base::describe(check.error());
  for (const Placement& p : plan.placements) {
    expect_allowed(c, p.memory);
    EXPECT_TRUE(p.memory.start().is_aligned(c.machine.page_size_bytes));
    EXPECT_TRUE(p.memory.end().is_aligned(c.machine.page_size_bytes));
    EXPECT_LE(p.content_bytes, p.memory.size_bytes());
    for (const Placement& other : plan.placements) {
      EXPECT_TRUE(p.kind == other.kind || !p.memory.overlaps(other.memory));
    }
  }
  const PhysRange& tree = plan.find(SegmentKind::kTREE)->memory;
  EXPECT_EQ(tree.start().raw() >> 21, (tree.end().raw() - 1) >> 21);
  plan.arch == Arch::kArm ? expect_arm_rules(c, plan) : expect_arm64_rules(c, plan);
}

bool is_announced(Code code) {
  return code == Code::PLAN_NO_ROOM || code == Code::PLAN_RESERVED_KERNEL ||
         code == Code::PLAN_OUTSIDE_RAM || code == Code::PLAN_UNALIGNED;
}

TEST(PlanProperty, random_machines) {
  unsigned planned = 0;
  unsigned moved = 0;
  for (std::uint64_t seed = 0; seed < 20000 && !::testing::Test::HasFailure(); ++seed) {
    const Case c = Random(seed).next();
    const auto plan = make_plan(c.machine, c.kernel, c.request);
    SCOPED_TRACE("seed " + std::to_string(seed));
    if (plan.has_value()) {
      SCOPED_TRACE(to_text(plan.value()));
      expect_sound(c, plan.value());
      ++planned;
      moved += plan.value().placements[0].reason.find("moves itself") != std::string::npos ? 1 : 0;
    } else {
      EXPECT_TRUE(is_announced(plan.error().code())) << base::describe(plan.error());
      EXPECT_EQ(plan.error().stage(), base::Stage::kPlan);
    }
  }
  // The machines are neither all hopeless nor all easy.
  EXPECT_GT(planned, 5000u);
  EXPECT_LT(planned, 19000u);
  EXPECT_GT(moved, 50u);
}

TEST(PlanProperty, one_large_empty_bank_is_never_refused) {
  for (std::uint64_t seed = 0; seed < 5000 && !::testing::Test::HasFailure(); ++seed) {
    Case c = Random(seed).next();
    c.machine.ram = {range(0x40000000, 3072 * kMega - 0x10000)};
    c.machine.reserved.clear();
    c.machine.crash_regions.clear();
    const std::uint64_t initrd = c.request.initrd_bytes;
    c.request = testing::request_for(c.machine, initrd);
    if (c.kernel.arch == Arch::kArm64 &&
        c.kernel.image.text_offset % c.machine.page_size_bytes != 0) {
      continue;
    }
    const auto plan = make_plan(c.machine, c.kernel, c.request);
    SCOPED_TRACE("seed " + std::to_string(seed));
    ASSERT_TRUE(plan.has_value()) << base::describe(plan.error());
    expect_sound(c, plan.value());
  }
}

TEST(PlanProperty, the_same_input_gives_the_same_plan) {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    const Case c = Random(seed).next();
    const auto first = make_plan(c.machine, c.kernel, c.request);
    const auto second = make_plan(c.machine, c.kernel, c.request);
    ASSERT_EQ(first.has_value(), second.has_value());
    if (first.has_value()) {
      EXPECT_EQ(to_text(first.value()), to_text(second.value()));
    }
  }
}

}  // namespace
}  // namespace hyprelay::handoff
