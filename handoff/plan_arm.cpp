// SPDX-License-Identifier: BSD-2-Clause
// Where a zImage and its company go [linux/arm/booting; arch/arm/boot/compressed/head.S].
//
// The decompressor picks the kernel's address itself, whatever the zImage's own: the start of
// memory, which is the zImage's address with the low 27 bits cleared or, when the tree knows no
// memory there, the tree's lowest memory, plus TEXT_OFFSET. Everything it writes on the way is a
// footprint here:
//   the page tables below the kernel's text, the inflated kernel, and the bss that the kernel
//   clears before it has read the tree; behind the zImage its bss, its stack and its malloc arena;
//   and, when the inflated kernel would overwrite the zImage, a copy of the zImage behind it.
#include "handoff/plan_company.hpp"
#include "handoff/plan_rules.hpp"
#include "handoff/plan_space.hpp"

namespace hyprelay::handoff {
namespace {

using base::Code;
using base::Error;
using base::PhysAddr;
using base::PhysRange;

// The decompressor's own table lies where the kernel's will be, aligned to its size.
constexpr std::uint64_t kPageTablesAlign = 0x4000;
// The decompressor's bss and 4 KiB stack: 0x1418 bytes in Debian's 6.1, and room to grow. The word
// behind the image is in it, where an appended tree would be looked for.
constexpr std::uint64_t kStackAndBss = 0x8000;
// A zImage that moves itself leaves the relocation code free behind the kernel: 0x900 bytes in
// Debian's 6.1, and never more than the decompressor's text, which is some 50 KiB.
constexpr std::uint64_t kRelocationGap = 0x10000;
// "It is recommended that it is loaded above 32MiB in order to avoid the need to relocate."
constexpr std::uint64_t kRecommendedLoad = 32 * kMiB;
// The decompressor moves the start of memory to a multiple of this
// [linux arch/arm/boot/compressed/fdt_check_mem_start.c].
constexpr std::uint64_t kMemoryStartAlign = 2 * kMiB;

enum class Move { kNo, kYes };
// One way to plan: a window for the zImage, and what follows from it.
struct Way {
  PhysRange window;
  PhysAddr memory_start;
  Move move;
  Order order;
};

struct Job {
  const Space& space;
  const ZImage& zimage;
  const PlanRequest& request;
  // Of a crash kernel: with its core header in place, which is the end of its memory. Nothing that
  // the kernel uses lies above.
  Draft begun;
  PhysAddr top;

