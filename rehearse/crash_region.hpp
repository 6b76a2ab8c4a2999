// SPDX-License-Identifier: BSD-2-Clause
// Where the first kernel of a rehearsed panic reserves memory for the second. Pure.
#pragma once

#include "rehearse/kernels.hpp"
#include "rehearse/options.hpp"

#include <cstdint>
#include <string>

namespace hyprelay::rehearse {

// " crashkernel=SIZE", or with "@BASE" behind it for an arm kernel that would reserve a plain SIZE
// where no crash kernel can be started from: at address 0, where there is no memory (3.18, 4.4), or
// outside of its linear mapping (4.9, 4.12: handoff::check_region_is_mapped). Empty without
// --panic. A SIZE that has a place, or whose place cannot be told, is left as it stands.
// `initramfs_bytes`: QEMU loads it at 128 MiB of the guest's memory, and its tree behind it
// [qemu/hw/arm/boot.c arm_load_dtb, arm_setup_direct_kernel_boot].
std::string crash_parameter(const Options& options, const FirstKernel& first,
                            std::uint64_t initramfs_bytes);

}  // namespace hyprelay::rehearse
