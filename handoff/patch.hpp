// SPDX-License-Identifier: BSD-2-Clause
// The edits that turn a source device tree into the next kernel's. Pure; randomness is passed in.
#pragma once

#include "base/range.hpp"
#include "base/result.hpp"
#include "fdt/tree.hpp"
#include "handoff/machine.hpp"

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hyprelay::handoff {

// Entropy for the next kernel, from the running kernel's random source: never reused.
struct Seeds {
  std::array<std::byte, 8> kaslr{};
  std::array<std::byte, 64> rng{};
};

// What a crash kernel is told about the memory of the kernel that panicked.
struct CrashTree {
  base::PhysRange elfcorehdr;
  // The memory that it may use: the region that it was loaded into first, which is all that arm64
  // kernels before 5.15 look at.
  std::vector<base::PhysRange> usable;
};

struct PatchRequest {
  std::string command_line;
  // Where the initrd's content lies; unset: no initrd.
  std::optional<base::PhysRange> initrd;
  // Unset: there are none, and the next kernel's tree has none: one that was used already is worse.
  std::optional<Seeds> seeds;
  // Set for a crash kernel only.
  std::optional<CrashTree> crash = {};
};

// The next kernel's tree, packed, with a record of zeroes in /chosen/hyprelay,record.
class PatchedTree {
 public:
  base::ByteView bytes() const { return bytes_; }
  // Offset of the record's bytes (HR_RECORD_SIZE of them) in bytes(): a multiple of 4.
  std::uint64_t record_offset() const { return record_offset_; }

 private:
  friend base::Result<PatchedTree> patch(const fdt::Tree& source, const PatchRequest& request);
  std::vector<std::byte> bytes_;
  std::uint64_t record_offset_ = 0;
};

// In /chosen, which is made when it is missing, sets bootargs, initrd, the seeds and the record.
// Drops the source's kaslr-seed and rng-seed, and what spoke of the old kernel's memory:
// linux,initrd-*, linux,elfcorehdr, linux,usable-memory-range, linux,booted-from-kexec,
// linux,ima-kexec-buffer, linux,kho-* and the /memreserve/ entries of that memory and of the old
// tree itself (patch.cpp says how they are told). Everything else stays, byte for byte:
// linux,uefi-* (what firmware left is as true for the next kernel), stdout-path, /reserved-memory,
// other /memreserve/ entries. A crash kernel gets linux,elfcorehdr and linux,usable-memory-range of
// its own, in the root's cells [dt-schema chosen.yaml]. Errors: stage patch, code TREE_*
// (TREE_BAD_PROPERTY: the root's cells are too narrow for those addresses).
base::Result<PatchedTree> patch(const fdt::Tree& source, const PatchRequest& request);

// Whether it sets or drops that property of /chosen, whatever the source has there.
bool is_patched(std::string_view property);

// Bytes that patch() may need at most for this source and request: what the plan reserves. Holds
// for any place of the initrd, so that it can be asked before there is one.
std::uint64_t patched_size_bound(const fdt::Tree& source, const PatchRequest& request);

}  // namespace hyprelay::handoff
