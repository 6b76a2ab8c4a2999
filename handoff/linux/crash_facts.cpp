// SPDX-License-Identifier: BSD-2-Clause
#include "handoff/linux/crash_facts.hpp"

#include "base/number_text.hpp"
#include "handoff/command_line.hpp"
#include "os/files.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <system_error>

namespace hyprelay::handoff::linux_host {
namespace {

namespace fs = std::filesystem;

using base::PhysAddr;
using base::PhysRange;

// Enough for some hundred program headers; a kernel has tens.
constexpr std::size_t kKcoreHead = 65536;
// Where a 3G/1G kernel has its text, for one that hides its symbols.
constexpr std::uint64_t kUsualArmText = 0xc0008000;

template <class Number>
std::optional<Number> number_in(std::string_view text, int radix) {
  const auto value = base::take_number(text, radix);
  return value && text.empty() && *value <= std::numeric_limits<Number>::max()
             ? std::optional(static_cast<Number>(*value))
             : std::nullopt;
}

std::optional<PhysRange> note_of(std::string_view address,
                                 std::optional<std::uint64_t> size_bytes) {
  const auto start = number_in<std::uint64_t>(address, 16);
  return start && size_bytes && *size_bytes != 0
             ? PhysRange::from_size(PhysAddr(*start), *size_bytes)
             : std::nullopt;
}

// One PT_NOTE per CPU that has a file for it, by number.
std::vector<PhysRange> cpu_notes(const Root& root) {
  std::map<unsigned, PhysRange> notes;
  std::error_code error;
  for (fs::directory_iterator cpu(root.path + "/sys/devices/system/cpu", error), end;
       !error && cpu != end; cpu.increment(error)) {
    const std::string name = cpu->path().filename().string();
    if (!name.starts_with("cpu")) {
      continue;
    }
    const auto number = number_in<unsigned>(std::string_view(name).substr(3), 10);
    const auto address = os::read_fact_text(cpu->path().string() + "/crash_notes");
    const auto size = os::read_fact_text(cpu->path().string() + "/crash_notes_size");
    if (!number || !address || !size) {
      continue;
    }
    if (const auto note = cpu_note_of(address.value(), size.value())) {
      notes[*number] = *note;
    }
  }
  std::vector<PhysRange> in_order;
  in_order.reserve(notes.size());
  for (const auto& [number, note] : notes) {
    in_order.push_back(note);
  }
  return in_order;
}

// /proc/kcore is as large as the address space: only its beginning is read.
std::vector<std::byte> read_head(const std::string& path) {
  std::vector<std::byte> head(kKcoreHead);
  const os::FileDescriptor fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  const ssize_t got = fd.valid() ? ::read(fd.get(), head.data(), head.size()) : 0;
  head.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
  return head;
}

std::uint64_t text_of_arm_kernel(const Root& root) {
  const auto symbols = os::read_fact_text(root.path + "/proc/kallsyms");
  const std::string_view text = symbols ? std::string_view(symbols.value()) : std::string_view();
  const std::size_t at = text.find(" T _text\n") != std::string_view::npos
                             ? text.find(" T _text\n")
                             : text.find(" T _stext\n");
  if (at == std::string_view::npos || at < 8) {
    return kUsualArmText;
  }
  // Zero: the kernel hides its addresses (kernel.kptr_restrict).
  const auto address = number_in<std::uint64_t>(text.substr(at - 8, 8), 16);
  return address.value_or(0) == 0 ? kUsualArmText : *address;
}

// How 32-bit Linux divides its addresses behind the linear mapping
// [linux/arch/arm/include/asm/pgtable.h; linux/arch/arm/mm/mmu.c early_vmalloc].
constexpr std::uint64_t kVmallocEnd = 0xff800000;
constexpr std::uint64_t kVmallocGap = 0x800000;
constexpr std::uint64_t kUsualVmalloc = 0xf000000;
constexpr std::uint64_t kLeastVmalloc = 0x1000000;
constexpr std::uint64_t kLeastLowmem = 0x2000000;

// The last vmalloc= counts; a size that is none is nothing to the kernel, which then takes the
// least.
std::uint64_t vmalloc_bytes(std::string_view command_line) {
  const auto value = value_in(command_line, "vmalloc");
  return value ? std::max(base::parse_size(*value).value_or(0), kLeastVmalloc) : kUsualVmalloc;
}

}  // namespace

std::optional<PhysRange> cpu_note_of(std::string_view address, std::string_view size) {
  return note_of(address, number_in<std::uint64_t>(size, 10));
}

std::optional<PhysRange> vmcoreinfo_of(std::string_view text) {
  const std::size_t space = text.find(' ');
  if (space == std::string_view::npos) {
    return std::nullopt;
  }
  std::string_view address = text.substr(0, space);
  if (address.starts_with("0x")) {
    address.remove_prefix(2);
  }
  return note_of(address, number_in<std::uint64_t>(text.substr(space + 1), 16));
}

std::vector<VirtualMapping> mappings_of_kcore(base::ByteView head,
                                              const std::vector<PhysRange>& ram) {
  // [System V ABI, ELF64]: class at 4, e_phoff at 32, e_phentsize at 54, e_phnum at 56; a program
  // header has p_vaddr at 16, p_paddr at 24, p_memsz at 40.
  std::vector<VirtualMapping> mappings;
  const auto field = [&](std::uint64_t at) {
    const auto value = base::read_le<std::uint64_t>(head, at);
    return value ? value.value() : 0;
  };
  const auto half = [&](std::uint64_t at) {
    const auto value = base::read_le<std::uint16_t>(head, at);
    return value ? value.value() : std::uint16_t{0};
  };
  if (field(0) != 0x00010102464c457f) {
    return mappings;
  }
  for (std::uint64_t i = 0; i < half(56); ++i) {
    const std::uint64_t at = field(32) + i * half(54);
    const bool is_load = at < head.size() && (field(at) & 0xffffffff) == 1;
    const auto range = PhysRange::from_size(PhysAddr(field(at + 24)), field(at + 40));
    // Memory that iomem does not know does not matter, nor does a mapping of nothing.
    if (is_load && range && !range->empty() &&
        std::ranges::any_of(ram, [&](const PhysRange& r) { return r.contains(*range); })) {
      mappings.push_back({*range, field(at + 16)});
    }
  }
  return mappings;
}

std::vector<VirtualMapping> linear_mapping_of_arm(std::uint64_t text,
                                                  const std::vector<PhysRange>& ram,
                                                  std::string_view command_line) {
  constexpr std::uint64_t kSplit = 0x10000000;
  constexpr std::uint64_t kSection = 0x200000;
  const std::uint64_t page_offset = text & ~(kSplit - 1);
  if (ram.empty() || page_offset + kLeastLowmem + kVmallocGap + kLeastVmalloc > kVmallocEnd) {
    return {};
  }
  const std::uint64_t most = kVmallocEnd - kVmallocGap - kLeastLowmem - page_offset;
  const std::uint64_t vmalloc = std::min(vmalloc_bytes(command_line), most);
  const PhysAddr start = std::ranges::min(ram, {}, &PhysRange::start).start().align_down(kSection);
  const auto range = PhysRange::from_size(start, kVmallocEnd - vmalloc - kVmallocGap - page_offset);
  return range ? std::vector<VirtualMapping>{{*range, page_offset}} : std::vector<VirtualMapping>();
}

CrashFacts gather_crash_facts(const Root& root, const Machine& machine) {
  CrashFacts facts;
  facts.cpu_notes = cpu_notes(root);
  const auto vmcoreinfo = os::read_fact_text(root.path + "/sys/kernel/vmcoreinfo");
  facts.vmcoreinfo =
      vmcoreinfo ? vmcoreinfo_of(vmcoreinfo.value()).value_or(PhysRange()) : PhysRange();
  std::vector<PhysRange> ram = machine.ram;
  ram.insert(ram.end(), machine.driver_ram.begin(), machine.driver_ram.end());
  facts.mappings =
      machine.arch == Arch::kArm64
          ? mappings_of_kcore(read_head(root.path + "/proc/kcore"), ram)
          : linear_mapping_of_arm(text_of_arm_kernel(root), machine.ram, machine.command_line);
  return facts;
}

}  // namespace hyprelay::handoff::linux_host
