// SPDX-License-Identifier: BSD-2-Clause
// Where a program goes that is no Linux: where it was linked. What it writes beside itself nobody
// knows: its tree and its initrd are as far away as there is room for.
#include "base/number_text.hpp"
#include "handoff/plan_rules.hpp"
#include "handoff/plan_space.hpp"

#include <algorithm>

namespace hyprelay::handoff {
namespace {

using base::Code;
using base::PhysAddr;
using base::PhysRange;

// Why a program cannot lie where it was linked; empty: it can.
std::string why_not_there(const Space& space, const PhysRange& memory) {
  const auto meets = [&](const NamedRange& one) { return one.range.overlaps(memory); };
  if (const NamedRange* other = space.in_the_way(memory)) {
    return other->name + " lies there, from " +
           base::hex(std::max(other->range.start(), memory.start()));
  }
  const auto needed = std::ranges::find_if(space.needed_by_relay, meets);
  if (needed != space.needed_by_relay.end()) {
    return "the relay still needs " + needed->name + ", from " +
           base::hex(std::max(needed->range.start(), memory.start()));
  }
  if (!memory.start().is_aligned(space.page_bytes)) {
    return "that is no multiple of this kernel's pages";
  }
  return space.loadable.contains(memory) ? "" : "not all of that is memory";
}

}  // namespace

base::Result<Plan> make_plan_program(const Space& space, const ImageView& kernel,
                                     const PlanRequest& request) {
  const PhysAddr start(kernel.program->start);
  const PhysAddr entry(kernel.program->entry);
  const PhysRange memory =
      span_of(start, start + base::align_up(kernel.bytes.size(), space.page_bytes));
  if (const std::string why = why_not_there(space, memory); !why.empty()) {
    return base::Error(Code::PLAN_NO_ROOM, base::Stage::kPlan,
                       "program linked for " + base::hex(start) + " to " + base::hex(memory.end()) +
                           ": " + why)
        .with_at(start.raw());
  }
  Draft draft(space, kernel.arch);
  draft.place(SegmentKind::kKERNEL, memory, kernel.bytes.size(), "where the program was linked");
  draft.set_kernel(entry, entry, PhysAddr(0));
  HR_TRYV(draft.add_footprint(memory, "the program and its bss"));
  HR_TRYV(place_elfcorehdr(draft, request));
  const PhysAddr top(kernel.arch == Arch::kArm ? kArmTop : kArm64Top);
  // A tree at address 0 is none.
  const std::vector<Choice> anywhere = {
      {span_of(PhysAddr(kTreeLimit), top), "in the highest free range, far from the program"}};
  HR_TRYV(place_highest(
      draft, {SegmentKind::kRELAY, request.relay_bytes, kRelayAlign},
      {{span_of(PhysAddr(0), PhysAddr(kArmTop)), "the highest free range below 4 GiB"},
       {span_of(PhysAddr(0), top), "the highest free range"}}));
  HR_TRYV(place_highest(draft, {SegmentKind::kTREE, request.tree_bytes, kTreeLimit, kTreeLimit},
                        anywhere));
  if (request.initrd_bytes != 0) {
    HR_TRYV(place_highest(draft, {SegmentKind::kINITRD, request.initrd_bytes, 1}, anywhere));
  }
  return draft.finish();
}

}  // namespace hyprelay::handoff
