// SPDX-License-Identifier: BSD-2-Clause
#include "handoff/elfcorehdr.hpp"

#include "base/range_set.hpp"
#include "handoff/plan_space.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace hyprelay::handoff {
namespace {

using base::Code;
using base::Error;
using base::PhysAddr;
using base::PhysRange;
using base::RangeSet;
using base::Stage;

// Numbers of [System V ABI, ELF header and program header] and of [arm/aaelf, aaelf64].
constexpr std::uint64_t kClass32 = 1;
constexpr std::uint64_t kClass64 = 2;
constexpr std::uint64_t kLittleEndian = 1;
constexpr std::uint64_t kVersion = 1;
constexpr std::uint64_t kCoreFile = 4;
constexpr std::uint64_t kMachineArm = 40;
constexpr std::uint64_t kMachineAarch64 = 183;
constexpr std::uint64_t kLoad = 1;
constexpr std::uint64_t kNote = 4;
constexpr std::uint64_t kReadWriteExecute = 7;
// e_phnum has 16 bits and its last value means something else.
constexpr std::size_t kMostHeaders = 0xfffe;
constexpr std::uint64_t kFourGiB = std::uint64_t{1} << 32;

struct ProgramHeader {
  std::uint64_t type = kLoad;
  PhysRange range;
  std::uint64_t virtual_start = 0;
};

// Writes words of the machine's byte order, and those of its width.
class Writer {
 public:
  explicit Writer(bool wide) : wide_(wide) {}
  void put(std::uint64_t value, std::size_t width) {
    for (std::size_t i = 0; i < width; ++i) {
      bytes_.push_back(static_cast<std::byte>(value >> (8 * i)));
    }
  }
  void address(std::uint64_t value) { put(value, wide_ ? 8 : 4); }
  bool wide() const { return wide_; }
  std::vector<std::byte> take() { return std::move(bytes_); }

