// SPDX-License-Identifier: BSD-2-Clause
// A kernel as it was linked, vmlinux [elf(5); the ELF specification, "Program Header"]. What is in
// memory is what its PT_LOAD segments say, at their physical addresses: an arm64 kernel laid out so
// is its Image, which is made of it that way [linux/arch/arm64/boot/Makefile, objcopy -O binary], a
// 32-bit one is what is in its zImage. What is no Linux runs where it was linked.
#include "base/number_text.hpp"
#include "handoff/bare_kernel.hpp"
#include "handoff/container_formats.hpp"
#include "handoff/image_formats.hpp"

#include <algorithm>

namespace hyprelay::handoff {
namespace {

using base::ByteView;
using base::Code;

constexpr std::uint64_t kEClass = 4;
constexpr std::uint64_t kEData = 5;
constexpr std::uint64_t kEType = 16;
constexpr std::uint64_t kEMachine = 18;
constexpr std::uint64_t kEEntry = 24;
constexpr std::uint16_t kETypeExec = 2;
constexpr unsigned kEClass32 = 1;
constexpr unsigned kEClass64 = 2;
constexpr unsigned kELittle = 1;
constexpr std::uint16_t kEArm = 40;
constexpr std::uint16_t kEArm64 = 183;
constexpr std::uint32_t kPtLoad = 1;
// No kernel has a tenth of it; so many are looked at.
constexpr std::uint64_t kMostElfRows = 256;

// Where fields lie, and how wide addresses are, in one class of files and the other.
struct ElfLayout {
  std::uint64_t program_at, section_at;
  std::uint64_t program_row, program_rows, section_row, section_rows, names;
  std::uint64_t p_offset, p_vaddr, p_paddr, p_filesz, p_memsz;
  std::uint64_t sh_offset;
  bool wide;
};
constexpr ElfLayout kElf32 = {28, 32, 42, 44, 46, 48, 50, 4, 8, 12, 16, 20, 16, false};
constexpr ElfLayout kElf64 = {32, 40, 54, 56, 58, 60, 62, 8, 16, 24, 32, 40, 24, true};

class Elf {
 public:
  Elf(ByteView file, const ElfLayout& layout) : file_(file), layout_(layout) {}

  const ElfLayout& layout() const { return layout_; }
  // Zero behind the file's end.
  std::uint64_t half(std::uint64_t at) const {
    const auto value = base::read_le<std::uint16_t>(file_, at);
    return value ? value.value() : 0;
  }
  std::uint64_t word(std::uint64_t at) const {
    const auto value = base::read_le<std::uint32_t>(file_, at);
    return value ? value.value() : 0;
  }
  std::uint64_t address(std::uint64_t at) const {
    if (!layout_.wide) {
      return word(at);
    }
    const auto value = base::read_le<std::uint64_t>(file_, at);
    return value ? value.value() : 0;
  }

