// SPDX-License-Identifier: BSD-2-Clause
// A dump as Linux makes it of the core header that handoff/ makes, read by the guest's reader.
#include "rehearse/guest/vmcore.hpp"

#include "rehearse/guest/panic.hpp"

#include <elf.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstring>
#include <fstream>

namespace hyprelay::rehearse::guest {
namespace {

constexpr std::uint64_t kPhysical = 0x40000000;

template <class Header>
void append(std::string& file, const Header& header) {
  file.append(reinterpret_cast<const char*>(&header), sizeof header);
}

std::string note(std::uint32_t type, std::string name, std::string content) {
  std::string bytes;
  append(bytes, Elf32_Nhdr{static_cast<Elf32_Word>(name.size() + 1),
                           static_cast<Elf32_Word>(content.size()), type});
  name.resize((name.size() + 1 + 3) / 4 * 4);
  content.resize((content.size() + 3) / 4 * 4);
  return bytes + name + content;
}

// One PT_NOTE and one PT_LOAD with this memory.
template <class Header, class ProgramHeader>
std::string dump_of(unsigned char width, const std::string& memory) {
  const std::string notes = note(NT_PRSTATUS, "CORE", "registers") +
                            note(NT_PRSTATUS, "CORE", "registers") +
                            note(0, "VMCOREINFO", "OSRELEASE=6.1.0-56-arm64\nPAGESIZE=4096\n");
  Header header = {};
  std::memcpy(header.e_ident, ELFMAG, SELFMAG);
  header.e_ident[EI_CLASS] = width;
  header.e_type = ET_CORE;
  header.e_phoff = sizeof header;
  header.e_phentsize = sizeof(ProgramHeader);
  header.e_phnum = 2;
  ProgramHeader row = {};
  row.p_type = PT_NOTE;
  row.p_offset = sizeof header + 2 * sizeof row;
  row.p_filesz = row.p_memsz = static_cast<decltype(row.p_filesz)>(notes.size());
  std::string file;
  append(file, header);
  append(file, row);
  row.p_type = PT_LOAD;
  row.p_offset = static_cast<decltype(row.p_offset)>(row.p_offset + notes.size());
  row.p_paddr = kPhysical;
  row.p_vaddr = 0xc0000000;
  row.p_filesz = row.p_memsz = static_cast<decltype(row.p_filesz)>(memory.size());
  append(file, row);
  return file + notes + memory;
}

class VmcoreFile : public testing::Test {
 protected:
  void SetUp() override {
    path_ = testing::TempDir() + "vmcore-" + std::to_string(::getpid());
    for (int i = 0; i < 3000; ++i) {
      memory_ += "memory of the kernel that died, page " + std::to_string(i) + "\n";
    }
  }
  void TearDown() override { ::unlink(path_.c_str()); }
  void write(const std::string& content) { std::ofstream(path_, std::ios::binary) << content; }
  std::uint64_t read_all(Vmcore& core) {
    return read_all_loads(path_, core, [](std::uint64_t) {});
  }

  std::string path_;
  std::string memory_;
};

TEST_F(VmcoreFile, both_widths_are_read) {
  const std::string dumps[] = {dump_of<Elf32_Ehdr, Elf32_Phdr>(ELFCLASS32, memory_),
                               dump_of<Elf64_Ehdr, Elf64_Phdr>(ELFCLASS64, memory_)};
  for (const std::string& dump : dumps) {
    write(dump);
    auto core = read_vmcore(path_);
    ASSERT_TRUE(core);
    EXPECT_EQ(core->format, &dump == &dumps[0] ? "ELF32" : "ELF64");
    EXPECT_EQ(core->bytes, dump.size());
    EXPECT_EQ(core->cpu_notes, 2u);
    EXPECT_EQ(core->release, "6.1.0-56-arm64");
    ASSERT_EQ(core->loads.size(), 1u);
    EXPECT_EQ(core->loads[0].virtual_start, 0xc0000000u);
    EXPECT_EQ(read_all(*core), memory_.size());
    EXPECT_TRUE(core->complaints.empty());
    EXPECT_EQ(read_physical(path_, *core, kPhysical + 4096, 100), memory_.substr(4096, 100));
    EXPECT_FALSE(read_physical(path_, *core, kPhysical + memory_.size() - 50, 100));
    EXPECT_FALSE(read_physical(path_, *core, kPhysical - 50, 100));
  }
}

TEST_F(VmcoreFile, what_is_cut_short_or_none_is_told_so) {
  EXPECT_FALSE(read_vmcore(path_));
  const std::string whole = dump_of<Elf64_Ehdr, Elf64_Phdr>(ELFCLASS64, memory_);
  for (std::size_t size = 0; size < whole.size(); size += 61) {
    write(whole.substr(0, size));
    auto core = read_vmcore(path_);
    ASSERT_TRUE(core);
    const std::uint64_t read_bytes = read_all(*core);
    EXPECT_LT(read_bytes, memory_.size()) << size;
    EXPECT_FALSE(core->complaints.empty()) << size;
  }
  write(std::string(4096, 'x'));
  EXPECT_EQ(read_vmcore(path_)->format, "");
}

TEST(Marker, goes_to_the_crash_kernel_as_a_parameter) {
  const Marker marker{0x7f123000, "0123456789abcdef"};
  const auto back = marker_of("console=ttyAMA0 " + marker_parameter(marker) + " quiet\n");
  ASSERT_TRUE(back);
  EXPECT_EQ(back->physical, marker.physical);
  EXPECT_EQ(back->token, marker.token);
  EXPECT_FALSE(marker_of("console=ttyAMA0"));
  EXPECT_FALSE(marker_of("hyprelay-rehearse.marker=0x1000"));
  EXPECT_EQ(marker_page(marker.token).size(), 4096u);
  EXPECT_NE(marker_page("a"), marker_page("b"));
}

}  // namespace
}  // namespace hyprelay::rehearse::guest
