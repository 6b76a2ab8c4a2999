// SPDX-License-Identifier: BSD-2-Clause
#include "handoff/linux/iomem.hpp"

#include <gtest/gtest.h>

#include <string>

namespace hyprelay::handoff::linux_host {
namespace {

using base::Code;
using base::PhysAddr;
using base::PhysRange;

PhysRange inclusive(std::uint64_t first, std::uint64_t last) {
  return PhysRange::from_inclusive(PhysAddr(first), PhysAddr(last)).value();
}

Code code_of(std::string_view text) {
  const auto parsed = parse_iomem(text);
  return parsed ? Code::INTERNAL : parsed.error().code();
}

TEST(Iomem, both_addresses_of_a_line_belong_to_the_range) {
  const auto iomem = parse_iomem("40000000-7fffffff : System RAM\n").value();
  ASSERT_EQ(iomem.ram.size(), 1u);
  EXPECT_EQ(iomem.ram[0].size_bytes(), 0x40000000u);
}

TEST(Iomem, keeps_what_is_reserved_inside_ram_and_nothing_else) {
  const auto iomem = parse_iomem(
                         "09000000-09000fff : pl011@9000000\n"
                         "30000000-300fffff : reserved\n"
                         "40000000-7fffffff : System RAM\n"
                         "  40208000-411fffff : Kernel code\n"
                         "  48000000-48092fff : reserved\n"
                         "    48000000-48000fff : reserved\n"
                         "  72c00000-7abfffff : Crash kernel\n"
                         "8040000000-80ffffffff : System RAM\n")
                         .value();
  EXPECT_EQ(iomem.ram, (std::vector{inclusive(0x40000000, 0x7fffffff),
                                    inclusive(0x8040000000, 0x80ffffffff)}));
  ASSERT_EQ(iomem.reserved.size(), 3u);
  EXPECT_EQ(iomem.reserved[0], (NamedRange{inclusive(0x48000000, 0x48092fff), "reserved"}));
  EXPECT_EQ(iomem.reserved[2], (NamedRange{inclusive(0x72c00000, 0x7abfffff), "Crash kernel"}));
  EXPECT_EQ(iomem.crash_regions, std::vector{inclusive(0x72c00000, 0x7abfffff)});
}

// As EFI machines have it, and worse: memory below something reserved, reserved on every level, and
// across the end of memory.
TEST(Iomem, reserved_counts_on_any_level_where_it_meets_memory) {
  const auto iomem = parse_iomem(
                         "04000000-07ffffff : reserved\n"
                         "40000000-bc43ffff : System RAM\n"
                         "  b84c0000-b9b0ffff : Kernel code\n"
                         "    b8500000-b8500fff : reserved\n"
                         "bc440000-bc72ffff : reserved\n"
                         "bc730000-bfbfffff : System RAM\n"
                         "bfb00000-bffdffff : reserved\n"
                         "c0000000-cfffffff : reserved\n"
                         "  c8000000-c80fffff : System RAM\n")
                         .value();
  EXPECT_EQ(iomem.ram,
            (std::vector{inclusive(0x40000000, 0xbc43ffff), inclusive(0xbc730000, 0xbfbfffff),
                         inclusive(0xc8000000, 0xc80fffff)}));
  std::vector<PhysRange> reserved;
  for (const NamedRange& one : iomem.reserved) {
    reserved.push_back(one.range);
  }
  EXPECT_EQ(reserved,
            (std::vector{inclusive(0xb8500000, 0xb8500fff), inclusive(0xbfb00000, 0xbffdffff),
                         inclusive(0xc0000000, 0xcfffffff)}));
}

TEST(Iomem, crash_regions_come_low_to_high) {
  const auto iomem = parse_iomem(
                         "40000000-ffffffff : System RAM\n"
                         "  90000000-9fffffff : Crash kernel\n"
                         "  50000000-500fffff : Crash kernel\n")
                         .value();
  ASSERT_EQ(iomem.crash_regions.size(), 2u);
  EXPECT_EQ(iomem.crash_regions[0].start(), PhysAddr(0x50000000));
}

// What virtio_mem and dax/kmem bring stands below the device, with the driver's name.
TEST(Iomem, memory_of_a_driver_is_apart) {
  const auto iomem = parse_iomem(
                         "40000000-7fffffff : System RAM\n"
                         "100000000-11fffffff : virtio2\n"
                         "  100000000-10fffffff : System RAM (virtio_mem)\n"
                         "140000000-14fffffff : dax0.0\n"
                         "  140000000-147ffffff : System RAM (kmem)\n")
                         .value();
  EXPECT_EQ(iomem.ram, (std::vector{inclusive(0x40000000, 0x7fffffff)}));
  EXPECT_EQ(iomem.driver_ram, (std::vector{inclusive(0x100000000, 0x10fffffff),
                                           inclusive(0x140000000, 0x147ffffff)}));
}

// Keystone 2 [linux/arch/arm/kernel/setup.c request_standard_resources, reserve_crashkernel].
TEST(Iomem, a_boot_alias_is_no_memory_of_its_own_and_no_crash_region) {
  const auto iomem = parse_iomem(
                         "80000000-ffffffff : System RAM (boot alias)\n"
                         "  a8000000-afffffff : Crash kernel (boot alias)\n"
                         "800000000-87fffffff : System RAM\n"
                         "  800208000-8013fffff : Kernel code\n"
                         "  828000000-82fffffff : Crash kernel\n")
                         .value();
  EXPECT_EQ(iomem.boot_alias, std::vector{inclusive(0x80000000, 0xffffffff)});
  EXPECT_EQ(iomem.ram, std::vector{inclusive(0x800000000, 0x87fffffff)});
  EXPECT_TRUE(iomem.driver_ram.empty());
  EXPECT_EQ(iomem.crash_regions, std::vector{inclusive(0x828000000, 0x82fffffff)});
  EXPECT_EQ(iomem.reserved.size(), 1u);
}

TEST(Iomem, zeroes_mean_that_the_reader_is_not_privileged) {
  EXPECT_EQ(code_of("00000000-00000000 : System RAM\n  00000000-00000000 : Kernel code\n"),
            Code::NO_PERMISSION);
}

TEST(Iomem, a_machine_without_ram_is_refused) {
  EXPECT_EQ(code_of(""), Code::MACHINE_NO_RAM);
  EXPECT_EQ(code_of("09000000-09000fff : pl011@9000000\n"), Code::MACHINE_NO_RAM);
  // Nested below something else it is none of the lines that count.
  EXPECT_EQ(code_of("09000000-09000fff : reserved\n"), Code::MACHINE_NO_RAM);
}

TEST(Iomem, every_malformed_line_is_named) {
  for (const std::string line :
       {"garbage", "40000000 : System RAM", "40000000-7fffffff: System RAM",
        "40000000-zzz : System RAM", "-7fffffff : System RAM", "7fffffff-40000000 : System RAM",
        "0-ffffffffffffffff : System RAM", "40000000-17fffffffffffffff : System RAM"}) {
    const auto parsed = parse_iomem("40000000-4fffffff : System RAM\n" + line + "\n");
    ASSERT_FALSE(parsed) << line;
    EXPECT_EQ(parsed.error().code(), Code::MACHINE_MALFORMED) << line;
    EXPECT_NE(parsed.error().subject().find(line), std::string_view::npos) << line;
  }
}

TEST(Iomem, a_last_line_without_newline_counts) {
  EXPECT_EQ(parse_iomem("40000000-7fffffff : System RAM").value().ram.size(), 1u);
}

}  // namespace
}  // namespace hyprelay::handoff::linux_host
