// SPDX-License-Identifier: BSD-2-Clause
#include "handoff/plan_company.hpp"

#include "base/number_text.hpp"
#include "handoff/plan_rules.hpp"

#include <algorithm>

namespace hyprelay::handoff {
namespace {

using base::PhysAddr;
using base::PhysRange;

// "A safe location is just above the 128MiB boundary from start of RAM."
constexpr std::uint64_t kRecommendedTree = 128 * kMiB;

// Linear mapping of the next kernel.
PhysRange lowmem(const Home& home) {
  return span_of(home.memory_start, std::min(home.memory_start + kArmLowmem, home.top));
}

base::Result<void> place_tree(Draft& draft, const PlanRequest& request, const Home& home) {
  const PhysRange low = lowmem(home);
  std::vector<Choice> choices;
  if (home.order == Order::kRecommended) {
    choices.push_back(
        {span_of(home.memory_start + kRecommendedTree, low.end()),
         "just above 128 MiB from the start of memory, as the boot protocol advises"});
  } else {
    // A tree at address 0 is none: the kernel takes 0 for "no tree" [linux/arm/booting 4].
    const PhysAddr lowest = std::max(low.start(), PhysAddr(kTreeLimit));
    choices.push_back(
        {span_of(lowest, std::max(lowest, low.end())),
         "at the lowest 2 MiB boundary of the kernel's linear mapping with 2 MiB free"});
  }
  return place_lowest(draft, {SegmentKind::kTREE, request.tree_bytes, kTreeLimit, kTreeLimit},
                      choices);
}

base::Result<void> place_initrd(Draft& draft, const PlanRequest& request, const Home& home) {
  if (request.initrd_bytes == 0) {
    return base::success();
  }
  const PhysRange low = lowmem(home);
  std::vector<Choice> choices;
  if (home.order == Order::kRecommended) {
    choices.push_back({span_of(home.memory_start + kRecommendedTree, low.end()),
                       "above 128 MiB from the start of memory, in the kernel's linear mapping"});
  } else {
    choices.push_back({low, "the lowest free range of the kernel's linear mapping"});
  }
  return place_lowest(draft, {SegmentKind::kINITRD, request.initrd_bytes, 1}, choices);
}

base::Result<void> place_relay(Draft& draft, const PlanRequest& request) {
  return place_highest(
      draft, {SegmentKind::kRELAY, request.relay_bytes, kRelayAlign},
      {{span_of(PhysAddr(0), PhysAddr(kArmTop)), "the highest free range below 4 GiB"}});
}

}  // namespace

base::Result<void> place_company(Draft& draft, const PlanRequest& request, const Home& home) {
  if (home.order == Order::kInitrdFirst) {
    HR_TRYV(place_initrd(draft, request, home));
    HR_TRYV(place_tree(draft, request, home));
  } else {
    HR_TRYV(place_tree(draft, request, home));
    HR_TRYV(place_initrd(draft, request, home));
  }
  return place_relay(draft, request);
}

std::string lost_memory(const Space& space, PhysAddr memory_start) {
  return !space.usable.empty() && space.usable.ranges()[0].start() < memory_start
             ? "; this kernel loses the memory below " + base::hex(memory_start.raw())
             : "";
}

}  // namespace hyprelay::handoff
