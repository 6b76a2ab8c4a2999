// SPDX-License-Identifier: BSD-2-Clause
#include "tests/unit/handoff/decompressor.hpp"
#include "tests/unit/handoff/plan_support.hpp"
#include "tests/unit/handoff/synthetic.hpp"

namespace hyprelay::handoff {
namespace {

using base::Code;
using base::PhysAddr;
using base::PhysRange;
using testing::Bytes;
using testing::Decompressor;
using testing::kMega;
using testing::must_plan;
using testing::must_refuse;
using testing::range;

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

// The base of the window at 2 GiB is no memory: the decompressor there takes the tree's lowest,
// which another window would not. Seen in QEMU: the firmware's memory overwritten.
TEST(PlanArm, a_zimage_does_not_leave_the_window_that_decides_where_its_kernel_goes) {
  Machine machine = testing::virt(Arch::kArm, 0);
  machine.ram = {range(0x47c00000, 0x8400000), range(0x83000000, 512 * kMega)};
  machine.reserved = {{range(0x49400000, kMega), "secure firmware"}};
  const PlanRequest request = testing::request_for(machine, 0);
  for (const auto& path : testing::debian_kernels("armhf")) {
    const Bytes file = testing::read_file(path);
    const Plan plan = must_plan(machine, read_image(file, "zImage").value(), request);
    testing::Run run = testing::run(decompressor_of(file), plan.entry.raw(), request.tree_memory);
    expect_untouched(plan, run);
    for (const PhysRange& written : run.writes) {
      EXPECT_FALSE(written.overlaps(machine.reserved[0].range));
    }
  }
}

// A memory node that Linux skips, like the secure memory of QEMU's virt, counts for the
// decompressor.
TEST(PlanArm, memory_nodes_that_only_the_decompressor_believes_count) {
  const Bytes file = testing::make_zimage();
  const ImageView kernel = read_image(file, "zImage").value();
  Machine machine = testing::virt(Arch::kArm, 0);
  machine.ram = {range(0x42000000, 512 * kMega)};
  PlanRequest request = testing::request_for(machine, 0);
  EXPECT_EQ(must_plan(machine, kernel, request).text, PhysAddr(0x42208000));
  request.early_memory = {range(0xe000000, 16 * kMega), machine.ram[0]};
  const Plan plan = must_plan(machine, kernel, request);
  EXPECT_EQ(plan.text, PhysAddr(0x48208000)) << "a window whose base is memory";
}

TEST(PlanArm, nothing_is_written_above_4_gib) {
  const Bytes file = testing::make_zimage({.size_bytes = 0x4000, .inflated = 0x30000000});
  const ImageView kernel = read_image(file, "zImage").value();
  Machine machine = testing::virt(Arch::kArm, 0);
  machine.ram = {range(0xe0000000, 2560 * kMega)};
  EXPECT_EQ(must_refuse(machine, kernel, testing::request_for(machine, 0)).code(),
            Code::PLAN_NO_ROOM);
  machine.ram = {range(0x880000000, 2048 * kMega)};
  const base::Error error = must_refuse(machine, kernel, testing::request_for(machine, 0));
  EXPECT_EQ(error.code(), Code::PLAN_UNREACHABLE);
  EXPECT_EQ(error.at(), 0x880000000u);
}

TEST(PlanArm, the_core_header_of_a_region_across_4_gib_lies_below) {
  const Bytes file = testing::make_zimage();
  const ImageView kernel = read_image(file, "zImage").value();
  Machine machine = testing::virt(Arch::kArm, 8192 * kMega);
  machine.crash_regions = {range(0xb0000000, 2560 * kMega)};
  PlanRequest request = testing::request_for(machine, kMega);
  request.within = machine.crash_regions.front();
  request.tree_limits_memory = true;
  request.elfcorehdr_bytes = 0x1000;
  const Plan plan = must_plan(machine, kernel, request);
  EXPECT_LT(plan.find(SegmentKind::kELFCOREHDR)->memory.end(), PhysAddr(0x100000000));
}

// The kernel's memory ends below the header: an initrd above it would be lost.
TEST(PlanArm, a_crash_kernels_initrd_never_lies_above_the_core_header) {
  const Bytes file = testing::make_zimage();
  const ImageView kernel = read_image(file, "zImage").value();
  Machine machine = testing::virt(Arch::kArm, 1024 * kMega);
  machine.crash_regions = {range(0x60000000, 160 * kMega)};
  machine.reserved = {{range(0x64000000, 0x1000), "wall"}};
  PlanRequest request = testing::request_for(machine, 90 * kMega);
  request.within = machine.crash_regions.front();
  request.tree_limits_memory = true;
  request.elfcorehdr_bytes = 0x1000;
  const Plan plan = must_plan(machine, kernel, request);
  EXPECT_LT(plan.find(SegmentKind::kINITRD)->memory.end(),
            plan.find(SegmentKind::kELFCOREHDR)->memory.start());
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

}  // namespace
}  // namespace hyprelay::handoff
