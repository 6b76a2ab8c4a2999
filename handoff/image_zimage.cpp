// SPDX-License-Identifier: BSD-2-Clause
// The zImage header and its size table [linux arch/arm/boot/compressed/head.S, vmlinux.lds.S].
#include "handoff/image_formats.hpp"

#include <algorithm>

namespace hyprelay::handoff {
namespace {

using base::Code;
using base::Error;
using base::Stage;

constexpr std::uint64_t kMagic = 0x24;
constexpr std::uint64_t kStart = 0x28;
constexpr std::uint64_t kEnd = 0x2c;
constexpr std::uint64_t kEndianMark = 0x30;
// kTableMark holds kTableMagic when the word after it points to the table of tags (4.15 and later).
constexpr std::uint64_t kTableMark = 0x34;
constexpr std::uint64_t kTable = 0x38;
constexpr std::uint64_t kHeaderBytes = 0x40;

constexpr std::uint32_t kZImageMagic = 0x016f2818;
constexpr std::uint32_t kLittleEndian = 0x04030201;
constexpr std::uint32_t kTableMagic = 0x45454545;
constexpr std::uint32_t kSizeTag = 0x5a534c4b;
constexpr std::uint32_t kTreeMagic = 0xd00dfeed;

// A tag is its length in words, its name and its values; a length of 0 ends the table. The size
// tag has two values (offset of the word that holds the inflated size, bss) up to 5.7, then also
// TEXT_OFFSET and the malloc arena.
constexpr std::uint32_t kSizeTagWordsShort = 4;
constexpr std::uint32_t kSizeTagWords = 6;

// What the platforms of [linux arch/arm/Makefile, textofs-y] use, and the arena of [head.S], where
// the table is silent.
constexpr std::uint64_t kSmallestTextOffset = 0x8000;
constexpr std::uint64_t kLargestTextOffset = 0x408000;
constexpr std::uint64_t kUsualMalloc = 0x10000;

// No text offset is near this; see kSaneBytes.
constexpr std::uint64_t kWindow = 0x8000000;

Error lie(std::string_view name, std::uint64_t at) {
  return Error(Code::IMAGE_LIES, Stage::kImage, name).with_at(at);
}

std::uint32_t word(base::ByteView image, std::uint64_t at) {
  const auto value = base::read_le<std::uint32_t>(image, at);
  return value.has_value() ? value.value() : 0;
}

// Offset of the size tag in the table. Errors: IMAGE_NO_SIZE, IMAGE_LIES.
base::Result<std::uint64_t> find_size_tag(base::ByteView image, std::string_view name) {
  if (word(image, kTableMark) != kTableMagic) {
    return Error(Code::IMAGE_NO_SIZE, Stage::kImage, name).with_at(kTableMark);
  }
  std::uint64_t at = word(image, kTable);
  if (at < kHeaderBytes || at % 4 != 0 || at + 8 > image.size()) {
    return lie(name, kTable);
  }
  while (at + 8 <= image.size() && word(image, at) != 0) {
    const std::uint64_t tag_bytes = std::uint64_t{word(image, at)} * 4;
    if (tag_bytes < 8 || tag_bytes > image.size() - at) {
      return lie(name, at);
    }
    if (word(image, at + 4) == kSizeTag) {
      return at;
    }
    at += tag_bytes;
  }
  return Error(Code::IMAGE_NO_SIZE, Stage::kImage, name).with_at(word(image, kTable));
}

// Before 4.15 nothing says what the kernel inflates to. xz, the best of its compressors, makes a
// quarter of an arm kernel, and allyesconfig with lockdep has some 10 MiB of bss: twice that is the
// bound. Room is kept for it; what is really there is only known to the decompressor.
void bound_sizes(ZImage& z) {
  constexpr std::uint64_t kMostInflation = 8;
  constexpr std::uint64_t kMostBss = 0x1400000;
  z.sizes_are_bounds = true;
  z.inflated_bytes = std::min(z.size_bytes * kMostInflation, kSaneBytes);
  z.bss_bytes = kMostBss;
  z.malloc_bytes = kUsualMalloc;
  z.text_offset = kSmallestTextOffset;
  z.text_offset_max = kLargestTextOffset;
}

base::Result<void> read_sizes(base::ByteView image, std::string_view name, ZImage& z) {
  const auto tag_found = find_size_tag(image, name);
  if (!tag_found && tag_found.error().code() == Code::IMAGE_NO_SIZE) {
    bound_sizes(z);
    return base::success();
  }
  HR_TRY(tag, tag_found);
  const std::uint32_t words = word(image, tag);
  if (words < kSizeTagWordsShort) {
    return lie(name, tag);
  }
  const std::uint64_t inflated_at = word(image, tag + 8);
  if (inflated_at < kHeaderBytes || inflated_at + 4 > image.size()) {
    return lie(name, tag + 8);
  }
  z.inflated_bytes = word(image, inflated_at);
  if (z.inflated_bytes == 0 || z.inflated_bytes > kSaneBytes) {
    return lie(name, inflated_at);
  }
  z.bss_bytes = word(image, tag + 12);
  if (z.bss_bytes > kSaneBytes) {
    return lie(name, tag + 12);
  }
  z.text_offset = kSmallestTextOffset;
  z.text_offset_max = kLargestTextOffset;
  z.malloc_bytes = kUsualMalloc;
  if (words >= kSizeTagWords) {
    z.text_offset = z.text_offset_max = word(image, tag + 16);
    z.malloc_bytes = word(image, tag + 20);
  }
  if (z.text_offset < kSmallestTextOffset || z.text_offset % 0x1000 != 0 ||
      z.text_offset_max >= kWindow) {
    return lie(name, tag + 16);
  }
  if (z.malloc_bytes > kSaneBytes) {
    return lie(name, tag + 20);
  }
  return base::success();
}

// The decompressor is not compressed itself, so that the names of the properties it looks for can
// be read in it [linux arch/arm/boot/compressed/fdt_check_mem_start.c].
bool contains_text(base::ByteView image, std::string_view text) {
  const auto bytes = std::as_bytes(std::span(text.data(), text.size() + 1));
  return std::search(image.begin(), image.end(), bytes.begin(), bytes.end()) != image.end();
}

}  // namespace

std::optional<std::uint64_t> payload_size_word(base::ByteView zimage) {
  const auto tag = find_size_tag(zimage, "");
  return tag ? std::optional<std::uint64_t>(word(zimage, tag.value() + 8)) : std::nullopt;
}

bool has_zimage_magic(base::ByteView file) {
  const auto magic = base::read_le<std::uint32_t>(file, kMagic);
  return magic.has_value() &&
         (magic.value() == kZImageMagic || magic.value() == __builtin_bswap32(kZImageMagic));
}

base::Result<ImageView> read_zimage(base::ByteView file, std::string_view name) {
  if (file.size() < kHeaderBytes) {
    return Error(Code::IMAGE_TRUNCATED, Stage::kImage, name)
        .with_at(kHeaderBytes)
        .with_limit(file.size());
  }
  // Images before 3.17 have no mark: whatever is there then is no swapped mark.
  if (word(file, kMagic) != kZImageMagic ||
      word(file, kEndianMark) == __builtin_bswap32(kLittleEndian)) {
    return Error(Code::IMAGE_WRONG_ENDIAN, Stage::kImage, name).with_at(kEndianMark);
  }
  const std::uint64_t start = word(file, kStart);
  const std::uint64_t end = word(file, kEnd);
  if (end < start || end - start < kHeaderBytes) {
    return lie(name, kEnd);
  }
  ImageView view;
  view.arch = Arch::kArm;
  view.zimage.size_bytes = end - start;
  if (view.zimage.size_bytes > file.size()) {
    return Error(Code::IMAGE_TRUNCATED, Stage::kImage, name)
        .with_at(view.zimage.size_bytes)
        .with_limit(file.size());
  }
  // A tree behind the zImage would be taken instead of ours: it is not loaded with it.
  view.bytes = file.first(static_cast<std::size_t>(view.zimage.size_bytes));
  const base::ByteView behind = file.subspan(view.bytes.size());
  const auto magic = base::read_be<std::uint32_t>(behind, 0);
  if (magic.has_value() && magic.value() == kTreeMagic) {
    view.appended_tree = behind;
  }
  HR_TRYV(read_sizes(view.bytes, name, view.zimage));
  view.zimage.reads_memory_nodes = contains_text(view.bytes, "linux,usable-memory");
  view.zimage.reads_usable_range = contains_text(view.bytes, "linux,usable-memory-range");
  return view;
}

}  // namespace hyprelay::handoff
