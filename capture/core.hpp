// SPDX-License-Identifier: BSD-2-Clause
// The ELF core that Linux shows a dead kernel's memory as [linux/Documentation/admin-guide/kdump/
// kdump.rst; System V ABI, ELF header, program header, note section]. Environment: hosted.
//
// rehearse/guest/vmcore reads such cores as well, on purpose by means of its own: it judges what
// this one has read and what comes of it, and must not share its errors.
#pragma once

#include "base/error.hpp"
#include "base/range.hpp"
#include "base/result.hpp"
#include "capture/source.hpp"
#include "capture/vmcoreinfo.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace hyprelay::capture {

// One PT_LOAD: a piece of the old memory.
struct Load {
  base::PhysRange memory;
  // Where the old kernel saw it; nullopt when the header does not say.
  std::optional<std::uint64_t> virtual_start;
  std::uint64_t file_offset = 0;

  bool operator==(const Load&) const = default;
};

struct Core {
  bool wide = false;          // ELF64
  std::uint16_t machine = 0;  // e_machine: 40 arm, 183 arm64
  std::vector<Load> loads;
  VmcoreInfo info;
  // Registers of that many CPUs were saved (NT_PRSTATUS).
  std::uint32_t cpu_notes = 0;
  // Why info and cpu_notes may lack something: CAPTURE_LIES, CAPTURE_TRUNCATED, CAPTURE_UNREADABLE.
  // The memory does not depend on them.
  std::optional<base::Error> notes_fault;
  // As far as the headers reach. The source may end before: then it is truncated.
  std::uint64_t size_bytes = 0;

  std::uint64_t memory_bytes() const;
  std::size_t word_bytes() const { return wide ? 8 : 4; }
  // The offset in the file of old physical memory; nullopt when not all of the range is in one
  // load.
  std::optional<std::uint64_t> find_physical(base::PhysAddr start, std::uint64_t size_bytes) const;
};

inline constexpr std::uint16_t kMachineArm = 40;
inline constexpr std::uint16_t kMachineArm64 = 183;

// Reads the headers and notes, not the memory. A core whose memory is cut off is read all the same:
// compare size_bytes with the source. VMCOREINFO may be missing: info is empty then.
// Errors (stage capture): CAPTURE_NOT_CORE, CAPTURE_TRUNCATED (headers are cut off),
// CAPTURE_LIES (at: offset of the header, or of the memory of a load that wraps or lies on another,
// whose offset is the limit), CAPTURE_UNREADABLE.
base::Result<Core> read_core(ByteSource& source);

// A number of the old kernel's own width, 64 or 32 bits, little endian. OUT_OF_BOUNDS as
// base::slice.
base::Result<std::uint64_t> read_word(base::ByteView bytes, std::uint64_t offset, bool wide);

}  // namespace hyprelay::capture