 private:
  ByteView file_;
  const ElfLayout& layout_;
};

struct Load {
  std::uint64_t virtual_start = 0;
  std::uint64_t start = 0;
  std::uint64_t memory_bytes = 0;
  ByteView content;
};

base::Result<std::vector<Load>> elf_loads(ByteView file, const Elf& elf, std::string_view name) {
  const ElfLayout& l = elf.layout();
  const std::uint64_t table = elf.address(l.program_at);
  const std::uint64_t rows = std::min(elf.half(l.program_rows), kMostElfRows);
  std::vector<Load> loads;
  for (std::uint64_t i = 0; i < rows; ++i) {
    const std::uint64_t row = table + i * elf.half(l.program_row);
    const std::uint64_t memory_bytes = elf.address(row + l.p_memsz);
    if (elf.word(row) != kPtLoad || memory_bytes == 0) {
      continue;
    }
    const std::uint64_t bytes = elf.address(row + l.p_filesz);
    const std::uint64_t offset = elf.address(row + l.p_offset);
    const auto content = base::slice(file, offset, bytes);
    if (!content) {
      return container_error(Code::IMAGE_TRUNCATED, name,
                             "the ELF file's segment " + std::to_string(i))
          .with_at(offset + bytes)
          .with_limit(file.size());
    }
    if (bytes > memory_bytes || memory_bytes > kSaneBytes) {
      return container_error(Code::IMAGE_LIES, name, "the ELF file's segment " + std::to_string(i))
          .with_at(row);
    }
    loads.push_back({elf.address(row + l.p_vaddr), elf.address(row + l.p_paddr), memory_bytes,
                     content.value()});
  }
  return loads;
}

struct Flat {
  std::uint64_t start = 0;
  // Behind `lead` zeroes.
  std::vector<std::byte> bytes;
  std::uint64_t bss_bytes = 0;
};

// From the first byte that the file has to the last.
base::Result<Flat> flat_of(const std::vector<Load>& loads, std::uint64_t lead,
                           std::string_view name) {
  std::uint64_t start = ~std::uint64_t{0};
  std::uint64_t end = 0;
  std::uint64_t memory_end = 0;
  for (const Load& load : loads) {
    if (load.start + load.memory_bytes < load.start) {
      return container_error(Code::IMAGE_LIES, name, "a segment of the ELF file leaves the memory");
    }
    start = load.content.empty() ? start : std::min(start, load.start);
    end = load.content.empty() ? end : std::max(end, load.start + load.content.size());
    memory_end = std::max(memory_end, load.start + load.memory_bytes);
  }
  if (start >= end || memory_end - start > kSaneBytes) {
    return container_error(Code::IMAGE_ELF, name,
                           start >= end ? "it has nothing to load" : "its segments lie apart");
  }
  Flat flat{.start = start, .bytes = std::vector<std::byte>(lead + (end - start))};
  flat.bss_bytes = memory_end - end;
  for (const Load& load : loads) {
    if (!load.content.empty()) {
      std::ranges::copy(load.content, flat.bytes.begin() +
                                          static_cast<std::ptrdiff_t>(lead + (load.start - start)));
    }
  }
  return flat;
}

bool has_section(ByteView file, const Elf& elf, std::string_view wanted) {
  const ElfLayout& l = elf.layout();
  const std::uint64_t table = elf.address(l.section_at);
  const std::uint64_t row_bytes = elf.half(l.section_row);
  const std::uint64_t names = elf.address(table + elf.half(l.names) * row_bytes + l.sh_offset);
  for (std::uint64_t i = 0; i < std::min(elf.half(l.section_rows), kMostElfRows); ++i) {
    const auto name = base::slice(file, names + elf.word(table + i * row_bytes), wanted.size() + 1);
    if (name && base::text_of(name.value()) == std::string(wanted) + '\0') {
      return true;
    }
  }
  return false;
}

// A kernel that runs at any start of memory has a table of the places that it patches for that
// [linux/arch/arm/kernel/vmlinux.lds.S .init.pv_table]; one without it was linked for one address.
base::Result<void> lay_out_arm(ByteView file, const Elf& elf, const std::vector<Load>& loads,
                               std::string_view name, Opened& opened) {
  HR_TRY(flat, flat_of(loads, kBareLead, name));
  if (elf.half(elf.layout().section_rows) != 0 && !has_section(file, elf, ".init.pv_table")) {
    return container_error(Code::IMAGE_ELF, name,
                           "no Linux that runs at any address (CONFIG_ARM_PATCH_PHYS_VIRT)");
  }
  // Memory begins at a multiple of 16 MiB in the addresses that it was linked at, too.
  constexpr std::uint64_t kStartAlign = 0x1000000;
  ZImage numbers;
  numbers.inflated_bytes = flat.bytes.size() - kBareLead;
  numbers.size_bytes = numbers.inflated_bytes;
  numbers.bss_bytes = flat.bss_bytes;
  numbers.text_offset = numbers.text_offset_max = flat.start % kStartAlign;
  if (numbers.text_offset < kBareLead) {
    return container_error(Code::IMAGE_ELF, name,
                           "it leaves no room for page tables in front of it");
  }
  opened.contained.made.push_back(std::move(flat.bytes));
  opened.kernel = opened.contained.made.back();
  BareRead read = read_bare_kernel(numbers, opened.kernel);
  if (!read.view) {
    return container_error(Code::IMAGE_ELF, name, read.why_not);
  }
  opened.bare = std::move(read.view);
  return base::success();
}

base::Result<void> lay_out_arm64(const std::vector<Load>& loads, std::string_view name,
                                 Opened& opened) {
  HR_TRY(flat, flat_of(loads, 0, name));
  opened.contained.made.push_back(std::move(flat.bytes));
  opened.kernel = opened.contained.made.back();
  return base::success();
}

// Where the program's first instruction lies in memory: e_entry is an address as it was linked.
std::optional<std::uint64_t> elf_entry(const Elf& elf, const std::vector<Load>& loads) {
  const std::uint64_t entry = elf.address(kEEntry);
  for (const Load& load : loads) {
    const std::uint64_t distance = entry - load.virtual_start;
    if (entry >= load.virtual_start && distance < load.memory_bytes) {
      return load.start + distance;
    }
  }
  return std::nullopt;
}

bool is_physical(const std::vector<Load>& loads, bool wide) {
  const std::uint64_t top = std::uint64_t{1} << (wide ? 48 : 32);
  return std::ranges::all_of(loads, [&](const Load& load) {
    return load.start < top && load.memory_bytes <= top - load.start;
  });
}

// All of it in one piece, its bss too, which is zeroes.
base::Result<void> lay_out_program(const Elf& elf, const std::vector<Load>& loads,
                                   std::string_view name, Opened& opened) {
  constexpr std::uint64_t kMostBytes = 0x10000000;
  constexpr std::uint64_t kPage = 0x1000;
  const bool wide = elf.layout().wide;
  const auto refused = [&](const std::string& why) {
    return container_error(Code::IMAGE_ELF, name, why);
  };
  if (elf.half(kEType) != kETypeExec) {
    return refused("a program for no address (not ET_EXEC)");
  }
  if (loads.empty() || !is_physical(loads, wide)) {
    return refused(loads.empty() ? "it has nothing to load"
                                 : "linked for " + base::hex(loads[0].start) +
                                       ", which is no address of memory");
  }
  std::uint64_t start = loads[0].start;
  std::uint64_t end = 0;
  for (const Load& load : loads) {
    start = std::min(start, load.start);
    end = std::max(end, load.start + load.memory_bytes);
  }
  // A 32-bit entry may be in Thumb. The relay wants four bytes there [relay/core/baton.cpp].
  const auto entry = elf_entry(elf, loads);
  if (!entry || (*entry % 4 != 0 && (wide || *entry % 2 == 0)) || end - *entry < 4) {
    return refused("its entry is no instruction of its segments");
  }
  start -= start % kPage;
  if (end - start > kMostBytes) {
    return refused("its segments lie apart");
  }
  std::vector<std::byte> bytes(static_cast<std::size_t>(end - start));
  for (const Load& load : loads) {
    std::ranges::copy(load.content,
                      bytes.begin() + static_cast<std::ptrdiff_t>(load.start - start));
  }
  opened.contained.made.push_back(std::move(bytes));
  opened.kernel = opened.contained.made.back();
  ImageView view;
  view.arch = wide ? Arch::kArm64 : Arch::kArm;
  view.bytes = opened.kernel;
  view.program = BareProgram{start, *entry};
  opened.bare = std::move(view);
  return base::success();
}

bool is_linux(const std::vector<Load>& loads) {
  return std::ranges::any_of(loads, [](const Load& load) {
    return !behind_linux_version(base::text_of(load.content)).empty();
  });
}

// Others have an Image's header as well, and a physical address that they were linked for.
bool is_image(const Elf& elf, const std::vector<Load>& loads) {
  const auto first = std::ranges::min_element(loads, {}, [](const Load& load) {
    return load.content.empty() ? ~std::uint64_t{0} : load.start;
  });
  return first != loads.end() && has_arm64_magic(first->content) &&
         (elf.half(kEType) != kETypeExec || !is_physical(loads, true) || !elf_entry(elf, loads) ||
          is_linux(loads));
}

}  // namespace

base::Result<Opened> open_elf(ByteView file, std::string_view name) {
  if (file.size() < 64) {
    return base::Error(Code::IMAGE_TRUNCATED, base::Stage::kImage, name)
        .with_at(64)
        .with_limit(file.size());
  }
  const auto kind = std::to_integer<unsigned>(file[kEClass]);
  if (std::to_integer<unsigned>(file[kEData]) != kELittle) {
    return container_error(Code::IMAGE_WRONG_ENDIAN, name, "an ELF file").with_at(kEData);
  }
  const Elf elf(file, kind == kEClass64 ? kElf64 : kElf32);
  const std::uint64_t machine = elf.half(kEMachine);
  if ((machine != kEArm || kind != kEClass32) && (machine != kEArm64 || kind != kEClass64)) {
    return container_error(
        Code::IMAGE_WRONG_ARCH, name,
        "an ELF file for machine " + std::to_string(machine) + " (40: arm, 183: arm64)");
  }
  HR_TRY(loads, elf_loads(file, elf, name));
  Opened opened{.format = "ELF", .kernel = {}};
  const bool is_kernel = machine == kEArm ? is_linux(loads) : is_image(elf, loads);
  HR_TRYV(!is_kernel         ? lay_out_program(elf, loads, name, opened)
          : machine == kEArm ? lay_out_arm(file, elf, loads, name, opened)
                             : lay_out_arm64(loads, name, opened));
  opened.contained.parts.push_back(
      {"segments", std::to_string(loads.size()), opened.kernel.size()});
  return opened;
}

}  // namespace hyprelay::handoff