 private:
  bool wide_;
  std::vector<std::byte> bytes_;
};

void put_file_header(Writer& out, Arch arch, std::size_t headers) {
  const std::uint64_t file_header_bytes = out.wide() ? 64 : 52;
  for (const std::uint64_t byte :
       {std::uint64_t{0x7f}, std::uint64_t{'E'}, std::uint64_t{'L'}, std::uint64_t{'F'},
        out.wide() ? kClass64 : kClass32, kLittleEndian, kVersion}) {
    out.put(byte, 1);
  }
  out.put(0, 8);
  out.put(0, 1);
  out.put(kCoreFile, 2);
  out.put(arch == Arch::kArm ? kMachineArm : kMachineAarch64, 2);
  out.put(kVersion, 4);
  out.address(0);
  // Linux reads the program headers right behind the file header, whatever this says.
  out.address(file_header_bytes);
  out.address(0);
  out.put(0, 4);
  out.put(file_header_bytes, 2);
  out.put(out.wide() ? 56 : 32, 2);
  out.put(headers, 2);
  out.put(0, 6);
}

void put_program_header(Writer& out, const ProgramHeader& header) {
  const std::uint64_t flags = header.type == kLoad ? kReadWriteExecute : 0;
  out.put(header.type, 4);
  if (out.wide()) {
    out.put(flags, 4);
  }
  // The file that Linux reads by these offsets is the old kernel's memory.
  out.address(header.range.start().raw());
  out.address(header.virtual_start);
  out.address(header.range.start().raw());
  out.address(header.range.size_bytes());
  out.address(header.range.size_bytes());
  if (!out.wide()) {
    out.put(flags, 4);
  }
  out.address(0);
}

RangeSet all_ram(const Machine& machine) {
  std::vector<PhysRange> ranges = machine.ram;
  ranges.insert(ranges.end(), machine.driver_ram.begin(), machine.driver_ram.end());
  return RangeSet::of(std::move(ranges));
}

base::Result<std::vector<ProgramHeader>> note_headers(const Machine& machine, const RangeSet& ram,
                                                      PhysAddr top) {
  const CrashFacts& crash = machine.crash;
  if (crash.cpu_notes.empty() || crash.vmcoreinfo.empty()) {
    return Error(Code::CRASH_NO_NOTES, Stage::kPlan,
                 crash.cpu_notes.empty() ? "crash_notes of the CPUs" : "vmcoreinfo");
  }
  std::vector<PhysRange> notes = crash.cpu_notes;
  notes.push_back(crash.vmcoreinfo);
  std::vector<ProgramHeader> headers;
  for (const PhysRange& note : notes) {
    if (note.empty() || !ram.contains(note) || note.end() > top) {
      return Error(Code::MACHINE_MALFORMED, Stage::kPlan, "a note outside of memory")
          .with_at(note.start().raw());
    }
    headers.push_back({kNote, note, 0});
  }
  return headers;
}

// The linear mapping, by address, no range inside another; and what is mapped inside a range of it
// once more, as the kernel's image is.
struct Mappings {
  std::vector<VirtualMapping> linear;
  std::vector<VirtualMapping> images;
};

Mappings sort_mappings(std::vector<VirtualMapping> all) {
  // Of those that begin at one address the widest comes first: what lies inside another follows it.
  std::ranges::stable_sort(all, [](const VirtualMapping& a, const VirtualMapping& b) {
    return std::pair(a.range.start(), b.range.end()) < std::pair(b.range.start(), a.range.end());
  });
  Mappings found;
  for (VirtualMapping& mapping : all) {
    const bool is_inside = !found.linear.empty() && found.linear.back().range != mapping.range &&
                           found.linear.back().range.end() >= mapping.range.end();
    (is_inside ? found.images : found.linear).push_back(mapping);
  }
  return found;
}

// Splits a range where its mapping begins and ends, so that each piece has one answer.
void add_loads(const PhysRange& range, const std::vector<VirtualMapping>& linear,
               std::vector<ProgramHeader>& headers) {
  const auto add = [&](PhysAddr start, PhysAddr end, std::uint64_t virtual_start) {
    if (start < end) {
      headers.push_back({kLoad, span_of(start, end), virtual_start});
    }
  };
  PhysAddr done = range.start();
  // Their ends ascend as their starts do.
  auto mapping = std::ranges::upper_bound(linear, range.start(), {},
                                          [](const VirtualMapping& m) { return m.range.end(); });
  for (; mapping != linear.end() && mapping->range.start() < range.end(); ++mapping) {
    const PhysRange piece = range.intersection(mapping->range);
    if (piece.start() >= done) {
      add(done, piece.start(), 0);
      add(piece.start(), piece.end(),
          mapping->virtual_start + (piece.start() - mapping->range.start()));
      done = piece.end();
    }
  }
  add(done, range.end(), 0);
}

}  // namespace

base::Result<CoreHeader> make_core_header(const Machine& machine) {
  const bool wide = machine.arch == Arch::kArm64;
  const PhysAddr top(wide ? ~std::uint64_t{0} : kFourGiB);
  const RangeSet ram = all_ram(machine);
  if (ram.empty()) {
    return Error(Code::MACHINE_NO_RAM, Stage::kPlan);
  }
  HR_TRY(headers, note_headers(machine, ram, top));
  RangeSet dumped = ram;
  for (const PhysRange& crash : machine.crash_regions) {
    dumped.remove(crash);
  }
  CoreHeader core;
  const std::uint64_t all_bytes = dumped.size_bytes();
  dumped.remove(PhysRange::from_bounds(top, PhysAddr(~std::uint64_t{0})).value_or(PhysRange()));
  core.memory_bytes = dumped.size_bytes();
  core.left_out_bytes = all_bytes - core.memory_bytes;

  const Mappings mappings = sort_mappings(machine.crash.mappings);
  for (const VirtualMapping& image : mappings.images) {
    if (ram.contains(image.range) && image.range.end() <= top) {
      headers.push_back({kLoad, image.range, image.virtual_start});
    }
  }
  for (const PhysRange& range : dumped.ranges()) {
    add_loads(range, mappings.linear, headers);
  }
  if (headers.size() > kMostHeaders) {
    return Error(Code::MACHINE_MALFORMED, Stage::kPlan, "pieces of memory")
        .with_at(headers.size())
        .with_limit(kMostHeaders);
  }
  Writer out(wide);
  put_file_header(out, machine.arch, headers.size());
  for (const ProgramHeader& header : headers) {
    put_program_header(out, header);
  }
  core.bytes = out.take();
  return core;
}

}  // namespace hyprelay::handoff
