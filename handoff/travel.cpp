// SPDX-License-Identifier: BSD-2-Clause
#include "handoff/travel.hpp"

#include "compat/evidence.hpp"

namespace hyprelay::handoff {

bool copies_uncached(const Machine& machine) {
  const compat::Release release = compat::parse_release(machine.kernel_release);
  return machine.arch == Arch::kArm || release < compat::release_of(5, 16);
}

bool travels_packed(const Machine& machine, const ImageView& kernel, const Wishes& wishes) {
  const bool relay_has_caches = machine.arch == Arch::kArm64 || machine.boot_mode == Mode::kHYP;
  return copies_uncached(machine) && relay_has_caches && kernel.arch == machine.arch &&
         !kernel.program && (kernel.arch == Arch::kArm64 || kernel.bare) && !wishes.panic &&
         !wishes.after_reset;
}

base::Result<void> choose_travel(Found& found, const PrepareInput& input, PlanRequest& request,
                                 Plan& plan) {
  if (!input.packed.empty() && travels_packed(found.machine, found.kernel, input.wishes)) {
    HR_TRY(placed, place_packed(found.machine, input.packed.size(), request, plan));
    found.packed = placed ? input.packed : base::ByteView();
  }
  return base::success();
}

double Travel::uncached_per_kernel_byte() const {
  return uncached && kernel_bytes != 0
             ? static_cast<double>(copied_bytes) / static_cast<double>(kernel_bytes)
             : 0.0;
}

Travel travel_of(const Machine& machine, const ImageView& kernel, const Plan& plan) {
  Travel travel;
  travel.kernel_bytes = kernel.program ? kernel.bytes.size()
                        : kernel.bare  ? kernel.bare->size_bytes - kernel.bare->lead_bytes
                        : kernel.arch == Arch::kArm64 ? kernel.image.size_bytes
                                                      : kernel.zimage.inflated_bytes;
  if (plan.find(SegmentKind::kELFCOREHDR) != nullptr) {
    return travel;
  }
  for (const Placement& one : plan.placements) {
    travel.copied_bytes += plan.as_loaded(one).memory.size_bytes();
  }
  travel.uncached = copies_uncached(machine);
  return travel;
}

}  // namespace hyprelay::handoff
