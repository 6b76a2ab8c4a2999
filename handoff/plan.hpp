// SPDX-License-Identifier: BSD-2-Clause
// The plan: where every segment goes, and why. Pure data; nothing here reads or writes a machine.
#pragma once

#include "base/range.hpp"
#include "base/result.hpp"
#include "handoff/image.hpp"
#include "handoff/machine.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace hyprelay::handoff {

// The rows of abi/segment.def.
enum class SegmentKind : std::uint8_t {
#define HR_SEGMENT(name, value, ...) k##name = value,
#include "abi/segment.def"
#undef HR_SEGMENT
};
const char* segment_name(SegmentKind kind);

struct Placement {
  SegmentKind kind;
  // What is loaded, page aligned at both ends; the content begins at memory.start().
  base::PhysRange memory;
  // Bytes of content, for tree and relay at most; the rest of `memory` is zero.
  std::uint64_t content_bytes = 0;
  // One sentence: the rule that put it here.
  std::string reason;
};

// Memory that the next kernel writes before it has read its tree and knows what is reserved:
// nothing that it still needs may lie there.
struct Footprint {
  base::PhysRange range;
  std::string reason;
};

struct PlanRequest {
  // Content sizes in bytes; 0: no initrd.
  std::uint64_t initrd_bytes = 0;
  // Upper bound of the patched tree.
  std::uint64_t tree_bytes = 0;
  // The relay's memory: image, tables, stack and log (HR_RELAY_HEADER_MEMORY_SIZE).
  std::uint64_t relay_bytes = 0;
  // The ELF core header of a crash kernel; 0: none.
  std::uint64_t elfcorehdr_bytes = 0;
  // Ranges of the next kernel's tree that nothing may be put into: /memreserve/, /reserved-memory.
  std::vector<NamedRange> tree_reserved;
  // Ranges that are still needed when the relay runs, by the addresses that it sees: nothing is
  // loaded over them, but the next kernel may write there.
  std::vector<NamedRange> needed_by_relay;
  // The tree's memory: what the next kernel will believe to be RAM. Placements lie in both. Empty
  // when EFI's map takes its place: then the machine's RAM alone counts, which that map gave it.
  std::vector<base::PhysRange> tree_memory;
  // Of the same tree, what a zImage's decompressor takes for memory (fdt/early_memory.hpp). Unset:
  // tree_memory.
  std::optional<std::vector<base::PhysRange>> early_memory = {};
  // Place everything inside this range (a crash region, or a test). Unset: all of RAM.
  std::optional<base::PhysRange> within;
  // What the kernel travels as (travel.hpp), to be inflated by the relay; 0: as it runs. Set by
  // place_packed().
  std::uint64_t packed_bytes = 0;
  // The next tree's /chosen/linux,usable-memory-range will be `within` (a crash kernel).
  bool tree_limits_memory = false;
};

struct Plan {
  Arch arch = Arch::kArm;
  // In load order: kernel, initrd (when there is one), tree, relay, elfcorehdr (of a crash kernel).
  std::vector<Placement> placements;
  // Where the kernel is loaded when the relay inflates it to its placement.
  std::optional<Placement> packed = {};
  std::vector<Footprint> footprints;
  // The next kernel's first instruction (of zImage, bare kernel or Image), and where its text ends
  // up running.
  base::PhysAddr entry;
  base::PhysAddr text;
  // The next kernel cannot use memory below this; 0: any.
  base::PhysAddr memory_start;
  // All addresses here are those at which kexec_load takes them and the next kernel starts. By its
  // tree, and by the request, memory lies that much higher; 0 unless the machine has a boot alias.
  std::uint64_t boot_distance_bytes = 0;
  // Where a placement begins by the next kernel's tree.
  base::PhysAddr start_in_tree(const Placement& one) const {
    return one.memory.start() + boot_distance_bytes;
  }
  // Ranges that were kept free, with their names, for the reader of the plan.
  std::vector<NamedRange> avoided;

  // What is loaded of a placement, and where.
  const Placement& as_loaded(const Placement& one) const {
    return packed && one.kind == SegmentKind::kKERNEL ? *packed : one;
  }

  // nullptr when the plan has no such segment.
  const Placement* find(SegmentKind kind) const;
};

// Errors (stage plan): PLAN_NO_ROOM (subject: the segment, at: bytes wanted, limit: the largest
// free range), PLAN_RESERVED_KERNEL (subject: what is in the way, at: the first byte of both),
// PLAN_UNALIGNED, PLAN_UNREACHABLE (at: the lowest memory, limit: where the relay's reach ends),
// TREE_TOO_LARGE, MACHINE_NO_RAM, MACHINE_MALFORMED (a page size that does not exist, a boot alias
// of no memory), IMAGE_WRONG_ARCH, SEAL_MISMATCH (a request without tree or relay).
base::Result<Plan> make_plan(const Machine& machine, const ImageView& kernel,
                             const PlanRequest& request);

// Adds a place for the kernel as that many packed bytes to a plan, and to the request that it was
// made for: anywhere that nothing else is loaded to or written early. False: there is none, and
// both are as they were. Errors: as make_plan().
base::Result<bool> place_packed(const Machine& machine, std::uint64_t packed_bytes,
                                PlanRequest& request, Plan& plan);

// Checks a plan by other means than make_plan: what the next kernel will do, and where it will
// write, is computed anew from its first instruction's address, its header and the request, and of
// the plan nothing is believed but where the segments lie. prepare() does so for every plan, and
// seal() again on the final bytes. Errors (subject: both parties; at: the address): PLAN_OVERLAP,
// PLAN_OUTSIDE_RAM, PLAN_UNALIGNED, MACHINE_MALFORMED, SEAL_MISMATCH (a segment is missing, twice
// there or of another size; or the plan says another thing than what will happen).
base::Result<void> check_plan(const Machine& machine, const ImageView& kernel,
                              const PlanRequest& request, const Plan& plan);

// A table for people, one line per segment, footprint and avoided range.
std::string to_text(const Plan& plan);

}  // namespace hyprelay::handoff
