// SPDX-License-Identifier: BSD-2-Clause
// Where a 32-bit kernel goes that is started without its decompressor
// [linux/arch/arm/kernel/head.S, phys2virt.S]. It runs where it lies, and takes that less
// TEXT_OFFSET for the start of memory, which must be aligned; what is below is lost to it. What it
// writes before it has read the tree: page tables below its text, which are loaded with it, and
// its bss behind it.
#include "handoff/plan_company.hpp"
#include "handoff/plan_rules.hpp"

#include <algorithm>

namespace hyprelay::handoff {
namespace {

using base::Error;
using base::PhysAddr;
using base::PhysRange;

struct Job {
  const Space& space;
  const ImageView& kernel;
  const PlanRequest& request;
  // With the core header of a crash kernel in place, which ends its memory.
  Draft begun;
  PhysAddr top;
};

// 2 MiB since 5.11 ("ARM: p2v: reduce p2v alignment requirement to 2 MiB"), 16 MiB before.
std::uint64_t start_align(const BareKernel& bare) {
  const bool fine = bare.major > 5 || (bare.major == 5 && bare.minor >= 11);
  return fine ? 2 * kMiB : 16 * kMiB;
}

// What lies where when memory begins there.
struct Place {
  PhysAddr memory_start;
  PhysAddr text;
  PhysRange loaded;
  PhysRange early;
};

Place place_at(const Job& job, PhysAddr memory_start) {
  const BareKernel& bare = *job.kernel.bare;
  const ZImage& z = job.kernel.zimage;
  const PhysAddr text = memory_start + z.text_offset;
  const PhysAddr start = text - bare.lead_bytes;
  return {memory_start, text,
          span_of(start, start + base::align_up(bare.size_bytes, job.space.page_bytes)),
          span_of(text - kPageTables, text + z.inflated_bytes + z.bss_bytes)};
}

bool is_free(const Job& job, const Place& place) {
  return place.loaded.start().is_aligned(job.space.page_bytes) &&
         job.begun.free().contains(place.loaded) && job.space.free.contains(place.early) &&
         place.early.end() <= job.top;
}

base::Result<Plan> plan_by(const Job& job, const Place& place, Order order) {
  Draft draft = job.begun;
  draft.place(SegmentKind::kKERNEL, place.loaded, job.kernel.bare->size_bytes,
              "at its place from the start of memory, where it runs at once" +
                  lost_memory(job.space, place.memory_start));
  draft.set_kernel(place.text, place.text, place.memory_start);
  HR_TRYV(draft.add_footprint(place.early, "page tables, kernel, bss"));
  HR_TRYV(place_company(draft, job.request, {place.memory_start, job.top, order}));
  return draft.finish();
}

// The lowest that the kernel can take for the start of memory. That may be below what there is to
// be had of it: the kernel asks for no memory there. As far as the tree has memory, so that what a
// kernel before has lost comes back. That of a crash kernel is its region.
PhysAddr first_start(const Job& job) {
  const PhysAddr lowest = job.space.usable.ranges()[0].start();
  const std::uint64_t align = start_align(*job.kernel.bare);
  if (job.request.within) {
    return lowest.align_up(align);
  }
  const auto& nodes = job.request.early_memory.value_or(job.request.tree_memory);
  const auto in_tree = [&](PhysAddr at) {
    return std::ranges::any_of(nodes, [&](const PhysRange& node) { return node.contains(at); });
  };
  PhysAddr start = lowest.align_down(align);
  while (start.raw() >= align && in_tree(start - align)) {
    start = start - align;
  }
  return start;
}

}  // namespace

base::Result<Plan> make_plan_bare(const Space& space, const ImageView& kernel,
                                  const PlanRequest& request) {
  Job job{space, kernel, request, Draft(space, Arch::kArm), PhysAddr(kArmTop)};
  HR_TRYV(place_elfcorehdr(job.begun, request));
  if (const Placement* header = job.begun.find(SegmentKind::kELFCOREHDR)) {
    job.top = header->memory.start();
  }
  const PhysRange anywhere = span_of(PhysAddr(0), PhysAddr(kArmTop));
  std::optional<Error> farthest;
  if (space.usable.empty()) {
    return no_room(space.free, SegmentKind::kKERNEL, kernel.bare->size_bytes, {{anywhere, ""}});
  }
  const std::uint64_t align = start_align(*kernel.bare);
  for (PhysAddr start = first_start(job); start < job.top;) {
    const Place place = place_at(job, start);
    if (!is_free(job, place)) {
      start = start + align;
      continue;
    }
    for (const Order order : kOrders) {
      base::Result<Plan> plan = plan_by(job, place, order);
      if (plan.has_value()) {
        return plan;
      }
      farthest = plan.error();
    }
    // For its company another 2 MiB change nothing, and each try costs a plan.
    start = (start + 1).align_up(kArmWindow);
  }
  return farthest.value_or(no_room(space.free, SegmentKind::kKERNEL,
                                   kernel.bare->size_bytes + kernel.zimage.bss_bytes,
                                   {{anywhere, ""}}));
}

}  // namespace hyprelay::handoff
