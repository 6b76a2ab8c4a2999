// SPDX-License-Identifier: BSD-2-Clause
#include "capture/core.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace hyprelay::capture {
namespace {

using base::ByteView;
using base::Code;
using base::Error;
using base::PhysAddr;
using base::PhysRange;
using base::read_le;
using base::Stage;

// Numbers of [System V ABI, ELF header and program header].
constexpr std::uint64_t kTypeCore = 4;
constexpr std::uint32_t kLoadHeader = 1;
constexpr std::uint32_t kNoteHeader = 4;
constexpr std::uint32_t kPrstatus = 1;
// e_phnum with this value says that the count is elsewhere; no machine has that much memory.
constexpr std::uint64_t kMostHeaders = 0xfffe;
// A CPU's note takes less than a page, all of them together: far more is a lie.
constexpr std::uint64_t kMostNoteBytes = std::uint64_t{16} << 20;
// VMCOREINFO has a page of its own, of 64 KiB at most; each of its lines costs several times its
// size.
constexpr std::uint64_t kMostInfoBytes = std::uint64_t{128} << 10;

struct Segment {
  std::uint32_t type = 0;
  std::uint64_t offset = 0;
  std::uint64_t virtual_address = 0;
  std::uint64_t physical_address = 0;
  std::uint64_t file_bytes = 0;
  std::uint64_t memory_bytes = 0;
};

Error fault(Code code, std::uint64_t at) {
  return Error(code, Stage::kCapture).with_at(at);
}

base::Result<std::vector<std::byte>> read_bytes(ByteSource& source, std::uint64_t offset,
                                                std::uint64_t size_bytes) {
  // Before memory is allocated for what cannot be there.
  if (offset > source.size_bytes() || size_bytes > source.size_bytes() - offset) {
    return fault(Code::CAPTURE_TRUNCATED, offset).with_limit(source.size_bytes());
  }
  std::vector<std::byte> bytes(static_cast<std::size_t>(size_bytes));
  HR_TRYV(source.read(offset, bytes));
  return bytes;
}

base::Result<Segment> read_segment(ByteView entry, bool wide) {
  Segment segment;
  HR_TRY(type, read_le<std::uint32_t>(entry, 0));
  segment.type = type;
  const std::uint64_t step = wide ? 8 : 4;
  // ELF64 has p_flags in second place, ELF32 behind the sizes.
  std::uint64_t at = wide ? 8 : 4;
  for (std::uint64_t* const field :
       {&segment.offset, &segment.virtual_address, &segment.physical_address, &segment.file_bytes,
        &segment.memory_bytes}) {
    HR_TRY(value, read_word(entry, at, wide));
    *field = value;
    at += step;
  }
  return segment;
}

struct Headers {
  bool wide = false;
  std::uint16_t machine = 0;
  std::vector<Segment> segments;
};

base::Result<Headers> read_headers(ByteSource& source) {
  // The smaller of the two file headers; a source that ends before is no core at all.
  constexpr std::size_t kFileHeader32 = 52;
  constexpr std::size_t kFileHeader64 = 64;
  constexpr std::array<std::byte, 4> kMagic = {std::byte{0x7f}, std::byte{'E'}, std::byte{'L'},
                                               std::byte{'F'}};
  if (source.size_bytes() < kFileHeader32) {
    return fault(Code::CAPTURE_NOT_CORE, 0);
  }
  std::array<std::byte, kFileHeader64> buffer{};
  const std::size_t there = std::min<std::uint64_t>(source.size_bytes(), kFileHeader64);
  HR_TRYV(source.read(0, std::span(buffer).first(there)));
  const ByteView file(buffer);
  const auto elf_class = std::to_integer<unsigned>(buffer[4]);
  const auto elf_data = std::to_integer<unsigned>(buffer[5]);
  if (!std::equal(kMagic.begin(), kMagic.end(), buffer.begin()) ||
      (elf_class != 1 && elf_class != 2) || elf_data != 1) {
    return fault(Code::CAPTURE_NOT_CORE, 0);
  }
  Headers headers;
  headers.wide = elf_class == 2;
  HR_TRY(type, read_le<std::uint16_t>(file, 16));
  if (type != kTypeCore) {
    return fault(Code::CAPTURE_NOT_CORE, 16);
  }
  HR_TRY(machine, read_le<std::uint16_t>(file, 18));
  headers.machine = machine;
  HR_TRY(table, read_word(file, headers.wide ? 32 : 28, headers.wide));
  HR_TRY(entry_bytes, read_le<std::uint16_t>(file, headers.wide ? 54 : 42));
  HR_TRY(count, read_le<std::uint16_t>(file, headers.wide ? 56 : 44));
  const std::uint64_t wanted_bytes = headers.wide ? 56 : 32;
  if (entry_bytes != wanted_bytes || count == 0 || count > kMostHeaders) {
    return fault(Code::CAPTURE_LIES, headers.wide ? 54 : 42);
  }
  HR_TRY(entries, read_bytes(source, table, std::uint64_t{count} * wanted_bytes));
  for (std::uint64_t i = 0; i < count; ++i) {
    HR_TRY(entry, base::slice(entries, i * wanted_bytes, wanted_bytes));
    HR_TRY(segment, read_segment(entry, headers.wide));
    headers.segments.push_back(segment);
  }
  return headers;
}

// A load is believed when its numbers do not wrap; a source that ends before it is another matter.
base::Result<void> add_load(const Segment& segment, Core& core) {
  if (segment.file_bytes == 0) {
    return base::success();
  }
  const auto memory = PhysRange::from_size(PhysAddr(segment.physical_address), segment.file_bytes);
  if (!memory || segment.offset + segment.file_bytes < segment.offset ||
      segment.file_bytes > segment.memory_bytes) {
    return fault(Code::CAPTURE_LIES, segment.offset);
  }
  Load load{*memory, std::nullopt, segment.offset};
  // Who does not know the virtual address writes 0, or the physical one.
  if (segment.virtual_address != 0 && segment.virtual_address != segment.physical_address) {
    load.virtual_start = segment.virtual_address;
  }
  core.loads.push_back(load);
  core.size_bytes = std::max(core.size_bytes, segment.offset + segment.file_bytes);
  return base::success();
}

// No load may lie on another one, but for a second view of the same memory: Linux adds a load for
// its own image, with its virtual address, which lies within one of memory
// [linux/kernel/crash_core.c, crash_prepare_elf64_headers].
base::Result<void> check_loads(const std::vector<Load>& loads) {
  std::vector<const Load*> sorted;
  sorted.reserve(loads.size());
  for (const Load& load : loads) {
    sorted.push_back(&load);
  }
  // From below to above; of two that start at one place, the larger first.
  std::sort(sorted.begin(), sorted.end(), [](const Load* a, const Load* b) {
    return a->memory.start() != b->memory.start() ? a->memory.start() < b->memory.start()
                                                  : b->memory.end() < a->memory.end();
  });
  const Load* below = nullptr;
  const Load* view = nullptr;
  const auto on = [](const Load* load, const Load* other) {
    return other != nullptr && load->memory.start() < other->memory.end();
  };
  const auto lies = [](const Load* load, const Load* other) {
    return fault(Code::CAPTURE_LIES, load->file_offset).with_limit(other->file_offset);
  };
  for (const Load* const load : sorted) {
    if (on(load, view)) {
      return lies(load, view);
    }
    if (!on(load, below)) {
      below = load;
      continue;
    }
    if (!below->memory.contains(load->memory) || (!load->virtual_start && !below->virtual_start) ||
        load->virtual_start == below->virtual_start) {
      return lies(load, below);
    }
    view = load;
  }
  return base::success();
}

// Each note: sizes of name and description, a type, then both, each padded to 4 bytes.
base::Result<void> read_notes(ByteView notes, Core& core) {
  std::uint64_t at = 0;
  while (at + 12 <= notes.size()) {
    HR_TRY(name_bytes, read_le<std::uint32_t>(notes, at));
    HR_TRY(text_bytes, read_le<std::uint32_t>(notes, at + 4));
    HR_TRY(type, read_le<std::uint32_t>(notes, at + 8));
    if (name_bytes == 0 && text_bytes == 0) {
      break;  // Linux ends a CPU's notes with an empty one.
    }
    const auto name = base::slice(notes, at + 12, name_bytes);
    const std::uint64_t text_at = base::align_up(at + 12 + name_bytes, 4);
    const auto text = base::slice(notes, text_at, text_bytes);
    if (!name || !text) {
      return fault(Code::CAPTURE_LIES, at);
    }
    const std::string_view called(reinterpret_cast<const char*>(name.value().data()), name_bytes);
    if (called == std::string_view("VMCOREINFO\0", 11)) {
      if (text.value().size() > kMostInfoBytes) {
        return fault(Code::CAPTURE_LIES, at);
      }
      core.info = VmcoreInfo(base::text_of(text.value()));
    } else if (called == std::string_view("CORE\0", 5) && type == kPrstatus) {
      ++core.cpu_notes;
    }
    at = base::align_up(text_at + text_bytes, 4);
  }
  return base::success();
}

// `left_bytes`: of kMostNoteBytes, over all segments: they may lie on each other in the file.
base::Result<void> add_notes(ByteSource& source, const Segment& segment, std::uint64_t& left_bytes,
                             Core& core) {
  if (segment.file_bytes > left_bytes) {
    return fault(Code::CAPTURE_LIES, segment.offset);
  }
  left_bytes -= segment.file_bytes;
  HR_TRY(notes, read_bytes(source, segment.offset, segment.file_bytes));
  return read_notes(notes, core);
}

}  // namespace

