// SPDX-License-Identifier: BSD-2-Clause
// What the running kernel copies between the two kernels, and whether it does so with its caches
// off; and so whether the next kernel is better packed, for the relay to inflate with caches on.
// docs/decisions/0007-what-travels.md has the table.
#pragma once

#include "handoff/image.hpp"
#include "handoff/machine.hpp"
#include "handoff/plan.hpp"
#include "handoff/prepare.hpp"
#include "handoff/wishes.hpp"

#include <cstdint>

namespace hyprelay::handoff {

// How the running kernel copies segments to their place. 32-bit Linux turns MMU and caches off
// before, and then moves single words [linux/arch/arm/kernel/machine_kexec.c, relocate_kernel.S];
// arm64 did so until 5.15, and since 5.16 keeps them on [linux/arch/arm64/kernel/relocate_kernel.S,
// "arm64: kexec: keep MMU enabled during kexec relocation"]. Of a release that is not known: off.
bool copies_uncached(const Machine& machine);

// Whether the kernel is to travel packed: it is copied with caches off, and the relay will have
// them on. It has where the CPUs know long descriptors: all of arm64, and on arm those that booted
// in HYP, since no CPU has the one without the other [arm/ddi0406c B1.7]. A crash kernel is loaded
// to its place, and what a bootloader loads nobody copies. Of a zImage its kernel alone, `bare`.
bool travels_packed(const Machine& machine, const ImageView& kernel, const Wishes& wishes);

// For prepare(): where travels_packed() says so, and there is a place for what the input has of it,
// `found`, plan and request are for a packed kernel afterwards. Errors: as make_plan().
base::Result<void> choose_travel(Found& found, const PrepareInput& input, PlanRequest& request,
                                 Plan& plan);

struct Travel {
  // Whole pages of all segments; each byte is read and written once. 0: a crash kernel.
  std::uint64_t copied_bytes = 0;
  bool uncached = false;
  // Of the kernel as it runs, without its bss.
  std::uint64_t kernel_bytes = 0;

  // Bytes that are copied with caches off for each byte of the kernel.
  double uncached_per_kernel_byte() const;
};
Travel travel_of(const Machine& machine, const ImageView& kernel, const Plan& plan);

}  // namespace hyprelay::handoff
