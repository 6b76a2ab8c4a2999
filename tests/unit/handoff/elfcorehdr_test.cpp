// SPDX-License-Identifier: BSD-2-Clause
// The header as binutils' readelf reads it: another reader than the one that wrote the bytes.
#include "handoff/elfcorehdr.hpp"

#include "tests/unit/handoff/synthetic.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdio>
#include <ctime>
#include <memory>

namespace hyprelay::handoff {
namespace {

using base::Code;
using testing::range;

// 1 GiB of RAM, one crash region in it, two CPUs.
Machine crashing(Arch arch) {
  Machine machine = testing::virt(arch, 1 << 30);
  machine.crash_regions = {range(0x60000000, 0x8000000)};
  machine.reserved = {{range(0x60000000, 0x8000000), "Crash kernel"},
                      {range(0x48000000, 0x100000), "reserved"}};
  machine.crash.cpu_notes = {range(0x7fd01000, 0x1a8), range(0x7fd11400, 0x1a8)};
  machine.crash.vmcoreinfo = range(0x42744000, 0x400);
  return machine;
}

struct FileCloser {
  void operator()(std::FILE* file) const { ::pclose(file); }
};

// `readelf -hlW` of the bytes: the headers' rows, each on its line, blanks squeezed.
std::string readelf(const std::vector<std::byte>& bytes) {
  const std::string path =
      ::testing::TempDir() + "elfcorehdr-" + std::to_string(::getpid()) + ".core";
  std::ofstream(path, std::ios::binary)
      .write(reinterpret_cast<const char*>(bytes.data()),
             static_cast<std::streamsize>(bytes.size()));
  const std::string command = "readelf -hlW '" + path + "' 2>&1 | tr -s ' '";
  const std::unique_ptr<std::FILE, FileCloser> pipe(::popen(command.c_str(), "r"));
  std::string text;
  for (int c = 0; (c = std::fgetc(pipe.get())) != EOF;) {
    text += static_cast<char>(c);
  }
  ::unlink(path.c_str());
  return text;
}

std::string rows_of(const std::string& text) {
  std::string rows;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    std::string line = text.substr(at, end - at);
    at = end + 1;
    if (line.find(" NOTE ") == 0 || line.find(" LOAD ") == 0) {
      rows += line.substr(1, line.find_last_not_of(' ')) + "\n";
    }
  }
  return rows;
}

TEST(CoreHeader, arm_is_elf32_with_the_linear_mapping) {
  Machine machine = crashing(Arch::kArm);
  machine.crash.mappings = {{range(0x40000000, 0x2f800000), 0xc0000000}};
  const auto core = make_core_header(machine);
  ASSERT_TRUE(core) << core.error().subject();
  EXPECT_EQ(core.value().memory_bytes, 0x38000000u);
  EXPECT_EQ(core.value().left_out_bytes, 0u);
  const std::string text = readelf(core.value().bytes);
  for (const char* fact : {"Class: ELF32", "Data: 2's complement, little endian",
                           "Type: CORE (Core file)", "Machine: ARM", "Start of program headers: 52",
                           "Number of program headers: 6", "Number of section headers: 0"}) {
    EXPECT_NE(text.find(fact), std::string::npos) << fact << "\n" << text;
  }
  // The crash region is out, the reserved range is in, the mapping ends where lowmem does.
  EXPECT_EQ(rows_of(text),
            "NOTE 0x7fd01000 0x00000000 0x7fd01000 0x001a8 0x001a8 0\n"
            "NOTE 0x7fd11400 0x00000000 0x7fd11400 0x001a8 0x001a8 0\n"
            "NOTE 0x42744000 0x00000000 0x42744000 0x00400 0x00400 0\n"
            "LOAD 0x40000000 0xc0000000 0x40000000 0x20000000 0x20000000 RWE 0\n"
            "LOAD 0x68000000 0xe8000000 0x68000000 0x7800000 0x7800000 RWE 0\n"
            "LOAD 0x6f800000 0x00000000 0x6f800000 0x10800000 0x10800000 RWE 0\n");
}

TEST(CoreHeader, arm64_is_elf64_with_the_image_twice) {
  Machine machine = crashing(Arch::kArm64);
  machine.crash_regions.insert(machine.crash_regions.begin(), range(0x50000000, 0x1000000));
  machine.crash.mappings = {{range(0x40000000, 0x40000000), 0xffff000000000000},
                            {range(0x40210000, 0x2000000), 0xffffa5f3c8010000}};
  const auto core = make_core_header(machine);
  ASSERT_TRUE(core) << core.error().subject();
  const std::string text = readelf(core.value().bytes);
  for (const char* fact : {"Class: ELF64", "Machine: AArch64", "Start of program headers: 64",
                           "Number of program headers: 7"}) {
    EXPECT_NE(text.find(fact), std::string::npos) << fact << "\n" << text;
  }
  EXPECT_EQ(rows_of(text),
            "NOTE 0x7fd01000 0x0000000000000000 0x000000007fd01000 0x0001a8 0x0001a8 0\n"
            "NOTE 0x7fd11400 0x0000000000000000 0x000000007fd11400 0x0001a8 0x0001a8 0\n"
            "NOTE 0x42744000 0x0000000000000000 0x0000000042744000 0x000400 0x000400 0\n"
            "LOAD 0x40210000 0xffffa5f3c8010000 0x0000000040210000 0x2000000 0x2000000 RWE 0\n"
            "LOAD 0x40000000 0xffff000000000000 0x0000000040000000 0x10000000 0x10000000 RWE 0\n"
            "LOAD 0x51000000 0xffff000011000000 0x0000000051000000 0xf000000 0xf000000 RWE 0\n"
            "LOAD 0x68000000 0xffff000028000000 0x0000000068000000 0x18000000 0x18000000 RWE 0\n");
}

TEST(CoreHeader, without_mappings_it_names_physical_addresses_alone) {
  const auto core = make_core_header(crashing(Arch::kArm64));
  ASSERT_TRUE(core) << core.error().subject();
  const std::string rows = rows_of(readelf(core.value().bytes));
  EXPECT_NE(rows.find("LOAD 0x40000000 0x0000000000000000 0x0000000040000000 0x20000000"),
            std::string::npos)
      << rows;
}

TEST(CoreHeader, a_32_bit_header_leaves_out_what_lies_above_4_gib) {
  Machine machine = crashing(Arch::kArm);
  machine.ram = {range(0x40000000, 0x100000000)};
  const auto core = make_core_header(machine);
  ASSERT_TRUE(core) << core.error().subject();
  EXPECT_EQ(core.value().memory_bytes, 0xc0000000u - 0x8000000u);
  EXPECT_EQ(core.value().left_out_bytes, 0x40000000u);
}

TEST(CoreHeader, memory_of_a_driver_is_dumped_as_well) {
  Machine machine = crashing(Arch::kArm64);
  machine.driver_ram = {range(0x100000000, 0x8000000)};
  machine.crash.mappings = {{range(0x100000000, 0x8000000), 0xffff0000c0000000}};
  const auto core = make_core_header(machine);
  ASSERT_TRUE(core) << core.error().subject();
  EXPECT_EQ(core.value().memory_bytes, 0x40000000u);
  const std::string rows = rows_of(readelf(core.value().bytes));
  EXPECT_NE(rows.find("LOAD 0x100000000 0xffff0000c0000000 0x0000000100000000 0x8000000"),
            std::string::npos)
      << rows;
}

// Pieces, and the image inside of one of them once more.
TEST(CoreHeader, thirty_thousand_pieces_take_no_time) {
  constexpr std::uint64_t kPieces = 30000;
  Machine machine = crashing(Arch::kArm64);
  for (std::uint64_t i = 0; i < kPieces; ++i) {
    // Not in the order of their addresses.
    const std::uint64_t at = (i * 7919 % kPieces) * 0x400000 + 0x100000000;
    machine.ram.push_back(range(at, 0x200000));
    machine.crash.mappings.push_back({range(at, 0x200000), 0xffff000000000000 + at});
  }
  machine.crash.mappings.push_back({range(0x100010000, 0x1000), 0xffffa5f3c8010000});
  const std::clock_t before = std::clock();
  const auto core = make_core_header(machine);
  // A tenth of a second with sanitizers; 45 when each piece looked at each mapping.
  EXPECT_LT(static_cast<double>(std::clock() - before) / CLOCKS_PER_SEC, 3.0);
  ASSERT_TRUE(core) << core.error().subject();
  // Two CPUs, vmcoreinfo, the image, the pieces, and RAM around the crash region.
  EXPECT_EQ(core.value().bytes.size(), 64 + 56 * (3 + 1 + kPieces + 2));
}

// What another mapping has already is not said twice, and no byte is left out.
TEST(CoreHeader, mappings_that_overlap_leave_no_hole) {
  Machine machine = crashing(Arch::kArm64);
  machine.crash_regions.clear();
  machine.crash.mappings = {{range(0x50000000, 0x10000000), 0xffff000010000000},
                            {range(0x48000000, 0x10000000), 0xffff000008000000}};
  const auto core = make_core_header(machine);
  ASSERT_TRUE(core) << core.error().subject();
  const std::string rows = rows_of(readelf(core.value().bytes));
  EXPECT_EQ(rows.substr(rows.find("LOAD")),
            "LOAD 0x40000000 0x0000000000000000 0x0000000040000000 0x8000000 0x8000000 RWE 0\n"
            "LOAD 0x48000000 0xffff000008000000 0x0000000048000000 0x10000000 0x10000000 RWE 0\n"
            "LOAD 0x58000000 0x0000000000000000 0x0000000058000000 0x28000000 0x28000000 RWE 0\n");
}

TEST(CoreHeader, facts_that_are_missing_or_wrong_are_errors) {
  Machine machine = crashing(Arch::kArm64);
  machine.crash.cpu_notes.clear();
  EXPECT_EQ(make_core_header(machine).error().code(), Code::CRASH_NO_NOTES);
  machine = crashing(Arch::kArm64);
  machine.crash.vmcoreinfo = {};
  EXPECT_EQ(make_core_header(machine).error().subject(), "vmcoreinfo");
  machine = crashing(Arch::kArm64);
  machine.crash.cpu_notes[1] = range(0x80000000, 0x1a8);
  EXPECT_EQ(make_core_header(machine).error().code(), Code::MACHINE_MALFORMED);
  EXPECT_EQ(make_core_header(machine).error().at(), 0x80000000u);
  machine = crashing(Arch::kArm);
  machine.ram.clear();
  EXPECT_EQ(make_core_header(machine).error().code(), Code::MACHINE_NO_RAM);
}

}  // namespace
}  // namespace hyprelay::handoff
