// SPDX-License-Identifier: BSD-2-Clause
// Where an arm64 Image and its company go [linux/arm64/booting sections 2 and 4].
#include "base/number_text.hpp"
#include "handoff/plan_rules.hpp"
#include "handoff/plan_space.hpp"

#include <algorithm>

namespace hyprelay::handoff {
namespace {

using base::Code;
using base::Error;
using base::PhysAddr;
using base::PhysRange;
using base::Stage;

// Kernels before 4.2 want the tree within this of the Image's base, and those before 4.6 cannot use
// memory below it; bit 3 of the flags came with 4.6 and lifts both.
constexpr std::uint64_t kOldTreeWindow = 512 * kMiB;
constexpr std::uint64_t kFourGiB = 4 * kGiB;
// How many places of the Image are tried: the first few wherever they are, then one in each stride.
constexpr std::size_t kFew = 16;
constexpr std::size_t kMost = 96;
constexpr std::uint64_t kStride = 512 * kMiB;

enum class Order { kTreeFirst, kInitrdFirst };

struct Job {
  const Space& space;
  const Arm64Image& image;
  const PlanRequest& request;
};

// The lowest 2 MiB aligned base in each free range whose image_size bytes from base + text_offset
// are free; after the first few one in each 512 MiB, and not without end: each costs a plan. What
// matters is the 1 GiB that the windows for the initrd begin in, and for an old kernel the 512 MiB
// for its tree.
std::vector<PhysRange> find_images(const Job& job) {
  const std::uint64_t bytes = base::align_up(job.image.image_size, job.space.page_bytes);
  std::vector<PhysRange> images;
  for (const PhysRange& hole : job.space.loadable.ranges()) {
    const std::uint64_t below = std::min(hole.start().raw(), job.image.text_offset);
    PhysAddr start = (hole.start() - below).align_up(kArm64Base) + job.image.text_offset;
    const bool near =
        !images.empty() && start.align_down(kStride) == images.back().start().align_down(kStride);
    if (start < hole.end() && hole.end() - start >= bytes && (!near || images.size() < kFew)) {
      images.push_back(span_of(start, start + bytes));
    }
    if (images.size() == kMost) {
      break;
    }
  }
  return images;
}

base::Result<void> place_kernel(Draft& draft, const Job& job, const PhysRange& image) {
  const std::uint64_t loaded = base::align_up(job.image.size_bytes, job.space.page_bytes);
  draft.place(SegmentKind::kKERNEL, span_of(image.start(), image.start() + loaded),
              job.image.size_bytes,
              "text_offset " + base::hex(job.image.text_offset) +
                  " from the lowest 2 MiB boundary with image_size free bytes");
  const PhysAddr base = image.start() - job.image.text_offset;
  draft.set_kernel(image.start(), image.start(), job.image.anywhere ? PhysAddr(0) : base);
  return draft.add_footprint(span_of(image.start(), image.start() + job.image.image_size),
                             "image_size: text, data and bss");
}

// The 32 GiB windows, aligned to 1 GiB, that cover the whole Image: as far up and as far down as
// they reach.
std::vector<Choice> initrd_choices(const PhysRange& image, bool anywhere) {
  const PhysAddr up = image.start().align_down(kArm64WindowAlign);
  std::vector<Choice> choices{
      {span_of(image.end(), up + kArm64Window), "above the Image, in one 32 GiB window with it"}};
  if (anywhere) {
    const PhysAddr end = image.end().align_up(kArm64WindowAlign);
    const PhysAddr down(end.raw() > kArm64Window ? end.raw() - kArm64Window : 0);
    choices.push_back(
        {span_of(down, image.start()), "below the Image, in one 32 GiB window with it"});
  }
  return choices;
}

std::vector<Choice> tree_choices(const PhysRange& image, const Job& job) {
  const PhysAddr base = image.start() - job.image.text_offset;
  std::vector<Choice> choices{{span_of(image.end(), base + kOldTreeWindow),
                               "at a 2 MiB boundary above the Image, within 512 MiB of it"}};
  if (job.image.anywhere) {
    choices.push_back({span_of(PhysAddr(0), PhysAddr(kArm64Top)),
                       "at the lowest 2 MiB boundary with 2 MiB free"});
  }
  return choices;
}

base::Result<Plan> plan_by(const Job& job, const PhysRange& image, Order order) {
  Draft draft(job.space, Arch::kArm64);
  HR_TRYV(place_kernel(draft, job, image));
  // The kernel maps the tree in blocks of 2 MiB that must not hold memory of other attributes.
  const Wish tree{SegmentKind::kTREE, job.request.tree_bytes, kTreeLimit, kTreeLimit};
  const Wish initrd{SegmentKind::kINITRD, job.request.initrd_bytes, 1};
  if (order == Order::kTreeFirst) {
    HR_TRYV(place_lowest(draft, tree, tree_choices(image, job)));
  }
  if (job.request.initrd_bytes != 0) {
    HR_TRYV(place_lowest(draft, initrd, initrd_choices(image, job.image.anywhere)));
  }
  if (order == Order::kInitrdFirst) {
    HR_TRYV(place_lowest(draft, tree, tree_choices(image, job)));
  }
  HR_TRYV(place_elfcorehdr(draft, job.request));
  HR_TRYV(place_highest(
      draft, {SegmentKind::kRELAY, job.request.relay_bytes, kRelayAlign},
      {{span_of(PhysAddr(0), PhysAddr(kFourGiB)), "the highest free range below 4 GiB"},
       {span_of(PhysAddr(0), PhysAddr(kArm64Top)), "the highest free range"}}));
  return draft.finish();
}

}  // namespace

base::Result<Plan> make_plan_arm64(const Space& space, const ImageView& kernel,
                                   const PlanRequest& request) {
  const Job job{space, kernel.image, request};
  if (job.image.text_offset % space.page_bytes != 0) {
    return Error(Code::PLAN_UNALIGNED, Stage::kPlan, "the kernel's text_offset in this page size")
        .with_at(job.image.text_offset)
        .with_limit(space.page_bytes);
  }
  // The lowest place leaves a kernel before 4.6 most memory; the others only help a large initrd.
  std::optional<Error> first;
  for (const PhysRange& image : find_images(job)) {
    for (const Order order : {Order::kTreeFirst, Order::kInitrdFirst}) {
      if (order == Order::kInitrdFirst && request.initrd_bytes == 0) {
        continue;
      }
      base::Result<Plan> plan = plan_by(job, image, order);
      if (plan.has_value()) {
        return plan;
      }
      first = first.value_or(plan.error());
    }
  }
  return first.value_or(no_room(space.free, SegmentKind::kKERNEL, job.image.image_size,
                                {{span_of(PhysAddr(0), PhysAddr(kArm64Top)), ""}}));
}

}  // namespace hyprelay::handoff
