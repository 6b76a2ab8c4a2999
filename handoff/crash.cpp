// SPDX-License-Identifier: BSD-2-Clause
#include "handoff/crash.hpp"

#include "base/number_text.hpp"
#include "handoff/boot_alias.hpp"
#include "handoff/crash_cpus.hpp"
#include "handoff/plan_rules.hpp"
#include "handoff/plan_space.hpp"

#include <algorithm>

namespace hyprelay::handoff {
namespace {

using base::Code;
using base::Error;
using base::PhysAddr;
using base::PhysRange;
using base::RangeSet;
using base::Stage;

// Where a region for the estimate lies: at what both a 32-bit window and an Image want.
constexpr PhysAddr kAnyWindow(0x40000000);
// For what a kernel takes for itself and a program that saves the dump by one thread: what was
// measured with Debian's, less its CMA area (16 MiB on armmp, 64 MiB on arm64), which cma=0 does
// not set aside; and 6 MiB for what is read ahead.
constexpr std::uint64_t kWorkingArm = 54 * kMiB;
constexpr std::uint64_t kWorkingArm64 = 70 * kMiB;
// The initrd is unpacked into a tmpfs of half the memory that is free when the kernel starts
// [linux/mm/shmem.c shmem_default_max_blocks]: the initrd itself is not free then.
constexpr std::uint64_t kTmpfsShare = 2;
constexpr std::uint64_t kRecommendedUnit = 32 * kMiB;
constexpr std::uint64_t kPmd = 2 * kMiB;

// A plan in a region of that size and nothing else.
base::Result<Plan> plan_in(const Machine& machine, const ImageView& kernel,
                           const PlanRequest& request, std::uint64_t size_bytes) {
  Machine bare;
  bare.arch = machine.arch;
  bare.page_size_bytes = machine.page_size_bytes;
  const PhysRange region = PhysRange::from_size(kAnyWindow, size_bytes).value_or(PhysRange());
  bare.ram = bare.crash_regions = {region};
  PlanRequest inside = request;
  inside.tree_reserved.clear();
  inside.tree_memory = {region};
  limit_to_region(inside, region, request.elfcorehdr_bytes);
  return make_plan(bare, kernel, inside);
}

// In whole MiB. Errors: those of the largest region.
base::Result<std::uint64_t> smallest_region(const Machine& machine, const ImageView& kernel,
                                            const PlanRequest& request) {
  std::uint64_t too_small = 0;
  std::uint64_t enough = (kArmTop - kAnyWindow.raw()) / kMiB;
  HR_TRYV(plan_in(machine, kernel, request, enough * kMiB));
  while (enough - too_small > 1) {
    const std::uint64_t middle = too_small + (enough - too_small) / 2;
    (plan_in(machine, kernel, request, middle * kMiB) ? enough : too_small) = middle;
  }
  return enough * kMiB;
}

// Before 5.15 the decompressor puts the kernel at the start of its 128 MiB, whatever the tree lets
// it use [linux arch/arm/boot/compressed/head.S, AUTO_ZRELADDR].
bool misplaced(const Machine& machine, const ImageView& kernel, const PlanRequest& request) {
  return machine.arch == Arch::kArm && !kernel.zimage.reads_usable_range &&
         !request.within->start().is_aligned(kArmWindow) &&
         std::ranges::none_of(request.tree_reserved, [&](const NamedRange& reserved) {
           return reserved.range.overlaps(*request.within);
         });
}

Error where_it_can_run(const PhysRange& region) {
  return Error(Code::PLAN_RESERVED_KERNEL, Stage::kPlan,
               "a kernel that old goes to a multiple of 128 MiB, and the crash region begins at " +
                   base::hex(region.start()) + "; " + crashkernel_parameter(region.size_bytes()) +
                   "@" + base::hex(region.start().align_up(kArmWindow)))
      .with_at(region.start().raw());
}

// Memory that the linear mapping has and nobody keeps.
RangeSet mapped_and_free(const Machine& machine) {
  std::vector<PhysRange> mapped;
  for (const VirtualMapping& mapping : machine.crash.mappings) {
    mapped.push_back(mapping.range);
  }
  std::vector<PhysRange> kept;
  for (const NamedRange& reserved : machine.reserved) {
    kept.push_back(reserved.range);
  }
  RangeSet free = RangeSet::of(std::move(mapped)).intersection(RangeSet::of(machine.ram));
  free.remove(RangeSet::of(std::move(kept)));
  return free;
}

}  // namespace

base::Result<PhysRange> main_crash_region(const Machine& machine) {
  if (machine.crash_regions.empty()) {
    return Error(Code::CRASH_NO_REGION, Stage::kPlan);
  }
  return std::ranges::max(machine.crash_regions, {}, &PhysRange::start);
}

base::Result<void> check_region_is_memory(const Machine& machine, const PhysRange& region) {
  if (region.empty() || !RangeSet::of(machine.ram).contains(region)) {
    return Error(Code::CRASH_REGION_OUTSIDE, Stage::kPlan,
                 base::hex(region.start()) + ", " + base::size_text(region.size_bytes()))
        .with_at(region.start().raw());
  }
  return base::success();
}

base::Result<void> check_region_is_mapped(const Machine& machine, const PhysRange& region) {
  const auto& mappings = machine.crash.mappings;
  const auto has_region = [&](const VirtualMapping& m) { return m.range.contains(region); };
  if (machine.arch != Arch::kArm || mappings.empty() || std::ranges::any_of(mappings, has_region)) {
    return base::success();
  }
  std::string subject = base::hex(region.start()) + " is outside of its linear mapping";
  // As high as can be, away from what a bootloader puts at the low end; and if possible at a
  // multiple of 128 MiB, where a kernel that knows nothing of its region can run in it, too.
  const RangeSet free = mapped_and_free(machine);
  HR_TRY(distance, boot_distance(machine));
  const PhysRange low = span_of(PhysAddr(distance), PhysAddr(distance + kArmTop));
  auto place = free.highest_hole(region.size_bytes(), kArmWindow, low);
  place = place ? place : free.highest_hole(region.size_bytes(), kPmd, low);
  if (place) {
    subject += ": " + crashkernel_parameter(region.size_bytes()) + "@" + base::hex(place->start());
  }
  return Error(Code::CRASH_REGION_HIGH, Stage::kPlan, subject).with_at(region.start().raw());
}

void limit_to_region(PlanRequest& request, const PhysRange& region,
                     std::uint64_t elfcorehdr_bytes) {
  request.within = region;
  request.tree_limits_memory = true;
  request.elfcorehdr_bytes = elfcorehdr_bytes;
}

CrashTree crash_tree(const Machine& machine, const Plan& plan) {
  CrashTree tree;
  if (const Placement* elfcorehdr = plan.find(SegmentKind::kELFCOREHDR)) {
    const PhysAddr start = plan.start_in_tree(*elfcorehdr);
    tree.elfcorehdr = span_of(start, start + elfcorehdr->content_bytes);
  }
  tree.usable = machine.crash_regions;
  std::ranges::sort(tree.usable, std::ranges::greater(), &PhysRange::start);
  // 32-bit Linux reads the header with ioremap, which refuses memory that the kernel uses as RAM
  // [linux/arch/arm/kernel/crash_dump.c copy_oldmem_page, linux/arch/arm/mm/ioremap.c]: its memory
  // ends below the header. arm64 reads it in its linear mapping, and reserves it.
  if (machine.arch == Arch::kArm && !tree.usable.empty() && !tree.elfcorehdr.empty()) {
    tree.usable[0] = span_of(tree.usable[0].start(), tree.elfcorehdr.start());
  }
  return tree;
}

std::string old_kernel_arguments(const ImageView& kernel, const Plan& plan,
                                 const PhysRange& region) {
  if (kernel.arch != Arch::kArm || kernel.zimage.reads_usable_range) {
    return "";
  }
  const Placement* elfcorehdr = plan.find(SegmentKind::kELFCOREHDR);
  const PhysAddr end = elfcorehdr == nullptr ? region.end() : plan.start_in_tree(*elfcorehdr);
  // The header lies above what mem= leaves the kernel, as above what its tree would.
  const std::string kib = std::to_string((end - region.start()) / kKiB);
  return " elfcorehdr=" + base::hex(end.raw()) + " mem=" + kib + "K@" +
         base::hex(region.start().raw());
}

std::uint32_t page_size_of(const ImageView& kernel, const Machine& machine) {
  const auto code = kernel.arch == Arch::kArm64 ? kernel.image.page_size_code : 0;
  return code == 1 ? 0x1000 : code == 2 ? 0x4000 : code == 3 ? 0x10000 : machine.page_size_bytes;
}

std::string crashkernel_parameter(std::uint64_t size_bytes) {
  return "crashkernel=" + std::to_string(size_bytes / kMiB) + "M";
}

base::Result<CrashSize> crash_size(const Machine& machine, const ImageView& kernel,
                                   const PlanRequest& request,
                                   std::uint64_t unpacked_initrd_bytes) {
  HR_TRY(smallest, smallest_region(machine, kernel, request));
  const std::uint64_t working = machine.arch == Arch::kArm ? kWorkingArm : kWorkingArm64;
  const std::uint64_t needed = smallest + kTmpfsShare * unpacked_initrd_bytes + working;
  const std::uint64_t others = (most_crash_cpus(machine) - 1) * kCrashCpuBytes;
  return CrashSize{smallest, needed, base::align_up(needed + others, kRecommendedUnit)};
}

bool may_have_vmcore(const ImageView& kernel) {
  constexpr std::string_view kProperty = "linux,elfcorehdr";
  const std::string_view bytes(reinterpret_cast<const char*>(kernel.bytes.data()),
                               kernel.bytes.size());
  return kernel.arch == Arch::kArm || bytes.find(kProperty) != std::string_view::npos;
}

base::Result<Plan> make_crash_plan(const Machine& machine, const ImageView& kernel,
                                   const PlanRequest& request,
                                   std::uint64_t unpacked_initrd_bytes) {
  base::Result<Plan> plan = make_plan(machine, kernel, request);
  if (plan.has_value() || !request.within) {
    return plan;
  }
  const PhysRange& region = *request.within;
  const auto size = crash_size(machine, kernel, request, unpacked_initrd_bytes);
  if (!size) {
    return plan;
  }
  if (size.value().smallest_bytes <= region.size_bytes()) {
    return misplaced(machine, kernel, request) ? where_it_can_run(region) : plan;
  }
  return Error(Code::CRASH_REGION_SMALL, Stage::kPlan,
               base::size_text(region.size_bytes(), base::Round::kDown) + " at " +
                   base::hex(region.start()) + ", " +
                   base::size_text(size.value().smallest_bytes, base::Round::kUp) + " needed; " +
                   crashkernel_parameter(size.value().recommended_bytes) + " is enough to run")
      .with_at(region.size_bytes())
      .with_limit(size.value().smallest_bytes);
}

}  // namespace hyprelay::handoff