  std::uint64_t tail_bytes() const { return kStackAndBss + zimage.malloc_bytes; }
};

// What the decompressor takes for the start of memory when it runs in the window.
PhysAddr memory_start(const Job& job, PhysAddr window_start) {
  const bool limited =
      job.request.tree_limits_memory && job.request.within && job.zimage.reads_usable_range;
  if (!job.zimage.reads_memory_nodes) {
    return window_start;
  }
  const PhysRange usable = limited ? span_of(job.request.within->start(), job.top) : PhysRange();
  std::optional<PhysAddr> lowest;
  for (const PhysRange& node : job.request.early_memory.value_or(job.request.tree_memory)) {
    const PhysRange memory = limited ? node.intersection(usable) : node;
    if (memory.empty() || memory.start().raw() >= k32Bits) {
      continue;
    }
    if (!limited && memory.contains(window_start)) {
      return window_start;
    }
    lowest = lowest ? std::min(*lowest, memory.start()) : memory.start();
  }
  return lowest ? lowest->align_up(kMemoryStartAlign) : window_start;
}

std::string kernel_reason(const Job& job, const Way& way) {
  std::string reason = way.move == Move::kNo
                           ? "above the inflated kernel, so that it need not move itself first"
                           : "in its 128 MiB window; it moves itself behind the inflated kernel";
  return reason + lost_memory(job.space, way.memory_start);
}

base::Result<void> add_kernel_footprint(Draft& draft, const Job& job, const Way& way) {
  const ZImage& z = job.zimage;
  const PhysAddr text = way.memory_start + z.text_offset;
  const PhysAddr text_max = way.memory_start + z.text_offset_max;
  const PhysAddr start =
      std::min(text - kPageTables, (text - kPageTablesAlign).align_down(kPageTablesAlign));
  PhysAddr end = text_max + z.inflated_bytes + z.bss_bytes;
  std::string reason = "page tables, inflated kernel, bss";
  if (way.move == Move::kYes) {
    end = std::max(end,
                   text_max + z.inflated_bytes + kRelocationGap + z.size_bytes + job.tail_bytes());
    reason += ", and the zImage after it moved";
  }
  if (end > job.top) {
    return no_room(draft.free(), SegmentKind::kKERNEL, end - start,
                   {{span_of(start, std::max(start, job.top)), ""}});
  }
  return draft.add_footprint(span_of(start, end), reason);
}

base::Result<void> place_kernel(Draft& draft, const Job& job, const Way& way) {
  const ZImage& z = job.zimage;
  const std::uint64_t page = job.space.page_bytes;
  // Its bss, stack and malloc arena are loaded with it, as zeroes. What is behind an image must not
  // be taken for an appended tree; and in a page of which QEMU has once translated code, the old
  // kernel's, every store goes a slow way until all of that code is overwritten: with one such page
  // in the arena inflating took 54 s, where it takes 4.
  const std::uint64_t wanted = base::align_up(z.size_bytes + job.tail_bytes(), page);
  const base::RangeSet before = draft.free();
  HR_TRYV(add_kernel_footprint(draft, job, way));
  const PhysAddr inflated_end = way.memory_start + z.text_offset_max + z.inflated_bytes;
  const PhysAddr recommended = std::max(inflated_end, way.memory_start + kRecommendedLoad);
  std::vector<Choice> choices;
  if (way.move == Move::kNo) {
    // The window may lie far above the start of memory: whatever the kernel's place, the zImage
    // must not leave the window that its place was computed from.
    for (const PhysAddr start : {recommended, inflated_end}) {
      choices.push_back({span_of(std::max(start, way.window.start()), way.window.end()), ""});
    }
  } else {
    choices.push_back({way.window, ""});
  }
  const base::RangeSet& free = way.move == Move::kNo ? draft.free() : before;
  for (const Choice& choice : choices) {
    const std::uint64_t align = way.move == Move::kNo ? kMiB : page;
    if (const auto hole = free.lowest_hole(wanted, std::max(align, page), choice.within)) {
      const PhysAddr load = hole->start();
      draft.place(SegmentKind::kKERNEL, span_of(load, load + wanted), z.size_bytes,
                  kernel_reason(job, way));
      draft.set_kernel(load, way.memory_start + z.text_offset, way.memory_start);
      return draft.add_footprint(*hole, "the zImage, its stack and its malloc arena");
    }
  }
  return no_room(free, SegmentKind::kKERNEL, wanted, choices);
}

base::Result<Plan> plan_by(const Job& job, const Way& way) {
  Draft draft = job.begun;
  HR_TRYV(place_kernel(draft, job, way));
  HR_TRYV(place_company(draft, job.request, {way.memory_start, job.top, way.order}));
  return draft.finish();
}

// Windows of 128 MiB that have free memory, from the lowest: what lies below the one that is taken
// is lost to the next kernel.
std::vector<PhysRange> windows(const Job& job) {
  std::vector<PhysRange> found;
  for (PhysAddr start(0); start < job.top; start = start + kArmWindow) {
    const PhysRange window = span_of(start, std::min(start + kArmWindow, job.top));
    if (job.space.free.overlaps(window)) {
      found.push_back(window);
    }
  }
  return found;
}

// How far a failed way came: the farthest explains most. A window without enough memory for the
// kernel explains nothing.
int progress(const Error& error) {
  if (error.code() != Code::PLAN_NO_ROOM) {
    return error.code() == Code::PLAN_RESERVED_KERNEL ? 1 : 0;
  }
  return error.subject().starts_with(segment_name(SegmentKind::kKERNEL)) ? 2 : 3;
}

// All that the kernel writes early, in one piece.
std::uint64_t kernel_bytes(const Job& job) {
  const ZImage& z = job.zimage;
  return kPageTables + z.inflated_bytes + z.bss_bytes + z.size_bytes + job.tail_bytes();
}

}  // namespace

base::Result<Plan> make_plan_arm(const Space& space, const ImageView& kernel,
                                 const PlanRequest& request) {
  if (kernel.bare) {
    return make_plan_bare(space, kernel, request);
  }
  Job job{space, kernel.zimage, request, Draft(space, Arch::kArm), PhysAddr(kArmTop)};
  HR_TRYV(place_elfcorehdr(job.begun, request));
  if (const Placement* header = job.begun.find(SegmentKind::kELFCOREHDR)) {
    job.top = header->memory.start();
  }
  Error farthest = no_room(space.free, SegmentKind::kKERNEL, kernel_bytes(job),
                           {{span_of(PhysAddr(0), PhysAddr(kArmTop)), ""}});
  int reached = 0;
  for (const PhysRange& window : windows(job)) {
    int reached_here = reached + 1;
    for (const Move move : {Move::kNo, Move::kYes}) {
      for (const Order order : kOrders) {
        const Way way{window, memory_start(job, window.start()), move, order};
        base::Result<Plan> plan = plan_by(job, way);
        if (plan.has_value()) {
          return plan;
        }
        // Later ways in a window ask for less, so that their refusal says more.
        if (progress(plan.error()) >= reached_here) {
          reached = reached_here = progress(plan.error());
          farthest = plan.error();
        }
      }
    }
  }
  return farthest;
}

}  // namespace hyprelay::handoff
