// SPDX-License-Identifier: BSD-2-Clause
// Kernel images as their headers describe them. Pure: bytes in, facts or an Error out.
#pragma once

#include "base/bytes.hpp"
#include "handoff/machine.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hyprelay::handoff {

// A zImage [linux/arm/booting section 6; arch/arm/boot/compressed/head.S and vmlinux.lds.S].
struct ZImage {
  // Bytes of the image that must be loaded (header: end - start).
  std::uint64_t size_bytes = 0;
  // From the size table (tag 0x5a534c4b): the inflated kernel, its bss, the malloc arena.
  std::uint64_t inflated_bytes = 0;
  std::uint64_t bss_bytes = 0;
  std::uint64_t malloc_bytes = 0;
  // There is no size table (before 4.15): the three are what such a kernel needs at most.
  bool sizes_are_bounds = false;
  // TEXT_OFFSET, the kernel's distance from the start of memory. Kernels from 4.15 to 5.7 carry a
  // size table without it: then these two bound what any of their platforms uses.
  std::uint64_t text_offset = 0;
  std::uint64_t text_offset_max = 0;
  // The decompressor compares the start of memory with the tree's memory nodes (5.12 and later),
  // and with /chosen/linux,usable-memory-range (5.15 and later).
  bool reads_memory_nodes = false;
  bool reads_usable_range = false;
};

// An arm64 Image [linux/arm64/booting section 4].
struct Arm64Image {
  // Bytes of the image that must be loaded.
  std::uint64_t size_bytes = 0;
  // Bytes in memory from the image's start, bss included (header: image_size).
  std::uint64_t image_size = 0;
  // The header does not say it (before 3.17): what is kept for such a kernel.
  bool size_is_bound = false;
  // Offset from a 2 MiB boundary.
  std::uint64_t text_offset = 0;
  // Flags bits 2:1 (0: not said, 1: 4K, 2: 16K, 3: 64K) and bit 3 (2 MiB base may be anywhere).
  std::uint8_t page_size_code = 0;
  bool anywhere = false;
};

// A 32-bit kernel as it runs, out of its zImage (bare_kernel.hpp): its first instruction takes the
// place that it lies at for the start of memory plus TEXT_OFFSET [linux/arch/arm/kernel/head.S].
struct BareKernel {
  // Of ImageView::bytes: zeroes where its page tables will be, and the kernel's first instruction
  // behind them.
  std::uint64_t lead_bytes = 0;
  // With them.
  std::uint64_t size_bytes = 0;
  // "Linux version 6.1": how it takes the start of memory depends on it.
  std::uint32_t major = 0;
  std::uint32_t minor = 0;
  // Where in the bytes it says so.
  std::uint64_t version_at = 0;
};

// A program that is no Linux, as an ELF file has it: it runs where it was linked, and nowhere else.
struct BareProgram {
  // Where ImageView::bytes lie, on 4 KiB; what no segment fills is zeroes in them, its bss too.
  std::uint64_t start = 0;
  // Its first instruction; bit 0 of a 32-bit one: in Thumb.
  std::uint64_t entry = 0;
};

// A kernel file whose header was read and found coherent. Does not own the bytes.
struct ImageView {
  Arch arch = Arch::kArm;
  // Exactly what must be loaded: the file without what somebody appended to it.
  base::ByteView bytes;
  // Where the bytes were packed: "zImage (xz)", "EFI zboot (zstd)", "gzip"; empty: they are the
  // file's.
  std::string inflated_from;
  // A device tree that somebody put behind a zImage (CONFIG_ARM_APPENDED_DTB
  // [linux/arch/arm/boot/compressed/head.S]): the file's bytes from there on; empty: none.
  base::ByteView appended_tree;
  ZImage zimage;     // when arch is kArm
  Arm64Image image;  // when arch is kArm64
  // When `bytes` are the kernel out of the zImage that `zimage` describes.
  std::optional<BareKernel> bare = {};
  // When `bytes` are a program's: nothing else is known of them.
  std::optional<BareProgram> program = {};
};

// Errors (stage image, subject `name` and what the file looks like): FILE_EMPTY, IMAGE_UNKNOWN,
// IMAGE_COMPRESSED, IMAGE_ZBOOT, IMAGE_WRONG_ARCH, IMAGE_WRONG_ENDIAN, IMAGE_TRUNCATED (at: bytes
// wanted, limit: bytes there), IMAGE_LIES (at: offset of the field), IMAGE_NO_SIZE (an Image that
// has flags, as one of 3.17 and later).
// `name` is only used in messages.
base::Result<ImageView> read_image(base::ByteView file, std::string_view name);

// For which machines a file seems to be, by its first bytes alone (kImageStartBytes suffice):
// what a choice among files needs, and no proof that one of them can be loaded.
enum class ImageArch : std::uint8_t { kArm, kArm64, kForeign, kUntold };
inline constexpr std::size_t kImageStartBytes = 4096;
ImageArch arch_of_image(base::ByteView start);

// Whether a file can be a kernel of ours, by the same bytes, so that none that cannot is read
// whole; no bytes say nothing. Errors: those of read_image() for a file without a kernel's magic.
base::Result<void> check_image_start(base::ByteView start, std::string_view name);

}  // namespace hyprelay::handoff
