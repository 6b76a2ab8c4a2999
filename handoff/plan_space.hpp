// SPDX-License-Identifier: BSD-2-Clause
// What make_plan builds a plan from, for both architectures. Private to handoff.
#pragma once

#include "base/range_set.hpp"
#include "handoff/plan.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hyprelay::handoff {

// Memory that may be planned with. `usable` is what machine and next tree both call RAM, within the
// relay's reach and request.within; `free` is `usable` without everything that is reserved,
// `loadable` is `free` without what the relay still needs.
struct Space {
  base::RangeSet usable;
  base::RangeSet free;
  base::RangeSet loadable;
  // What was taken out of `usable`, whole, with its name; and then out of `free`.
  std::vector<NamedRange> reserved;
  std::vector<NamedRange> needed_by_relay;
  std::uint64_t page_bytes = 4096;

  // The first reserved range that the given one meets. nullptr when there is none.
  const NamedRange* in_the_way(const base::PhysRange& range) const;
};

// Errors: MACHINE_NO_RAM, MACHINE_MALFORMED (page size; the tree's memory is elsewhere),
// PLAN_UNREACHABLE.
base::Result<Space> make_space(const Machine& machine, const PlanRequest& request);

// A plan under construction. Copyable: a way that leads nowhere is dropped.
class Draft {
 public:
  Draft(const Space& space, Arch arch) : space_(&space), free_(space.loadable) {
    plan_.arch = arch;
  }

  const Space& space() const { return *space_; }
  // What may still be loaded to: free of reserved ranges, footprints and placements.
  const base::RangeSet& free() const { return free_; }

  // Takes memory for a segment at a place that the caller found in free().
  void place(SegmentKind kind, const base::PhysRange& memory, std::uint64_t content_bytes,
             std::string reason);
  // Memory that the kernel writes early: whole in space().usable and unreserved, but it may meet
  // the kernel's own placement. PLAN_RESERVED_KERNEL otherwise.
  base::Result<void> add_footprint(const base::PhysRange& range, std::string reason);

  void set_kernel(base::PhysAddr entry, base::PhysAddr text, base::PhysAddr memory_start);
  // nullptr when the segment has no place yet.
  const Placement* find(SegmentKind kind) const { return plan_.find(kind); }
  // The finished plan, in load order.
  Plan finish() const;

 private:
  const Space* space_;
  base::RangeSet free_;
  Plan plan_;
};

// One choice of ranges for a segment, in the order of preference.
struct Choice {
  base::PhysRange within;
  std::string reason;
};

// A segment that wants a place.
struct Wish {
  SegmentKind kind;
  std::uint64_t content_bytes;
  std::uint64_t align;
  // The hole must be this large although only the content's pages are taken; 0: those pages.
  std::uint64_t hole_bytes = 0;
};

// The lowest (highest) place in the first choice that has one. PLAN_NO_ROOM (subject: the segment).
base::Result<void> place_lowest(Draft& draft, const Wish& wish, const std::vector<Choice>& choices);
base::Result<void> place_highest(Draft& draft, const Wish& wish,
                                 const std::vector<Choice>& choices);

// The elfcorehdr of a crash kernel, if there is one to place: above all that the kernel reads,
// since a 32-bit kernel's memory must end below it (crash.hpp, crash_tree): there it is placed
// before all else. PLAN_NO_ROOM.
base::Result<void> place_elfcorehdr(Draft& draft, const PlanRequest& request);

// PLAN_NO_ROOM (at: wanted, limit: the largest free range in any of the choices).
base::Error no_room(const base::RangeSet& free, SegmentKind kind, std::uint64_t wanted,
                    const std::vector<Choice>& choices);
// [start, end), empty when end <= start.
base::PhysRange span_of(base::PhysAddr start, base::PhysAddr end);

base::Result<Plan> make_plan_arm(const Space& space, const ImageView& kernel,
                                 const PlanRequest& request);
base::Result<Plan> make_plan_arm64(const Space& space, const ImageView& kernel,
                                   const PlanRequest& request);
// Of ImageView::program: it has one place. PLAN_NO_ROOM (subject: why it cannot have it).
base::Result<Plan> make_plan_program(const Space& space, const ImageView& kernel,
                                     const PlanRequest& request);

}  // namespace hyprelay::handoff