base::Result<std::uint64_t> read_word(ByteView bytes, std::uint64_t offset, bool wide) {
  if (wide) {
    return read_le<std::uint64_t>(bytes, offset);
  }
  HR_TRY(narrow, read_le<std::uint32_t>(bytes, offset));
  return std::uint64_t{narrow};
}

std::uint64_t Core::memory_bytes() const {
  std::uint64_t bytes = 0;
  for (const Load& load : loads) {
    bytes += load.memory.size_bytes();
  }
  return bytes;
}

std::optional<std::uint64_t> Core::find_physical(PhysAddr start, std::uint64_t size) const {
  const auto wanted = PhysRange::from_size(start, size);
  for (const Load& load : loads) {
    if (wanted && load.memory.contains(*wanted)) {
      return load.file_offset + (start - load.memory.start());
    }
  }
  return std::nullopt;
}

base::Result<Core> read_core(ByteSource& source) {
  HR_TRY(headers, read_headers(source));
  Core core;
  core.wide = headers.wide;
  core.machine = headers.machine;
  std::uint64_t note_bytes = kMostNoteBytes;
  for (const Segment& segment : headers.segments) {
    if (segment.type == kLoadHeader) {
      HR_TRYV(add_load(segment, core));
    } else if (segment.type == kNoteHeader) {
      if (const auto added = add_notes(source, segment, note_bytes, core); !added) {
        core.notes_fault = added.error();
      }
    }
  }
  if (core.loads.empty()) {
    return fault(Code::CAPTURE_LIES, 0);
  }
  HR_TRYV(check_loads(core.loads));
  return core;
}

}  // namespace hyprelay::capture
