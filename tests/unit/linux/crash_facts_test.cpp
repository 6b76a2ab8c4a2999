// SPDX-License-Identifier: BSD-2-Clause
#include "handoff/linux/crash_facts.hpp"

#include "tests/unit/linux/captured.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <fstream>

namespace hyprelay::handoff::linux_host {
namespace {

namespace fs = std::filesystem;

using base::PhysAddr;
using base::PhysRange;

PhysRange range(std::uint64_t start, std::uint64_t size) {
  return PhysRange::from_size(PhysAddr(start), size).value();
}

TEST(CrashFacts, sizes_are_decimal_for_cpus_and_hex_for_vmcoreinfo) {
  EXPECT_EQ(cpu_note_of("7fd01000", "424"), range(0x7fd01000, 424));
  EXPECT_EQ(vmcoreinfo_of("0x0000000048126000 1024"), range(0x48126000, 0x1024));
  EXPECT_EQ(vmcoreinfo_of("403fa114 1024"), range(0x403fa114, 0x1024));
  EXPECT_FALSE(cpu_note_of("", "424"));
  EXPECT_FALSE(cpu_note_of("7fd01000", ""));
  EXPECT_FALSE(cpu_note_of("7fd01000", "0"));
  EXPECT_FALSE(cpu_note_of("7fd01000", "1a8"));
  EXPECT_FALSE(cpu_note_of("ffffffffffffffff", "2"));
  for (const char* text : {"", "0x48126000", "0x48126000 ", "0x48126000 0", "0xz 1", "z 1", "0x 1",
                           " 1", "0x0x48126000 1024"}) {
    EXPECT_FALSE(vmcoreinfo_of(text)) << text;
  }
}

// A machine whose files a test writes.
class CrashFiles : public testing::Test {
 protected:
  void SetUp() override {
    directory_ = fs::path(testing::TempDir()) / ("hyprelay-crash-" + std::to_string(::getpid()));
    fs::remove_all(directory_);
    root_.path = directory_.string();
  }
  void TearDown() override { fs::remove_all(directory_); }
  void write(const std::string& path, std::string_view text) {
    fs::create_directories((directory_ / path).parent_path());
    std::ofstream(directory_ / path, std::ios::binary) << text;
  }

