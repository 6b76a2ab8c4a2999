// SPDX-License-Identifier: BSD-2-Clause
// Machines that EFI firmware started, as captured under EDK2: by ACPI and by a tree.
#include "fdt/efi.hpp"

#include "base/number_text.hpp"
#include "base/range_set.hpp"
#include "fdt/facts.hpp"
#include "handoff/json.hpp"
#include "handoff/linux/crash_facts.hpp"
#include "tests/unit/handoff/scene.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>
#include <regex>
#include <sstream>

namespace hyprelay::handoff {
namespace {

using base::Code;
using base::PhysAddr;
using base::PhysRange;
using base::RangeSet;
using testing::kMega;
using testing::range;
using testing::Scene;
using testing::tree_in;

constexpr std::uint64_t kGiga = 1024 * kMega;

// Lines of a captured file that match, as the ranges that their first two groups tell.
std::vector<PhysRange> ranges_in(const std::string& folder, const char* file, const char* pattern) {
  std::ifstream stream(std::string(HR_TEST_DATA "/linux/").append(folder).append(file));
  EXPECT_TRUE(stream) << folder << file;
  const std::regex regex(pattern);
  std::vector<PhysRange> found;
  for (std::string line; std::getline(stream, line);) {
    std::smatch match;
    if (std::regex_search(line, match, regex)) {
      found.push_back(PhysRange::from_inclusive(PhysAddr(std::stoull(match[1], nullptr, 16)),
                                                PhysAddr(std::stoull(match[2], nullptr, 16)))
                          .value());
    }
  }
  EXPECT_FALSE(found.empty()) << pattern;
  return found;
}

RangeSet lines_of_iomem(const std::string& folder, const std::string& name) {
  return RangeSet::of(
      ranges_in(folder, "/proc/iomem", ("^ *([0-9a-f]+)-([0-9a-f]+) : " + name + "$").c_str()));
}

// What the firmware said that it still needs: the log's copy of the map, which no code of ours
// reads.
RangeSet firmware_of(const std::string& folder) {
  return RangeSet::of(
      ranges_in(folder, "/kmsg.txt", "efi: +0x([0-9a-f]+)-0x([0-9a-f]+) .(Runtime|ACPI|Reserved)"));
}

std::vector<PhysRange> written_by(const Plan& plan) {
  std::vector<PhysRange> all;
  for (const Placement& placement : plan.placements) {
    all.push_back(placement.memory);
  }
  for (const Footprint& footprint : plan.footprints) {
    all.push_back(footprint.range);
  }
  return all;
}

void add_crash_facts(Scene& scene, const std::string& folder) {
  scene.machine.crash =
      linux_host::gather_crash_facts(test::captured(HR_TEST_DATA, folder), scene.machine);
  scene.wishes.panic = true;
}

class EfiMachines : public ::testing::TestWithParam<const char*> {};
INSTANTIATE_TEST_SUITE_P(Captured, EfiMachines,
                         ::testing::Values("arm64-efi-acpi", "arm64-efi-tree", "arm64-efi-high",
                                           "arm64-efi-el1"),
                         [](const auto& row) {
                           std::string name = row.param;
                           std::ranges::replace(name, '-', '_');
                           return name;
                         });

TEST_P(EfiMachines, nothing_lies_on_what_is_reserved_or_the_firmwares) {
  const Planned planned = Scene(GetParam()).planned();
  RangeSet memory = lines_of_iomem(GetParam(), "System RAM");
  memory.remove(lines_of_iomem(GetParam(), "reserved"));
  memory.remove(lines_of_iomem(GetParam(), "Crash kernel"));
  const RangeSet firmware = firmware_of(GetParam());
  for (const PhysRange& one : written_by(planned.plan)) {
    EXPECT_TRUE(memory.contains(one)) << base::hex(one.start());
    EXPECT_FALSE(firmware.overlaps(one)) << base::hex(one.start());
  }
}

TEST_P(EfiMachines, linux_uefi_survives_the_patch_and_what_was_the_old_kernels_does_not) {
  Scene scene(GetParam());
  fdt::Tree running = fdt::Tree::from_bytes(scene.machine.device_tree, "running").value();
  const testing::Bytes stale(16, std::byte{0x55});
  for (const char* name : {"linux,usable-memory-range", "linux,elfcorehdr", "kaslr-seed",
                           "rng-seed", "linux,initrd-start", "linux,initrd-end"}) {
    ASSERT_TRUE(running.set("/chosen", name, stale));
  }
  ASSERT_TRUE(running.set("/chosen", "linux,uefi-mmap-size", testing::Bytes(3)));
  scene.machine.device_tree = running.packed();
  const fdt::Tree next = tree_in(scene.sealed());
  const auto names = fdt::efi_properties(running);
  EXPECT_GE(names.size(), 5u);
  EXPECT_EQ(fdt::efi_properties(next).size(), names.size());
  for (const std::string& name : names) {
    EXPECT_TRUE(
        std::ranges::equal(*next.property("/chosen", name), *running.property("/chosen", name)))
        << name;
  }
  EXPECT_EQ(fdt::is_stub(next), fdt::is_stub(running));
  for (const char* name : {"linux,usable-memory-range", "linux,elfcorehdr"}) {
    EXPECT_FALSE(next.property("/chosen", name)) << name;
  }
  for (const char* name : {"kaslr-seed", "rng-seed", "linux,initrd-start"}) {
    EXPECT_FALSE(std::ranges::equal(*next.property("/chosen", name), stale)) << name;
  }
}

TEST_P(EfiMachines, a_saved_machine_gives_the_same_plan) {
  Scene scene(GetParam());
  const std::string plan = to_json(scene.planned().plan).dump();
  const auto again = machine_from_json(to_json(scene.machine).dump(), "saved.json");
  ASSERT_TRUE(again) << base::describe(again.error());
  EXPECT_EQ(again.value(), scene.machine);
  scene.machine = again.value();
  EXPECT_EQ(to_json(scene.planned().plan).dump(), plan);
}

TEST_P(EfiMachines, a_dump_has_what_is_reserved_inside_memory_and_not_what_lies_between) {
  Scene scene(GetParam());
  add_crash_facts(scene, GetParam());
  const Planned planned = scene.planned();
  // Page tables, per-CPU areas and the array of pages are "reserved": no dump is read without.
  RangeSet memory = lines_of_iomem(GetParam(), "System RAM");
  memory.remove(lines_of_iomem(GetParam(), "Crash kernel"));
  const base::ByteView header = planned.found.crash->header.bytes;
  std::vector<PhysRange> loads;
  for (std::size_t at = 64; at + 56 <= header.size(); at += 56) {
    const auto word = [&](std::size_t offset) {
      return base::read_le<std::uint64_t>(header, at + offset).value();
    };
    if ((word(0) & 0xffffffff) == 1) {
      loads.push_back(range(word(24), word(40)));
    }
  }
  EXPECT_EQ(RangeSet::of(loads), memory);
}

TEST_P(EfiMachines, a_crash_kernel_is_told_of_its_regions_alone) {
  Scene scene(GetParam());
  add_crash_facts(scene, GetParam());
  const auto sealed = scene.sealed();
  const fdt::Tree next = tree_in(sealed);
  EXPECT_TRUE(fdt::has_efi_map(next));
  std::vector<PhysRange> regions =
      ranges_in(GetParam(), "/proc/iomem", "^ *([0-9a-f]+)-([0-9a-f]+) : Crash kernel$");
  const auto usable = next.property("/chosen", "linux,usable-memory-range");
  ASSERT_TRUE(usable);
  ASSERT_EQ(usable->size(), 16 * regions.size());
  // The main region first: kernels before 5.19 read one, and call the second the low one
  // [linux/drivers/of/fdt.c MAX_USABLE_RANGES].
  std::ranges::sort(regions, std::ranges::greater(), &PhysRange::start);
  for (std::size_t i = 0; i < regions.size(); ++i) {
    EXPECT_EQ(range(base::read_be<std::uint64_t>(*usable, 16 * i).value(),
                    base::read_be<std::uint64_t>(*usable, 16 * i + 8).value()),
              regions[i]);
  }
  for (const SealedSegment& segment : sealed.segments()) {
    EXPECT_TRUE(regions[0].contains(segment.memory)) << segment_name(segment.kind);
  }
}

// The table of the firmware names the first kernel's initrd for as long as the machine is not
// reset.
TEST_P(EfiMachines, without_an_initrd_an_empty_one_is_loaded) {
  Scene scene(GetParam());
  PrepareInput input = scene.input();
  input.initrd.reset();
  const auto planned = prepare(input);
  ASSERT_TRUE(planned) << base::describe(planned.error());
  EXPECT_TRUE(planned.value().empty_initrd);
  EXPECT_TRUE(std::ranges::any_of(planned.value().notes, [](const std::string& note) {
    return note.starts_with("no initrd: an empty one");
  }));
  const auto sealed = seal(planned.value(), {}, scene.seeds);
  ASSERT_TRUE(sealed) << base::describe(sealed.error());
  const base::ByteView initrd = testing::content_of(sealed.value(), SegmentKind::kINITRD);
  EXPECT_FALSE(initrd.empty());
  EXPECT_TRUE(std::ranges::all_of(initrd, [](std::byte b) { return b == std::byte{0}; }));
  input.machine = Scene("arm64").machine;
  EXPECT_FALSE(prepare(input).value().empty_initrd);
  const fdt::Tree next = tree_in(sealed.value());
  EXPECT_LT(testing::number_in(next, "linux,initrd-start"),
            testing::number_in(next, "linux,initrd-end"));
}

// /memory of such a tree is what nobody reads: wrong, damaged or somewhere else.
TEST(Efi, memory_of_the_tree_does_not_count) {
  Scene scene("arm64-efi-tree");
  const std::vector<PhysRange> written = written_by(scene.planned().plan);
  fdt::Tree tree = fdt::Tree::from_bytes(scene.machine.device_tree, "running").value();
  for (const testing::Bytes& reg : {testing::Bytes(3), testing::Bytes(16, std::byte{0x10})}) {
    ASSERT_TRUE(tree.set("/memory@40000000", "reg", reg));
    scene.machine.device_tree = tree.packed();
    EXPECT_EQ(written_by(scene.planned().plan), written);
    EXPECT_TRUE(
        std::ranges::equal(*tree_in(scene.sealed()).property("/memory@40000000", "reg"), reg));
  }
}

// Linux boots as without EFI when one of them is missing: then /memory is all there is.
TEST(Efi, an_incomplete_map_is_none) {
  for (const char* name :
       {"linux,uefi-system-table", "linux,uefi-mmap-start", "linux,uefi-mmap-size",
        "linux,uefi-mmap-desc-size", "linux,uefi-mmap-desc-ver"}) {
    Scene scene("arm64-efi-acpi");
    fdt::Tree tree = fdt::Tree::from_bytes(scene.machine.device_tree, "running").value();
    ASSERT_TRUE(tree.remove_property("/chosen", name));
    scene.machine.device_tree = tree.packed();
    EXPECT_EQ(scene.refusal(), Code::TREE_NO_MEMORY) << name;
  }
}

class GivenTree : public ::testing::Test {
 protected:
  static fdt::Tree tree_of(const Scene& scene) {
    return fdt::Tree::from_bytes(scene.machine.device_tree, "running").value();
  }
  static fdt::Tree without_map(fdt::Tree tree) {
    for (const std::string& name : fdt::efi_properties(tree)) {
      EXPECT_TRUE(tree.remove_property("/chosen", name));
    }
    return tree;
  }
  static void expect_map(const fdt::Tree& tree, const fdt::Tree& running) {
    ASSERT_TRUE(fdt::has_efi_map(tree));
    for (const std::string& name : fdt::efi_properties(running)) {
      EXPECT_TRUE(
          std::ranges::equal(*tree.property("/chosen", name), *running.property("/chosen", name)));
    }
  }
};

TEST_F(GivenTree, gets_the_map_of_this_boot) {
  Scene scene("arm64-efi-tree");
  const fdt::Tree running = tree_of(scene);
  fdt::Tree other_boot = running;
  ASSERT_TRUE(other_boot.set_u64("/chosen", "linux,uefi-mmap-start", 0xdead0000));
  ASSERT_TRUE(other_boot.set_u64("/chosen", "linux,uefi-of-other-firmware", 1));
  fdt::Tree no_memory = without_map(running);
  ASSERT_TRUE(no_memory.remove_node("/memory@40000000"));
  for (const fdt::Tree& given : {without_map(running), other_boot, no_memory}) {
    scene.tree = SourceTree{given, "board.dtb"};
    const Planned planned = scene.planned();
    EXPECT_EQ(
        planned.notes,
        (std::vector<std::string>{"board.dtb: linux,uefi-* are those of the running machine"}));
    const fdt::Tree next = tree_in(scene.sealed());
    expect_map(next, running);
    EXPECT_FALSE(next.property("/chosen", "linux,uefi-of-other-firmware"));
    EXPECT_EQ(fdt::memory_ranges(next).value(), fdt::memory_ranges(given).value());
  }
}

// /sys/firmware/fdt of an ACPI machine has no CPUs and no console, and is right.
TEST_F(GivenTree, may_be_the_machines_own_stub) {
  Scene scene("arm64-efi-acpi");
  scene.tree = SourceTree{tree_of(scene), "fdt"};
  const Planned planned = scene.planned();
  EXPECT_TRUE(planned.warnings.empty()) << planned.warnings.front();
  EXPECT_TRUE(fdt::is_stub(tree_in(scene.sealed())));
}

TEST_F(GivenTree, that_is_a_stub_is_no_tree_for_a_machine_without_acpi) {
  Scene scene("arm64-efi-tree");
  scene.tree = SourceTree{tree_of(Scene("arm64-efi-acpi")), "fdt"};
  EXPECT_EQ(scene.refusal(), Code::TREE_OTHER_BOARD);
  fdt::Tree nameless = tree_of(scene);
  ASSERT_TRUE(nameless.remove_property("/", "compatible"));
  scene.machine.device_tree = nameless.packed();
  EXPECT_EQ(scene.refusal(), Code::TREE_NO_CPUS);
}

TEST_F(GivenTree, loses_the_map_of_another_boot_where_there_is_no_efi) {
  Scene scene("arm64");
  fdt::Tree given = tree_of(scene);
  ASSERT_TRUE(given.set_u64("/chosen", "linux,uefi-mmap-start", 0xdead0000));
  scene.tree = SourceTree{given, "board.dtb"};
  EXPECT_EQ(scene.planned().notes.front(), "board.dtb: linux,uefi-* of another boot are left out");
  EXPECT_TRUE(fdt::efi_properties(tree_in(scene.sealed())).empty());
}

TEST_F(GivenTree, that_is_trusted_stays_as_it_is) {
  Scene scene("arm64-efi-tree");
  scene.wishes.trust_dtb = true;
  scene.tree = SourceTree{without_map(tree_of(scene)), "board.dtb"};
  const Planned planned = scene.planned();
  ASSERT_FALSE(planned.warnings.empty());
  EXPECT_NE(planned.warnings.front().find("board.dtb: none here"), std::string::npos);
  EXPECT_TRUE(fdt::efi_properties(tree_in(scene.sealed())).empty());
  fdt::Tree bare = without_map(tree_of(scene));
  ASSERT_TRUE(bare.remove_node("/memory@40000000"));
  scene.tree = SourceTree{bare, "board.dtb"};
  EXPECT_TRUE(scene.planned().found.source.memory_added);
  expect_map(tree_in(scene.sealed()), tree_of(scene));
}

// A bundle is started by a bootloader, after a reset: this boot's map is gone then.
TEST(Efi, a_bundle_does_not_name_this_boots_firmware) {
  Scene scene("arm64-efi-tree");
  scene.wishes.after_reset = true;
  const Planned planned = scene.planned();
  EXPECT_EQ(planned.request.tree_memory, std::vector{range(0x40000000, 2048 * kMega)});
  EXPECT_TRUE(fdt::efi_properties(tree_in(scene.sealed())).empty());
  Scene acpi("arm64-efi-acpi");
  acpi.wishes.after_reset = true;
  EXPECT_EQ(acpi.refusal(), Code::TREE_NO_MEMORY);
}

class Large : public ::testing::Test {
 protected:
  void use(std::vector<PhysRange> ram) {
    scene_.machine.ram = std::move(ram);
    scene_.machine.reserved.clear();
    scene_.machine.crash_regions.clear();
  }
  Scene scene_{"arm64-efi-acpi"};
};

TEST_F(Large, a_map_in_400_pieces) {
  std::vector<PhysRange> ram;
  std::vector<NamedRange> reserved;
  for (std::uint64_t i = 0; i < 400; ++i) {
    // 1 MiB in every 2, and a page of it taken; the last piece is where all has to go.
    const std::uint64_t start = 0x40000000 + i * 2 * kMega;
    ram.push_back(range(start, i == 399 ? 128 * kMega : kMega));
    if (i != 399) {
      reserved.push_back({range(start + 0x8000, 0x1000), "reserved"});
    }
  }
  use(ram);
  scene_.machine.reserved = reserved;
  const Planned planned = scene_.planned();
  for (const PhysRange& one : written_by(planned.plan)) {
    EXPECT_TRUE(RangeSet::of(ram).contains(one));
    EXPECT_TRUE(
        std::ranges::none_of(reserved, [&](const NamedRange& r) { return r.range.overlaps(one); }));
  }
  EXPECT_EQ(planned.plan.find(SegmentKind::kKERNEL)->memory.start(),
            ram.back().start().align_up(2 * kMega));
  const PhysRange crash = range(ram.back().start().raw() + 64 * kMega, 64 * kMega);
  scene_.reserve(crash);
  scene_.machine.crash.cpu_notes = {range(0x40000000, 0x1a8)};
  scene_.machine.crash.vmcoreinfo = range(0x40001000, 0x400);
  const Planned panic = scene_.planned();
  EXPECT_EQ(panic.found.crash->header.bytes.size(), 64 + (2 + 400) * 56u);
}

TEST_F(Large, an_initrd_that_fits_only_above_4_gib) {
  use({range(0x40000000, 64 * kMega), range(8 * kGiga, 2 * kGiga)});
  PrepareInput input = scene_.input();
  input.initrd = InitrdSize{.size_bytes = 32 * kMega};
  const auto planned = prepare(input);
  ASSERT_TRUE(planned) << base::describe(planned.error());
  EXPECT_EQ(planned.value().plan.find(SegmentKind::kINITRD)->memory.start(), PhysAddr(8 * kGiga));
  const testing::Bytes initrd(32 * kMega);
  const auto sealed = seal(planned.value(), initrd, scene_.seeds);
  ASSERT_TRUE(sealed) << base::describe(sealed.error());
  const fdt::Tree next = tree_in(sealed.value());
  EXPECT_EQ(testing::number_in(next, "linux,initrd-start"), 8 * kGiga);
  EXPECT_EQ(testing::number_in(next, "linux,initrd-end"), 8 * kGiga + initrd.size());
}

TEST_F(Large, memory_that_begins_at_2_to_the_39) {
  constexpr std::uint64_t kStart = std::uint64_t{1} << 39;
  use({range(kStart, 4 * kGiga)});
  const Planned planned = scene_.planned();
  EXPECT_EQ(planned.plan.entry, PhysAddr(kStart));
  const fdt::Tree next = tree_in(scene_.sealed());
  EXPECT_GT(testing::number_in(next, "linux,initrd-start"), kStart);
  // Beyond what the relay maps it is told before.
  use({range(std::uint64_t{1} << 48, 4 * kGiga)});
  EXPECT_EQ(scene_.refusal(), Code::PLAN_UNREACHABLE);
}

}  // namespace
}  // namespace hyprelay::handoff
