// SPDX-License-Identifier: BSD-2-Clause
// What loading for a panic adds to a handoff: where the crash kernel may be, what it is told, and
// how much memory it takes. Pure.
#pragma once

#include "base/result.hpp"
#include "handoff/image.hpp"
#include "handoff/machine.hpp"
#include "handoff/patch.hpp"
#include "handoff/plan.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hyprelay::handoff {

// The region that kexec_load takes crash segments in, crashk_res: of two, the higher one; the lower
// is the DMA memory that comes with crashkernel=SIZE,high [linux/Documentation/admin-guide/
// kernel-parameters.txt crashkernel]. Errors (stage plan): CRASH_NO_REGION.
base::Result<base::PhysRange> main_crash_region(const Machine& machine);

// All of the region must be memory: a --machine file may say otherwise. Errors (stage plan):
// CRASH_REGION_OUTSIDE (subject and at: the region).
base::Result<void> check_region_is_memory(const Machine& machine, const base::PhysRange& region);

// A 32-bit kernel starts a crash kernel through its linear mapping, but some put the region outside
// of it (4.9 and 4.12 do, at 0x70000000 of 1 GiB at 0x40000000) and die in machine_kexec. Nothing
// is said where the mapping is not known. Errors (stage plan):
// CRASH_REGION_HIGH (subject: the SIZE@BASE to boot with; at: the region).
base::Result<void> check_region_is_mapped(const Machine& machine, const base::PhysRange& region);

// Turns a request into one for a crash kernel: everything inside that region, which is also all
// that the next kernel's tree lets it use, and room for a core header of that size.
void limit_to_region(PlanRequest& request, const base::PhysRange& region,
                     std::uint64_t elfcorehdr_bytes);

// What the next kernel's tree says, once there is a plan: the main region first, then the other. On
// arm the main region ends below the core header, which Linux can only read outside of its memory.
CrashTree crash_tree(const Machine& machine, const Plan& plan);

// " elfcorehdr=0x... mem=...K@0x...": what a 32-bit kernel before 5.15 must be told on its command
// line, since it does not read the tree's properties; empty for others. With a plan that has no
// core header yet: as long as it can get.
std::string old_kernel_arguments(const ImageView& kernel, const Plan& plan,
                                 const base::PhysRange& region);

// Of the kernel's pages: what its header says, or those of the machine that runs now
// [linux/arm64/booting section 4, flags bits 1-2].
std::uint32_t page_size_of(const ImageView& kernel, const Machine& machine);

// "crashkernel=96M": what to boot with for a region of that size, a whole number of MiB.
std::string crashkernel_parameter(std::uint64_t size_bytes);

// How large a region must be.
struct CrashSize {
  // Everything can be placed and the kernel inflated, and not a MiB less.
  std::uint64_t smallest_bytes = 0;
  // And the kernel can unpack its initrd and work, with one CPU.
  std::uint64_t needed_bytes = 0;
  // With all CPUs that it starts (crash_cpus.hpp), the next multiple of 32 MiB.
  std::uint64_t recommended_bytes = 0;
};

// `kernel`: what is loaded, inflated or not. `unpacked_initrd_bytes`: what the initrd's content
// takes in the crash kernel's memory. Errors: those of make_plan, when no region of less than 4 GiB
// is large enough.
base::Result<CrashSize> crash_size(const Machine& machine, const ImageView& kernel,
                                   const PlanRequest& request, std::uint64_t unpacked_initrd_bytes);

// Whether the kernel may have a /proc/vmcore. false is certain: an arm64 Image that does not even
// name the property that tells where the core header lies was built without CONFIG_CRASH_DUMP
// [linux/drivers/of/fdt.c early_init_dt_check_for_elfcorehdr]. A zImage is compressed, and may.
bool may_have_vmcore(const ImageView& kernel);

// make_plan for a crash kernel: when it finds no room in the region, and a larger one would do, the
// error is CRASH_REGION_SMALL and says how large. An old zImage (reads_usable_range) in a region
// that does not begin where it can run: PLAN_RESERVED_KERNEL, which names a place where it can.
base::Result<Plan> make_crash_plan(const Machine& machine, const ImageView& kernel,
                                   const PlanRequest& request, std::uint64_t unpacked_initrd_bytes);

}  // namespace hyprelay::handoff