  fs::path directory_;
  Root root_;
};

TEST_F(CrashFiles, cpus_come_in_the_order_of_their_numbers) {
  for (const int cpu : {10, 2, 0}) {
    const std::string folder = "sys/devices/system/cpu/cpu" + std::to_string(cpu) + "/";
    write(folder + "crash_notes", "4000" + std::to_string(cpu) + "000\n");
    write(folder + "crash_notes_size", "424\n");
  }
  write("sys/devices/system/cpu/cpufreq/crash_notes", "1\n");
  write("sys/kernel/vmcoreinfo", "0x0000000048126000 1024\n");
  Machine machine;
  machine.arch = Arch::kArm64;
  const CrashFacts facts = gather_crash_facts(root_, machine);
  EXPECT_EQ(facts.cpu_notes,
            (std::vector{range(0x40000000, 424), range(0x40002000, 424), range(0x400010000, 424)}));
  EXPECT_EQ(facts.vmcoreinfo, range(0x48126000, 0x1024));
  EXPECT_TRUE(facts.mappings.empty());
}

TEST_F(CrashFiles, arm_takes_page_offset_from_its_symbols_or_the_usual_one) {
  Machine machine;
  machine.arch = Arch::kArm;
  machine.ram = {range(0x80000000, 0x10000000), range(0x40000000, 0x40000000)};
  const VirtualMapping usual{range(0x40000000, 0x30000000), 0xc0000000};
  EXPECT_EQ(gather_crash_facts(root_, machine).mappings, std::vector{usual});
  write("proc/kallsyms", "00000000 T _stext\n00000000 T _text\n");
  EXPECT_EQ(gather_crash_facts(root_, machine).mappings, std::vector{usual});
  write("proc/kallsyms", "80100000 T _stext\n80008000 T _text\n80008000 t x\n");
  const auto mappings = gather_crash_facts(root_, machine).mappings;
  ASSERT_EQ(mappings.size(), 1u);
  EXPECT_EQ(mappings[0].virtual_start, 0x80000000u);
  EXPECT_EQ(mappings[0].range.start(), PhysAddr(0x40000000));
}

// As 6.1's armmp does on 2 GiB at 0x40000000: it puts the zone HighMem at 0x70000000, by
// vmalloc=400M at 0x66000000, by 1M at 0x7e000000, by 3G at 0x42000000.
TEST_F(CrashFiles, arm_ends_its_mapping_where_vmalloc_begins) {
  Machine machine;
  machine.arch = Arch::kArm;
  machine.ram = {range(0x40000000, 0x80000000)};
  const auto mapped = [&](const std::string& words) {
    machine.command_line = words;
    const auto mappings = gather_crash_facts(root_, machine).mappings;
    return mappings.size() == 1 ? mappings[0].range.size_bytes() >> 20 : 0;
  };
  EXPECT_EQ(mapped("console=ttyAMA0"), 768u);
  EXPECT_EQ(mapped("xvmalloc=400M vmalloc_x=1 vmalloc"), 768u);
  EXPECT_EQ(mapped("vmalloc=400M root=/dev/vda1"), 608u);
  EXPECT_EQ(mapped("vmalloc=400M vmalloc=256M -- vmalloc=1M"), 752u);
  // At least 16 MiB of it, and at least 32 MiB of lowmem.
  EXPECT_EQ(mapped("vmalloc=1M"), 992u);
  EXPECT_EQ(mapped("vmalloc=much"), 992u);
  EXPECT_EQ(mapped("vmalloc=3G"), 32u);
  // Of a kernel at 2 GiB.
  write("proc/kallsyms", "80008000 T _text\n80009000 t x\n");
  EXPECT_EQ(mapped("vmalloc=1024M"), 1008u);
}

void put(std::string& bytes, std::size_t at, std::uint64_t value, std::size_t width) {
  for (std::size_t i = 0; i < width; ++i) {
    bytes.at(at + i) = static_cast<char>(value >> (8 * i));
  }
}

// The headers of a /proc/kcore with these (p_type, p_vaddr, p_paddr, p_memsz).
std::string kcore(std::initializer_list<std::array<std::uint64_t, 4>> headers) {
  std::string bytes(64 + headers.size() * 56, '\0');
  put(bytes, 0, 0x00010102464c457f, 8);
  put(bytes, 32, 64, 8);
  put(bytes, 54, 56, 2);
  put(bytes, 56, headers.size(), 2);
  std::size_t at = 64;
  for (const auto& [type, virtual_start, physical, size] : headers) {
    put(bytes, at, type, 4);
    put(bytes, at + 16, virtual_start, 8);
    put(bytes, at + 24, physical, 8);
    put(bytes, at + 40, size, 8);
    at += 56;
  }
  return bytes;
}

TEST_F(CrashFiles, arm64_takes_its_mappings_from_kcore) {
  const std::string bytes = kcore({{4, 0, 0, 0x1000},
                                   {1, 0xffffa5f3c8010000, 0x40210000, 0x2000000},
                                   {1, 0xffff800008000000, ~std::uint64_t{0}, 0x100000},
                                   {1, 0xffff000000000000, 0x40000000, 0x40000000},
                                   {1, 0xfffffc0000000000, 0, 0x1000000}});
  write("proc/kcore", bytes);
  Machine machine;
  machine.arch = Arch::kArm64;
  machine.ram = {range(0x40000000, 0x40000000)};
  const std::vector<VirtualMapping> expected{{range(0x40210000, 0x2000000), 0xffffa5f3c8010000},
                                             {range(0x40000000, 0x40000000), 0xffff000000000000}};
  EXPECT_EQ(gather_crash_facts(root_, machine).mappings, expected);
  // Cut short or of another kind, it tells what is there, and never more.
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_LE(
        mappings_of_kcore(base::bytes_of(std::string_view(bytes).substr(0, size)), machine.ram)
            .size(),
        2u);
  }
}

}  // namespace
}  // namespace hyprelay::handoff::linux_host
