// SPDX-License-Identifier: BSD-2-Clause
// The whole way, on what was captured of machines: from a kernel and a machine to what is sealed.
#include "handoff/prepare.hpp"

#include "base/error_text.hpp"
#include "base/number_text.hpp"
#include "fdt/efi.hpp"
#include "handoff/json.hpp"
#include "handoff/warnings.hpp"
#include "tests/unit/handoff/scene.hpp"

#include <gtest/gtest.h>

#include <cstring>
#include <nlohmann/json.hpp>

namespace hyprelay::handoff {
namespace {

using base::Code;
using testing::bootargs_in;
using testing::Bytes;
using testing::content_of;
using testing::kMega;
using testing::number_in;
using testing::range;
using testing::Scene;
using testing::tree_in;

hr_baton baton_in(const SealedHandoff& sealed) {
  hr_baton baton{};
  const base::ByteView relay = content_of(sealed, SegmentKind::kRELAY);
  std::memcpy(
      &baton,
      relay.data() + read_relay_image(testing::make_relay(sealed.arch())).value().baton_offset,
      sizeof(baton));
  return baton;
}

class Machines : public ::testing::TestWithParam<const char*> {};
INSTANTIATE_TEST_SUITE_P(Captured, Machines,
                         ::testing::Values("armmp", "armmp-lpae", "armmp-svc", "arm64", "arm64-max",
                                           "arm64-el1"),
                         [](const auto& row) {
                           std::string name = row.param;
                           std::ranges::replace(name, '-', '_');
                           return name;
                         });

TEST_P(Machines, a_kernel_is_sealed_as_it_was_planned) {
  Scene scene(GetParam());
  scene.wishes.command_line.reset();
  scene.wishes.append = "quiet";
  const Planned planned = scene.planned();
  EXPECT_EQ(planned.found.command_line, scene.machine.command_line + " quiet");
  EXPECT_EQ(planned.warnings, std::vector<std::string>());
  scene.wishes.append = "x=\"y quiet";
  EXPECT_NE(scene.planned().warnings.at(0).find("nothing ends: x=\"y quiet;"), std::string::npos);
  EXPECT_EQ(planned.found.source.name, scene.machine.device_tree_source);
  EXPECT_FALSE(planned.found.source.memory_added);
  EXPECT_FALSE(planned.found.crash);
  EXPECT_EQ(planned.recommended_bytes, 0u);
  const auto sealed = seal(planned, scene.initrd, scene.seeds);
  ASSERT_TRUE(sealed) << base::describe(sealed.error());
  EXPECT_FALSE(sealed.value().for_panic());
  ASSERT_EQ(sealed.value().segments().size(), planned.plan.placements.size());
  for (const SealedSegment& segment : sealed.value().segments()) {
    EXPECT_EQ(segment.memory, planned.plan.find(segment.kind)->memory);
  }
  const fdt::Tree tree = tree_in(sealed.value());
  const base::PhysRange initrd = planned.plan.find(SegmentKind::kINITRD)->memory;
  EXPECT_EQ(number_in(tree, "linux,initrd-start"), initrd.start().raw());
  EXPECT_EQ(number_in(tree, "linux,initrd-end"), initrd.start().raw() + scene.initrd.size());
  EXPECT_EQ(bootargs_in(sealed.value()), planned.found.command_line);
  // QEMU's virt has a PL011 there.
  EXPECT_EQ(baton_in(sealed.value()).console_base, 0x9000000u);
}

TEST(Prepare, wishes_for_the_relay_are_in_its_baton) {
  Scene scene("arm64");
  EXPECT_EQ(baton_in(scene.sealed()).flags & (HR_BATON_REQUIRE_HYP | HR_BATON_HALT), 0u);
  scene.wishes.require_hyp = true;
  EXPECT_TRUE(scene.planned().facts.require_hyp);
  EXPECT_EQ(baton_in(scene.sealed()).flags & (HR_BATON_REQUIRE_HYP | HR_BATON_HALT),
            std::uint32_t{HR_BATON_REQUIRE_HYP});
  scene.wishes = {.halt_on_failure = true};
  EXPECT_EQ(baton_in(scene.sealed()).flags & (HR_BATON_REQUIRE_HYP | HR_BATON_HALT),
            std::uint32_t{HR_BATON_HALT});
}

TEST(Prepare, a_machine_that_runs_by_acpi_tells_the_relay_what_its_tables_say) {
  Scene scene("arm64-efi-acpi");
  const hr_baton baton = baton_in(scene.sealed());
  EXPECT_EQ(baton.console_kind, std::uint32_t{HR_CONSOLE_PL011});
  EXPECT_EQ(baton.console_base, 0x9000000u);
  EXPECT_EQ(baton.gic_version, 3u);
  EXPECT_EQ(baton.gic_redistributor[0], 0x80a0000u);
  EXPECT_EQ(baton.gic_its[0], 0x8080000u);
  EXPECT_EQ(baton.psci_conduit, std::uint32_t{HR_CONDUIT_SMC});
  EXPECT_EQ(scene.planned().notes.back(), "PSCI by SMC, by ACPI's FACP");
  // The same on a laptop that has the server's report.
  const auto saved = machine_from_json(to_json(scene.machine).dump(), "server.json");
  ASSERT_TRUE(saved) << saved.error().subject();
  const std::string plan = to_text(scene.planned().plan);
  scene.machine = saved.value();
  EXPECT_EQ(to_text(scene.planned().plan), plan);
  const hr_baton again = baton_in(scene.sealed());
  EXPECT_EQ(std::memcmp(&again, &baton, sizeof(baton)), 0);
  scene.machine.acpi.erase("APIC");
  EXPECT_EQ(scene.refusal(), Code::ACPI_NO_GIC);
}

// On arm nothing but the tree says where it lies.
TEST(Prepare, the_map_of_efi_is_spared_whoever_else_says_that_it_is_reserved) {
  Scene scene("arm64-efi-tree");
  fdt::Tree tree = fdt::Tree::from_bytes(scene.machine.device_tree, "running").value();
  for (const SegmentKind kind : {SegmentKind::kINITRD, SegmentKind::kRELAY, SegmentKind::kKERNEL}) {
    const base::PhysRange was = scene.planned().plan.find(kind)->memory;
    ASSERT_TRUE(tree.set_u64("/chosen", "linux,uefi-mmap-start", was.start().raw() + 0xff0));
    scene.machine.device_tree = tree.packed();
    const base::PhysRange map = fdt::efi_map(tree).value();
    EXPECT_GE(map.size_bytes(), 0x2000u) << "both pages that it touches";
    EXPECT_TRUE(was.overlaps(map));
    const Plan plan = scene.planned().plan;
    for (const Placement& one : plan.placements) {
      EXPECT_FALSE(one.memory.overlaps(map)) << segment_name(one.kind);
    }
    for (const Footprint& one : plan.footprints) {
      EXPECT_FALSE(one.range.overlaps(map)) << one.reason;
    }
  }
}

TEST(Prepare, a_resident_that_is_named_is_spared_until_the_relay_has_climbed) {
  Scene scene("armmp");
  EXPECT_TRUE(scene.planned().request.needed_by_relay.empty());
  scene.wishes.resident = compat::Dialect::kARM_STUB_3_7;
  scene.wishes.resident_vectors = {0x40311500, 0xc0311500};
  const Planned planned = scene.planned();
  ASSERT_EQ(planned.request.needed_by_relay.size(), 1u);
  EXPECT_EQ(planned.request.needed_by_relay[0].range, range(0x40311000, 0x2000));
  for (const Placement& placement : planned.plan.placements) {
    EXPECT_FALSE(placement.memory.overlaps(range(0x40311000, 0x2000)));
  }
  const hr_baton baton = baton_in(scene.sealed());
  EXPECT_EQ(baton.resident, std::uint32_t{HR_DIALECT_ARM_STUB_3_7});
  EXPECT_EQ(baton.resident_vectors, 0x40311500u);
  EXPECT_EQ(baton.resident_virtual, 0xc0311500u);
}

TEST(Prepare, a_given_tree_without_memory_gets_the_machines) {
  Scene scene("armmp-lpae");
  fdt::Tree given = fdt::Tree::from_bytes(scene.machine.device_tree, "running").value();
  ASSERT_TRUE(given.remove_node("/memory@40000000"));
  scene.tree = SourceTree{given, "board.dtb"};
  const Planned planned = scene.planned();
  EXPECT_TRUE(planned.found.source.memory_added);
  EXPECT_EQ(planned.found.source.name, "board.dtb");
  EXPECT_EQ(planned.request.tree_memory, (std::vector{range(0x40000000, 3072 * kMega)}));
  EXPECT_TRUE(tree_in(scene.sealed()).has_node("/memory@40000000"));
  // Without a running tree nobody knows it.
  scene.machine.device_tree.clear();
  EXPECT_EQ(scene.refusal(), Code::TREE_NO_MEMORY);
  scene.tree.reset();
  EXPECT_EQ(scene.refusal(), Code::MACHINE_NO_TREE);
}

bool warns(const Planned& planned, const std::string& text) {
  return std::ranges::any_of(planned.warnings, [&](const std::string& one) {
    return one.find(text) != std::string::npos;
  });
}

TEST(Prepare, a_command_line_that_names_another_initrd_is_warned_of) {
  for (const bool panic : {false, true}) {
    Scene scene("arm64-max");
    if (panic) {
      scene.reserve(scene.machine.crash_regions.at(0));
    }
    EXPECT_FALSE(warns(scene.planned(), "for its initrd"));
    scene.wishes.command_line = "console=ttyAMA0 initrd=0x48000000,0x800000";
    EXPECT_TRUE(warns(scene.planned(), "has initrd=0x48000000,0x800000: the next kernel takes"));
  }
}

// Who plans by the library has what the program prints.
TEST(Prepare, what_a_crash_kernel_will_lack_is_among_the_warnings) {
  Scene scene("arm64-max");
  scene.reserve(scene.machine.crash_regions.at(0));
  Planned planned = scene.planned();
  EXPECT_TRUE(warns(planned, "without CONFIG_CRASH_DUMP")) << "an image of zeroes";
  EXPECT_FALSE(warns(planned, "may run out of memory"));
  EXPECT_FALSE(region_warning(planned));
  const auto size = estimate_crash_size(scene.input());
  ASSERT_TRUE(size);
  scene.reserve(range(scene.machine.crash_regions.at(0).start().raw(),
                      size.value().smallest_bytes + 16 * kMega));
  planned = scene.planned();
  ASSERT_TRUE(region_warning(planned));
  EXPECT_EQ(std::ranges::count(planned.warnings, *region_warning(planned)), 1);
  EXPECT_TRUE(warns(planned, crashkernel_parameter(planned.recommended_bytes)));
  Scene small("armmp");
  small.reserve(range(0x60000000, 128 * kMega));
  EXPECT_FALSE(warns(small.planned(), "above 4 GiB"));
  small.machine.ram.push_back(range(0x100000000, 512 * kMega));
  EXPECT_TRUE(warns(small.planned(), "512.0 MiB of memory above 4 GiB will not be in the dump"));
  EXPECT_FALSE(warns(small.planned(), "crash.mappings"));
  small.machine.crash.mappings.clear();
  EXPECT_TRUE(warns(small.planned(), "crash.mappings")) << "lowmem is not known";
  scene.machine.crash.mappings.clear();
  EXPECT_FALSE(warns(scene.planned(), "crash.mappings")) << "arm64 has no highmem";
}

TEST(Prepare, a_crash_kernel_lies_in_its_region_and_is_told_so) {
  Scene scene("arm64-max");
  ASSERT_EQ(scene.machine.crash_regions.size(), 1u);
  const base::PhysRange region = scene.machine.crash_regions[0];
  scene.reserve(region);
  scene.wishes.command_line.reset();
  const Planned planned = scene.planned();
  ASSERT_TRUE(planned.found.crash);
  EXPECT_EQ(planned.found.crash->region, region);
  EXPECT_FALSE(planned.found.crash->has_vmcore) << "an image of zeroes";
  EXPECT_NE(planned.found.command_line.find("reset_devices"), std::string::npos);
  EXPECT_EQ(planned.found.command_line.find("crashkernel="), std::string::npos);
  EXPECT_GT(planned.recommended_bytes, 0u);
  for (const Placement& placement : planned.plan.placements) {
    EXPECT_TRUE(region.contains(placement.memory)) << segment_name(placement.kind);
  }
  const SealedHandoff sealed = scene.sealed();
  EXPECT_TRUE(sealed.for_panic());
  const fdt::Tree tree = tree_in(sealed);
  const Placement* header = planned.plan.find(SegmentKind::kELFCOREHDR);
  EXPECT_EQ(number_in(tree, "linux,initrd-start"),
            planned.plan.find(SegmentKind::kINITRD)->memory.start().raw());
  EXPECT_EQ(base::read_be<std::uint64_t>(*tree.property("/chosen", "linux,elfcorehdr"), 0).value(),
            header->memory.start().raw());
  const base::ByteView content = content_of(sealed, SegmentKind::kELFCOREHDR);
  const std::vector<std::byte>& bytes = planned.found.crash->header.bytes;
  EXPECT_TRUE(std::ranges::equal(content.first(bytes.size()), bytes));
}

// The machine's memory far above 4 GiB, and a boot alias where it is in QEMU.
void raise(Scene& scene, std::uint64_t by) {
  scene.machine.boot_alias = scene.machine.ram;
  for (base::PhysRange& ram : scene.machine.ram) {
    ram = range(ram.start().raw() + by, ram.size_bytes());
  }
  for (NamedRange& reserved : scene.machine.reserved) {
    reserved.range = range(reserved.range.start().raw() + by, reserved.range.size_bytes());
  }
  auto tree = fdt::Tree::from_bytes(scene.machine.device_tree, "fdt").value();
  Bytes reg(16);
  for (std::size_t i = 0; i < 8; ++i) {
    reg[i] = static_cast<std::byte>(scene.machine.ram[0].start().raw() >> (56 - 8 * i));
    reg[8 + i] = static_cast<std::byte>(scene.machine.ram[0].size_bytes() >> (56 - 8 * i));
  }
  ASSERT_TRUE(tree.set("/memory@40000000", "reg", reg));
  scene.machine.device_tree = tree.packed();
}

// Segments by the alias, the next kernel's tree by where memory is when it has read that.
TEST(Prepare, a_machine_with_a_boot_alias_is_planned_by_it_and_told_of_memory_as_it_is) {
  constexpr std::uint64_t kBy = 0x780000000;
  for (const bool panic : {false, true}) {
    Scene scene("armmp-lpae");
    raise(scene, kBy);
    if (panic) {
      scene.reserve(range(scene.machine.ram[0].start().raw() + 256 * kMega, 128 * kMega));
    }
    const Planned planned = scene.planned();
    const SealedHandoff sealed = scene.sealed();
    const fdt::Tree tree = tree_in(sealed);
    const auto start_of = [&](SegmentKind kind) {
      return planned.plan.find(kind)->memory.start().raw();
    };
    EXPECT_TRUE(scene.machine.boot_alias[0].contains(sealed.relay_entry()));
    EXPECT_EQ(baton_in(sealed).tree, start_of(SegmentKind::kTREE));
    EXPECT_EQ(number_in(tree, "linux,initrd-start"), start_of(SegmentKind::kINITRD) + kBy);
    EXPECT_NE(planned.notes.back().find("boot alias"), std::string::npos);
    if (panic) {
      EXPECT_EQ(number_in(tree, "linux,initrd-end"),
                start_of(SegmentKind::kINITRD) + kBy + scene.initrd.size());
      EXPECT_EQ(
          base::read_be<std::uint64_t>(*tree.property("/chosen", "linux,elfcorehdr"), 0).value(),
          start_of(SegmentKind::kELFCOREHDR) + kBy);
      EXPECT_EQ(planned.found.crash->header.memory_bytes,
                scene.machine.ram[0].size_bytes() - 128 * kMega);
    }
  }
}

// What stands in for the numbers before there is a plan leaves room for them.
TEST(Prepare, a_crash_kernel_that_reads_no_tree_is_told_on_its_command_line) {
  Scene scene("armmp-svc", testing::make_zimage({.reads_usable_range = false}));
  const base::PhysRange region = range(0x70000000, 128 * kMega);
  scene.reserve(region);
  const Planned planned = scene.planned();
  const Placement* header = planned.plan.find(SegmentKind::kELFCOREHDR);
  const std::string line = bootargs_in(scene.sealed());
  EXPECT_EQ(line, planned.found.command_line +
                      old_kernel_arguments(planned.found.kernel, planned.plan, region));
  EXPECT_NE(line.find("elfcorehdr=" + base::hex(header->memory.start().raw())), std::string::npos);
}

// From a library's user: a program's arguments have none, and readers of files refuse it.
TEST(Prepare, a_command_line_with_a_nul_is_refused) {
  Scene scene("arm64");
  scene.wishes.append = std::string("quiet\0root=/dev/vda", 19);
  EXPECT_EQ(scene.refusal(), Code::COMMAND_LINE_NUL);
}

TEST(Prepare, a_panic_needs_a_region) {
  Scene scene("armmp");
  scene.wishes.panic = true;
  EXPECT_EQ(scene.refusal(), Code::CRASH_NO_REGION);
  scene.reserve(range(0x60000000, 16 * kMega));
  EXPECT_EQ(scene.refusal(), Code::CRASH_REGION_SMALL);
}

TEST(Prepare, an_estimate_needs_no_region_and_is_enough) {
  for (const char* folder : {"armmp", "arm64"}) {
    Scene scene(folder);
    PrepareInput bare = scene.input();
    bare.machine = Machine();
    bare.machine.arch = scene.machine.arch;
    bare.machine.cpus = scene.machine.cpus;
    const auto size = estimate_crash_size(bare);
    ASSERT_TRUE(size) << base::describe(size.error());
    EXPECT_LE(size.value().smallest_bytes, size.value().recommended_bytes);
    // Of Debian's arm64 much is reserved there.
    scene.machine.reserved.clear();
    scene.reserve(range(0x50000000, size.value().smallest_bytes));
    EXPECT_EQ(scene.planned().recommended_bytes, size.value().recommended_bytes) << folder;
  }
}

TEST(Prepare, files_that_do_not_fit_are_refused) {
  Scene scene("armmp");
  scene.relay.clear();
  EXPECT_EQ(scene.refusal(), Code::SEAL_NO_RELAY);
  EXPECT_EQ(estimate_crash_size(scene.input()).error().code(), Code::SEAL_NO_RELAY);
  scene.kernel = testing::make_image();
  const auto planned = prepare(scene.input());
  ASSERT_FALSE(planned);
  EXPECT_EQ(planned.error().code(), Code::IMAGE_WRONG_ARCH);
  EXPECT_EQ(planned.error().subject(), "vmlinuz");
  EXPECT_EQ(estimate_crash_size(scene.input()).error().code(), Code::IMAGE_WRONG_ARCH);
}

TEST(Prepare, the_initrd_that_is_sealed_is_the_one_that_was_planned_with) {
  Scene scene("arm64");
  const Planned planned = scene.planned();
  for (const std::size_t size : {std::size_t{0}, scene.initrd.size() - 1}) {
    const auto sealed = seal(planned, base::ByteView(scene.initrd).first(size), scene.seeds);
    ASSERT_FALSE(sealed);
    EXPECT_EQ(sealed.error().code(), Code::SEAL_MISMATCH);
  }
}

TEST(Prepare, an_initrd_is_measured_by_how_it_begins) {
  EXPECT_NE(measure_initrd(testing::bytes_of("070701.."), 1000).not_measured, "");
  EXPECT_GT(measure_initrd(testing::bytes_of("\x28\xb5\x2f\xfd...."), 1000).unpacked_bytes, 1000u);
  EXPECT_EQ(measure_initrd({}, 1000).size_bytes, 1000u);
}

// What the relay would refuse when the old kernel is gone, where the part of the CPU tells it
// before.
TEST(Prepare, a_kernel_of_16k_pages_is_refused_where_a_cpu_is_known_to_lack_them) {
  // Flags bits 2:1 of the header [linux/arm64/booting section 4]: 1, 2, 3 are 4, 16, 64 KiB.
  const auto of_pages = [](std::uint32_t midr, std::uint64_t code) {
    Bytes kernel = testing::make_image();
    testing::put32(kernel, 0x18, static_cast<std::uint32_t>(code << 1));
    Scene scene("arm64", std::move(kernel));
    scene.machine.hyp.cpu_ids = {0x412fd050, midr};
    const auto planned = prepare(scene.input());
    return planned ? std::nullopt : std::optional(planned.error().code());
  };
  for (const std::uint32_t midr : {0x410fd034u, 0x411fd070u, 0x410fd083u}) {
    EXPECT_EQ(of_pages(midr, 2), Code::RELAY_PAGES) << std::hex << midr;
    EXPECT_EQ(of_pages(midr, 1), std::nullopt);
    EXPECT_EQ(of_pages(midr, 3), std::nullopt);
  }
  // A Cortex-A76 has them, and who made the other is not Arm.
  EXPECT_EQ(of_pages(0x414fd0b1, 2), std::nullopt);
  EXPECT_EQ(of_pages(0x510fd034, 2), std::nullopt);
}

// Words for init may look like those that were added.
TEST(Prepare, what_is_for_init_stays_as_it_is) {
  Scene scene("arm64");
  scene.machine.command_line = "root=/dev/vda -- panic=10";
  scene.wishes.command_line.reset();
  scene.wishes.append = "panic=1";
  EXPECT_EQ(bootargs_in(scene.sealed()), "root=/dev/vda panic=1 -- panic=10");
}

}  // namespace
}  // namespace hyprelay::handoff
