// SPDX-License-Identifier: BSD-2-Clause
#include "handoff/plan.hpp"

#include "base/number_text.hpp"
#include "handoff/boot_alias.hpp"
#include "handoff/plan_rules.hpp"
#include "handoff/plan_space.hpp"

#include <algorithm>
#include <iterator>
#include <string_view>
#include <tuple>

namespace hyprelay::handoff {
namespace {

using base::Code;
using base::Error;
using base::PhysAddr;
using base::PhysRange;
using base::RangeSet;
using base::Stage;

// What the running kernel and the relay can load to. Arithmetic on ends stays far from where 64
// bits wrap, whatever a file claims.
base::Result<RangeSet> reachable_ram(const Machine& machine) {
  const RangeSet ram = RangeSet::of(machine.ram);
  if (ram.empty()) {
    return Error(Code::MACHINE_NO_RAM, Stage::kPlan);
  }
  const std::uint64_t top = machine.arch == Arch::kArm ? kArmTop : kArm64Top;
  RangeSet reachable = ram.intersection({span_of(PhysAddr(0), PhysAddr(top))});
  if (reachable.empty()) {
    return Error(Code::PLAN_UNREACHABLE, Stage::kPlan, "memory begins too high")
        .with_at(ram.ranges().front().start().raw())
        .with_limit(top);
  }
  return reachable;
}

// A crash kernel lives in a range that the running kernel lists as reserved for it.
bool is_home(const PhysRange& range, const PlanRequest& request) {
  return request.within && range.contains(*request.within);
}

// Where the wish can be granted inside `within`.
std::optional<PhysRange> hole_for(const Draft& draft, const Wish& wish, const PhysRange& within,
                                  bool highest) {
  const std::uint64_t page = draft.space().page_bytes;
  const std::uint64_t bytes =
      std::max(base::align_up(wish.content_bytes, page), base::align_up(wish.hole_bytes, page));
  if (wish.content_bytes > kArm64Top) {
    return std::nullopt;
  }
  const std::uint64_t align = std::max(wish.align, page);
  const auto hole = highest ? draft.free().highest_hole(bytes, align, within)
                            : draft.free().lowest_hole(bytes, align, within);
  return hole ? PhysRange::from_size(hole->start(), base::align_up(wish.content_bytes, page))
              : std::nullopt;
}

base::Result<void> place_by(Draft& draft, const Wish& wish, const std::vector<Choice>& choices,
                            bool highest) {
  for (const Choice& choice : choices) {
    if (const auto memory = hole_for(draft, wish, choice.within, highest)) {
      draft.place(wish.kind, *memory, wish.content_bytes, choice.reason);
      return base::success();
    }
  }
  return no_room(draft.free(), wish.kind, std::max(wish.content_bytes, wish.hole_bytes), choices);
}

}  // namespace

PhysRange span_of(PhysAddr start, PhysAddr end) {
  return PhysRange::from_bounds(start, end).value_or(PhysRange());
}

const NamedRange* Space::in_the_way(const PhysRange& range) const {
  const auto found =
      std::ranges::find_if(reserved, [&](const NamedRange& r) { return r.range.overlaps(range); });
  return found == reserved.end() ? nullptr : &*found;
}

base::Result<Space> make_space(const Machine& machine, const PlanRequest& request) {
  Space space;
  space.page_bytes = machine.page_size_bytes;
  if (!is_page_size(space.page_bytes)) {
    return Error(Code::MACHINE_MALFORMED, Stage::kPlan, "page size").with_at(space.page_bytes);
  }
  HR_TRY(ram, reachable_ram(machine));
  space.usable = std::move(ram);
  if (!request.tree_memory.empty()) {
    RangeSet common = space.usable.intersection(RangeSet::of(request.tree_memory));
    if (common.empty()) {
      return Error(Code::MACHINE_MALFORMED, Stage::kPlan,
                   "the tree's /memory is at " + base::hex(request.tree_memory.front().start()) +
                       ", System RAM at " + base::hex(space.usable.ranges().front().start()));
    }
    space.usable = std::move(common);
  }
  if (request.within) {
    space.usable = space.usable.intersection({*request.within});
  }
  std::vector<NamedRange> candidates = machine.reserved;
  for (const PhysRange& crash : machine.crash_regions) {
    candidates.push_back({crash, "Crash kernel"});
  }
  std::erase_if(candidates, [&](const NamedRange& r) { return is_home(r.range, request); });
  candidates.insert(candidates.end(), request.tree_reserved.begin(), request.tree_reserved.end());
  std::erase_if(candidates, [&](const NamedRange& r) { return !space.usable.overlaps(r.range); });
  // What the machine and the tree both name is told once.
  std::ranges::sort(candidates, {}, [](const NamedRange& r) {
    return std::tuple(r.range.start(), r.range.end(), std::string_view(r.name));
  });
  candidates.erase(std::unique(candidates.begin(), candidates.end()), candidates.end());
  space.reserved = std::move(candidates);
  std::vector<PhysRange> taken;
  taken.reserve(space.reserved.size());
  std::ranges::transform(space.reserved, std::back_inserter(taken), &NamedRange::range);
  space.free = space.usable;
  space.free.remove(RangeSet::of(std::move(taken)));
  space.loadable = space.free;
  for (const NamedRange& r : request.needed_by_relay) {
    if (space.usable.overlaps(r.range)) {
      space.loadable.remove(r.range);
      space.needed_by_relay.push_back(r);
    }
  }
  return space;
}

void Draft::place(SegmentKind kind, const PhysRange& memory, std::uint64_t content_bytes,
                  std::string reason) {
  free_.remove(memory);
  plan_.placements.push_back({kind, memory, content_bytes, std::move(reason)});
}

base::Result<void> Draft::add_footprint(const PhysRange& range, std::string reason) {
  if (const NamedRange* other = space_->in_the_way(range)) {
    return Error(Code::PLAN_RESERVED_KERNEL, Stage::kPlan, other->name)
        .with_at(std::max(other->range.start(), range.start()).raw())
        .with_limit(range.end().raw());
  }
  if (!space_->usable.contains(range)) {
    return Error(Code::PLAN_OUTSIDE_RAM, Stage::kPlan, reason)
        .with_at(range.start().raw())
        .with_limit(range.end().raw());
  }
  free_.remove(range);
  plan_.footprints.push_back({range, std::move(reason)});
  return base::success();
}

void Draft::set_kernel(PhysAddr entry, PhysAddr text, PhysAddr memory_start) {
  plan_.entry = entry;
  plan_.text = text;
  plan_.memory_start = memory_start;
}

Plan Draft::finish() const {
  Plan plan = plan_;
  // The rows of segment.def are numbered in load order.
  std::ranges::sort(plan.placements, {}, &Placement::kind);
  std::ranges::sort(plan.footprints, {}, [](const Footprint& f) { return f.range.start(); });
  plan.avoided = space_->reserved;
  plan.avoided.insert(plan.avoided.end(), space_->needed_by_relay.begin(),
                      space_->needed_by_relay.end());
  return plan;
}

Error no_room(const RangeSet& free, SegmentKind kind, std::uint64_t wanted,
              const std::vector<Choice>& choices) {
  std::uint64_t largest = 0;
  for (const PhysRange& r : free.ranges()) {
    for (const Choice& choice : choices) {
      largest = std::max(largest, r.intersection(choice.within).size_bytes());
    }
  }
  std::string subject = std::string(segment_name(kind)) + ": needs " +
                        base::size_text(wanted, base::Round::kUp) + ", ";
  if (largest == 0) {
    subject += "nothing is free where it may lie";
  } else {
    subject +=
        "the largest free range it may lie in has " + base::size_text(largest, base::Round::kDown);
    subject += largest >= wanted ? ", but not where it must begin" : "";
  }
  return Error(Code::PLAN_NO_ROOM, Stage::kPlan, subject);
}

base::Result<void> place_lowest(Draft& draft, const Wish& wish,
                                const std::vector<Choice>& choices) {
  return place_by(draft, wish, choices, false);
}

base::Result<void> place_highest(Draft& draft, const Wish& wish,
                                 const std::vector<Choice>& choices) {
  return place_by(draft, wish, choices, true);
}

base::Result<void> place_elfcorehdr(Draft& draft, const PlanRequest& request) {
  if (request.elfcorehdr_bytes == 0) {
    return base::success();
  }
  return place_highest(draft,
                       {SegmentKind::kELFCOREHDR, request.elfcorehdr_bytes, kElfcorehdrAlign},
                       {{span_of(PhysAddr(0), PhysAddr(kArm64Top)),
                         "the highest free range: what is below it is the crash kernel's"}});
}

const Placement* Plan::find(SegmentKind kind) const {
  const auto found = std::ranges::find(placements, kind, &Placement::kind);
  return found == placements.end() ? nullptr : &*found;
}

base::Result<Plan> make_plan(const Machine& machine, const ImageView& kernel,
                             const PlanRequest& request) {
  if (kernel.arch != machine.arch) {
    return Error(Code::IMAGE_WRONG_ARCH, Stage::kPlan,
                 std::string("kernel for ") + arch_name(kernel.arch) + ", machine is " +
                     arch_name(machine.arch));
  }
  if (request.tree_bytes == 0 || request.relay_bytes == 0) {
    return Error(Code::SEAL_MISMATCH, Stage::kPlan, "a plan without device tree or relay");
  }
  if (request.tree_bytes > kTreeLimit) {
    return Error(Code::TREE_TOO_LARGE, Stage::kPlan, "the patched tree")
        .with_at(request.tree_bytes)
        .with_limit(kTreeLimit);
  }
  HR_TRY(distance, boot_distance(machine));
  HR_TRY(there, at_boot_addresses(machine));
  HR_TRY(wanted, at_boot_addresses(request, distance));
  HR_TRY(space, make_space(there, wanted));
  HR_TRY(plan, kernel.program              ? make_plan_program(space, kernel, wanted)
               : kernel.arch == Arch::kArm ? make_plan_arm(space, kernel, wanted)
                                           : make_plan_arm64(space, kernel, wanted));
  plan.boot_distance_bytes = distance;
  return std::move(plan);
}

base::Result<bool> place_packed(const Machine& machine, std::uint64_t packed_bytes,
                                PlanRequest& request, Plan& plan) {
  HR_TRY(there, at_boot_addresses(machine));
  HR_TRY(wanted, at_boot_addresses(request, plan.boot_distance_bytes));
  HR_TRY(space, make_space(there, wanted));
  RangeSet free = space.loadable;
  for (const Placement& one : plan.placements) {
    free.remove(one.memory);
  }
  for (const Footprint& footprint : plan.footprints) {
    free.remove(footprint.range);
  }
  const std::uint64_t bytes = base::align_up(packed_bytes, space.page_bytes);
  const PhysAddr top(plan.arch == Arch::kArm ? kArmTop : kArm64Top);
  const auto memory = free.highest_hole(bytes, space.page_bytes, span_of(PhysAddr(0), top));
  if (!memory) {
    return false;
  }
  request.packed_bytes = packed_bytes;
  plan.packed = Placement{SegmentKind::kKERNEL, *memory, packed_bytes,
                          "as LZ4, in the highest free range: the relay inflates it"};
  return true;
}

}  // namespace hyprelay::handoff
