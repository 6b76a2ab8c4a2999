// SPDX-License-Identifier: BSD-2-Clause
// Numbers of the boot protocols that planning and checking share. Private to handoff.
#pragma once

#include <cstdint>

namespace hyprelay::handoff {

constexpr std::uint64_t kKiB = 1024;
constexpr std::uint64_t kMiB = 1024 * kKiB;
constexpr std::uint64_t kGiB = 1024 * kMiB;

// 64 bit: the relay's identity map, and so the baton that it accepts, has addresses of 48 bits.
// With more (FEAT_LPA) memory above them is left alone: a plan must not be refused by the relay,
// when the kernel that could say so is gone.
constexpr std::uint64_t kArm64Top = std::uint64_t{1} << 48;

// 32 bit: kexec and the relay count with 32-bit ends, and the relay maps blocks of 2 MiB: the last
// block cannot be used.
constexpr std::uint64_t kArmTop = 4 * kGiB - 2 * kMiB;

// The decompressor ignores memory nodes that begin above.
constexpr std::uint64_t k32Bits = 4 * kGiB;

// The decompressor takes the start of memory to be its own address with these bits cleared
// [linux arch/arm/boot/compressed/head.S, AUTO_ZRELADDR].
constexpr std::uint64_t kArmWindow = 128 * kMiB;

// Linear mapping of a 3G/1G kernel with the default vmalloc area: VMALLOC_END 0xff800000 - 240 MiB
// - the 8 MiB gap - PAGE_OFFSET is 760 MiB [linux arch/arm/mm/mmu.c, adjust_lowmem_bounds]. Tree
// and initrd must lie in it [linux/arm/booting sections 4b, 5].
constexpr std::uint64_t kArmLowmem = 760 * kMiB;

// "It must not exceed 2 megabytes" [linux/arm64/booting section 2]; arm maps as much
// [linux arch/arm/include/asm/fixmap.h, FDT_FIXED_SIZE].
constexpr std::uint64_t kTreeLimit = 2 * kMiB;
constexpr std::uint64_t kTreeAlign = 8;

// Base of an arm64 Image, and the window that must cover Image and initrd [linux/arm64/booting
// section 4]: 1 GiB aligned, up to 32 GiB.
constexpr std::uint64_t kArm64Base = 2 * kMiB;
constexpr std::uint64_t kArm64WindowAlign = 1 * kGiB;
constexpr std::uint64_t kArm64Window = 32 * kGiB;

// Whole pages of every size, and whole sections of a 32-bit kernel whose mem= ends there.
constexpr std::uint64_t kElfcorehdrAlign = 1 * kMiB;

// The relay maps itself in pages of this size.
constexpr std::uint64_t kRelayAlign = 4 * kKiB;

}  // namespace hyprelay::handoff
