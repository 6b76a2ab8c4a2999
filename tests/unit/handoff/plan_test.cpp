// SPDX-License-Identifier: BSD-2-Clause
#include "base/error_text.hpp"
#include "tests/unit/handoff/decompressor.hpp"
#include "tests/unit/handoff/synthetic.hpp"

#include <gtest/gtest.h>

namespace hyprelay::handoff {
namespace {

using base::Code;
using base::PhysAddr;
using base::PhysRange;
using testing::Bytes;
using testing::Decompressor;
using testing::kMega;
using testing::range;

Plan must_plan(const Machine& machine, const ImageView& kernel, const PlanRequest& request) {
  const auto plan = make_plan(machine, kernel, request);
  EXPECT_TRUE(plan.has_value()) << base::describe(plan.error());
  if (!plan.has_value()) {
    return {};
  }
  const auto check = check_plan(machine, request, plan.value());
  EXPECT_TRUE(check.has_value()) << base::describe(check.error()) << "\n" << to_text(plan.value());
  return plan.value();
}

base::Error must_refuse(const Machine& machine, const ImageView& kernel,
                        const PlanRequest& request) {
  const auto plan = make_plan(machine, kernel, request);
  EXPECT_FALSE(plan.has_value()) << to_text(plan.value());
  return plan.has_value() ? base::Error() : plan.error();
}

// Nothing that the next kernel still needs lies where its decompressor writes.
void expect_untouched(const Plan& plan, const testing::Run& run) {
  EXPECT_EQ(plan.text.raw(), run.kernel_address);
  for (const Placement& p : plan.placements) {
    for (const PhysRange& written : run.writes) {
      if (p.kind != SegmentKind::kKERNEL) {
        EXPECT_FALSE(p.memory.overlaps(written))
            << segment_name(p.kind) << " meets " << std::hex << written.start().raw() << "-"
            << written.end().raw() << "\n"
            << to_text(plan);
      }
    }
  }
  for (const PhysRange& written : run.writes) {
    std::uint64_t told = 0;
    for (const Footprint& f : plan.footprints) {
      told = std::max(told, f.range.intersection(written).size_bytes());
    }
    EXPECT_EQ(told, written.size_bytes())
        << "not in one footprint: " << std::hex << written.start().raw();
  }
}

std::uint32_t word(const Bytes& bytes, std::size_t at) {
  std::uint32_t value = 0;
  std::memcpy(&value, &bytes.at(at), 4);
  return value;
}

// The decompressor's constants from a real zImage: LC1 in its code holds the distances from itself
// to the end of the stack and to _edata, which is how its place can be recognised.
Decompressor decompressor_of(const Bytes& image) {
  const std::uint32_t tag = word(image, 0x38);
  Decompressor d{.image_bytes = word(image, 0x2c) - word(image, 0x28),
                 .inflated_bytes = word(image, word(image, tag + 8)),
                 .kernel_bss = word(image, tag + 12),
                 .text_offset = word(image, tag + 16),
                 .malloc_bytes = word(image, tag + 20),
                 .stack_top = 0,
                 .restart_offset = 0};
  for (std::size_t at = 0x40; at < 0x10000 && d.stack_top == 0; at += 4) {
    const std::uint64_t stack = at + std::uint64_t{word(image, at)};
    const std::uint64_t edata = at + std::uint64_t{word(image, at + 4)};
    if (edata == d.image_bytes && stack > edata && stack < edata + 0x10000) {
      d.stack_top = stack - edata;
    }
  }
  return d;
}

// Measured once in a guest: armmp loaded at 0x40008000 needs 0x1ae3e78 bytes.
TEST(Oracle, reproduces_what_was_measured) {
  Decompressor armmp{.image_bytes = 0x532200,
                     .inflated_bytes = 0x13a10b4,
                     .kernel_bss = 0x5e4d4,
                     .text_offset = 0x208000,
                     .malloc_bytes = 0x10000,
                     .stack_top = 0x1418,
                     .restart_offset = 0x10a0};
  const testing::Run run = testing::run(armmp, 0x40008000, {range(0x40000000, 1024 * kMega)});
  EXPECT_TRUE(run.moved);
  EXPECT_EQ(run.kernel_address, 0x40208000u);
  EXPECT_EQ(run.top - 0x40008000, 0x1ae3e78u);
}

TEST(PlanArm, debian_kernels_touch_nothing_at_any_memory_size) {
  const auto kernels = testing::debian_kernels("armhf");
  ASSERT_GE(kernels.size(), 2u);
  for (const auto& path : kernels) {
    const Bytes file = testing::read_file(path);
    const auto view = read_image(file, path.filename().string());
    ASSERT_TRUE(view.has_value());
    const Decompressor decompressor = decompressor_of(file);
    ASSERT_NE(decompressor.stack_top, 0u) << "LC1 not found in " << path;
    for (const std::uint64_t ram : {64, 128, 192, 512, 1024, 3072}) {
      for (const std::uint64_t initrd : {0, 1, 17, 30, 100, 400}) {
        if (initrd + 50 > ram) {
          continue;
        }
        const Machine machine = testing::virt(Arch::kArm, ram * kMega);
        const PlanRequest request = testing::request_for(machine, initrd * kMega);
        const Plan plan = must_plan(machine, view.value(), request);
        const testing::Run run = testing::run(decompressor, plan.entry.raw(), request.tree_memory);
        expect_untouched(plan, run);
        EXPECT_TRUE(!run.moved || ram < 128) << ram << " MiB, initrd " << initrd << " MiB";
      }
    }
  }
}

TEST(PlanArm, follows_the_advice_of_the_boot_protocol) {
  const Bytes file = testing::make_zimage();
  const ImageView kernel = read_image(file, "zImage").value();
  const Machine machine = testing::virt(Arch::kArm, 1024 * kMega);
  const Plan plan = must_plan(machine, kernel, testing::request_for(machine, 20 * kMega));
  EXPECT_EQ(plan.text, PhysAddr(0x40208000));
  EXPECT_EQ(plan.entry, PhysAddr(0x42000000));
  EXPECT_EQ(plan.find(SegmentKind::kTREE)->memory.start(), PhysAddr(0x48000000));
  EXPECT_EQ(plan.find(SegmentKind::kINITRD)->memory.start(), PhysAddr(0x48012000));
  EXPECT_EQ(plan.find(SegmentKind::kRELAY)->memory.end(), PhysAddr(0x80000000));
  const SegmentKind order[] = {SegmentKind::kKERNEL, SegmentKind::kINITRD, SegmentKind::kTREE,
                               SegmentKind::kRELAY};
  ASSERT_EQ(plan.placements.size(), 4u);
  for (std::size_t i = 0; i < 4; ++i) {
    EXPECT_EQ(plan.placements[i].kind, order[i]);
    EXPECT_FALSE(plan.placements[i].reason.empty());
  }
}

TEST(PlanArm, initrd_and_tree_stay_in_lowmem_and_everything_below_4_gib) {
  const Bytes file = testing::make_zimage(testing::kLpae);
  const ImageView kernel = read_image(file, "zImage").value();
  Machine machine = testing::virt(Arch::kArm, 3072 * kMega);
  machine.ram.push_back(range(0x100000000, 4096 * kMega));
  PlanRequest request = testing::request_for(machine, 600 * kMega);
  const Plan plan = must_plan(machine, kernel, request);
  EXPECT_LE(plan.find(SegmentKind::kINITRD)->memory.end(), PhysAddr(0x40000000 + 760 * kMega));
  EXPECT_LT(plan.find(SegmentKind::kRELAY)->memory.end(), PhysAddr(0x100000000));
  request.initrd_bytes = 750 * kMega;
  const base::Error error = must_refuse(machine, kernel, request);
  EXPECT_EQ(error.code(), Code::PLAN_NO_ROOM);
  // 760 MiB of linear mapping without its start, where the kernel is inflated.
  EXPECT_EQ(error.subject(),
            "initrd: needs 750 MiB, the largest free range it may lie in has 729 MiB");
  EXPECT_FALSE(error.has_at() || error.has_limit());
}

TEST(PlanArm, an_initrd_larger_than_memory_is_refused) {
  const Bytes file = testing::make_zimage();
  const ImageView kernel = read_image(file, "zImage").value();
  const Machine machine = testing::virt(Arch::kArm, 512 * kMega);
  for (const std::uint64_t bytes : {std::uint64_t{513 * kMega}, ~std::uint64_t{0},
                                    ~std::uint64_t{0} - 4095, std::uint64_t{1} << 63}) {
    const base::Error error = must_refuse(machine, kernel, testing::request_for(machine, bytes));
    EXPECT_EQ(error.code(), Code::PLAN_NO_ROOM);
    EXPECT_EQ(error.subject(), "initrd: needs " +
                                   std::to_string(bytes / kMega + (bytes % kMega != 0 ? 1 : 0)) +
                                   " MiB, the largest free range it may lie in has 483 MiB");
  }
}

// Bss (a page at least), stack (4 KiB) and malloc arena (64 KiB) of the decompressor begin behind
// the image [linux/arch/arm/boot/compressed/vmlinux.lds.S, head.S].
TEST(PlanArm, what_the_decompressor_works_in_is_loaded_as_zeroes_even_at_the_end_of_a_page) {
  const Machine machine = testing::virt(Arch::kArm, 512 * kMega);
  const PlanRequest request = testing::request_for(machine, 0);
  for (const std::uint32_t bytes : {0x500000u, 0x4fffffu, 0x4ffffdu, 0x4ffffcu}) {
    const Bytes file = testing::make_zimage({.size_bytes = bytes});
    const Plan plan = must_plan(machine, read_image(file, "zImage").value(), request);
    const Placement& kernel = *plan.find(SegmentKind::kKERNEL);
    EXPECT_EQ(kernel.content_bytes, bytes);
    EXPECT_GE(kernel.memory.size_bytes(), bytes + std::uint64_t{0x10000} + 0x2000);
    EXPECT_EQ(kernel.memory.size_bytes() % 0x1000, 0u);
  }
}

TEST(PlanArm, too_little_memory_for_the_kernel_says_how_much_it_needs) {
  const Bytes file = testing::make_zimage();
  const ImageView kernel = read_image(file, "zImage").value();
  const Machine machine = testing::virt(Arch::kArm, 16 * kMega);
  const base::Error error = must_refuse(machine, kernel, testing::request_for(machine, 0));
  EXPECT_EQ(error.code(), Code::PLAN_NO_ROOM);
  EXPECT_EQ(error.subject(),
            "kernel: needs 26 MiB, the largest free range it may lie in has 16 MiB");
}

TEST(PlanArm, memory_that_begins_beside_a_window_is_found_by_new_kernels_only) {
  const Bytes fresh = testing::make_zimage({.text_offset = 0x8000});
  const Bytes old = testing::make_zimage(
      {.text_offset = 0x8000, .reads_memory_nodes = false, .reads_usable_range = false});
  Machine machine = testing::virt(Arch::kArm, 0);
  machine.ram = {range(0x40300000, 512 * kMega)};
  const PlanRequest request = testing::request_for(machine, 8 * kMega);
  const Plan first = must_plan(machine, read_image(fresh, "new").value(), request);
  EXPECT_EQ(first.text, PhysAddr(0x40408000));
  // An older one would inflate to 0x40008000, where nothing is: it gets the next window.
  const Plan second = must_plan(machine, read_image(old, "old").value(), request);
  EXPECT_EQ(second.text, PhysAddr(0x48008000));
  EXPECT_NE(second.find(SegmentKind::kKERNEL)->reason.find("loses the memory below 0x48000000"),
            std::string::npos);
  EXPECT_GE(second.find(SegmentKind::kTREE)->memory.start(), PhysAddr(0x48000000));
}

TEST(PlanArm, an_unknown_text_offset_keeps_room_for_all_of_them) {
  const Bytes file = testing::make_zimage({.tag_words = 4});
  const Machine machine = testing::virt(Arch::kArm, 512 * kMega);
  const PlanRequest request = testing::request_for(machine, 8 * kMega);
  const Plan plan = must_plan(machine, read_image(file, "zImage").value(), request);
  for (const std::uint64_t offset : {0x8000, 0x108000, 0x208000, 0x308000, 0x408000}) {
    Decompressor d{.image_bytes = 0x532200,
                   .inflated_bytes = 0x13a10b4,
                   .kernel_bss = 0x5e4d4,
                   .text_offset = offset,
                   .malloc_bytes = 0x10000,
                   .stack_top = 0x1418,
                   .restart_offset = 0x10a0};
    testing::Run run = testing::run(d, plan.entry.raw(), machine.ram);
    run.kernel_address = plan.text.raw();
    expect_untouched(plan, run);
  }
}

TEST(PlanArm, a_reserved_place_for_the_kernel_moves_it_to_the_next_window_or_is_named) {
  const Bytes file = testing::make_zimage();
  const ImageView kernel = read_image(file, "zImage").value();
  Machine machine = testing::virt(Arch::kArm, 512 * kMega);
  machine.reserved = {{range(0x41000000, 0x1000), "secure world"}};
  PlanRequest request = testing::request_for(machine, 8 * kMega);
  EXPECT_EQ(must_plan(machine, kernel, request).text, PhysAddr(0x48208000));
  machine.ram = {range(0x40000000, 127 * kMega)};
  request.tree_memory = machine.ram;
  const base::Error error = must_refuse(machine, kernel, request);
  EXPECT_EQ(error.code(), Code::PLAN_RESERVED_KERNEL);
  EXPECT_EQ(error.subject(), "secure world");
  EXPECT_EQ(error.at(), 0x41000000u);
}

TEST(PlanArm, reserved_ranges_of_machine_and_tree_and_crash_regions_are_left_alone) {
  const Bytes file = testing::make_zimage();
  const ImageView kernel = read_image(file, "zImage").value();
  Machine machine = testing::virt(Arch::kArm, 1024 * kMega);
  machine.reserved = {{range(0x48000000, 0x1000), "one"}, {range(0x7ffff000, 0x1000), "two"}};
  machine.crash_regions = {range(0x48200000, 64 * kMega)};
  PlanRequest request = testing::request_for(machine, 20 * kMega);
  request.tree_reserved = {{range(0x42000800, 0x10), "/memreserve/"}};
  const Plan plan = must_plan(machine, kernel, request);
  EXPECT_EQ(plan.avoided.size(), 4u);
  EXPECT_EQ(plan.entry, PhysAddr(0x42100000));
  EXPECT_EQ(plan.find(SegmentKind::kTREE)->memory.start(), PhysAddr(0x4c200000));
  EXPECT_EQ(plan.find(SegmentKind::kRELAY)->memory.end(), PhysAddr(0x7ffff000));
}

TEST(PlanArm, a_crash_region_holds_everything) {
  const Bytes file = testing::make_zimage();
  const ImageView kernel = read_image(file, "zImage").value();
  Machine machine = testing::virt(Arch::kArm, 1024 * kMega);
  machine.crash_regions = {range(0x63000000, 128 * kMega)};
  machine.reserved = {{range(0x63000000, 128 * kMega), "Crash kernel"}};
  PlanRequest request = testing::request_for(machine, 8 * kMega);
  request.within = machine.crash_regions.front();
  request.tree_limits_memory = true;
  const Plan plan = must_plan(machine, kernel, request);
  EXPECT_EQ(plan.text, PhysAddr(0x63208000));
  for (const Placement& p : plan.placements) {
    EXPECT_TRUE(request.within->contains(p.memory));
  }
  // A decompressor that does not know linux,usable-memory-range needs a window's start in there.
  const Bytes old = testing::make_zimage({.reads_usable_range = false});
  EXPECT_EQ(must_plan(machine, read_image(old, "zImage").value(), request).text,
            PhysAddr(0x68208000));
}

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
  EXPECT_EQ(must_refuse(machine, kernel, request).code(), Code::PLAN_OUTSIDE_RAM);
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
