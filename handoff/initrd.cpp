// SPDX-License-Identifier: BSD-2-Clause
#include "handoff/initrd.hpp"

#include "handoff/image_formats.hpp"

#include <algorithm>
#include <optional>

namespace hyprelay::handoff {
namespace {

using base::Code;
using base::Error;
using base::Stage;

// The header of a uImage, big endian [u-boot/include/image.h struct legacy_img_hdr].
constexpr std::uint32_t kUImageMagic = 0x27051956;
constexpr std::size_t kUImageHeaderBytes = 64;
constexpr std::size_t kUImageSize = 12;
constexpr std::size_t kUImageType = 30;
constexpr std::uint8_t kUImageRamdisk = 3;

Error no_initrd(std::string_view name, std::string_view looks_like) {
  return Error(Code::INITRD_UNKNOWN, Stage::kImage,
               std::string(name).append(": looks like ").append(looks_like));
}

// IH_TYPE_* of the same page.
std::string_view uimage_text(std::uint8_t type) {
  switch (type) {
    case 2:
      return "a uImage of a kernel";
    case 4:
      return "a uImage of several files: take the ramdisk out with dumpimage";
    case 8:
      return "a uImage of a device tree";
    default:
      return "a uImage of no ramdisk";
  }
}

std::optional<std::string_view> what_no_kernel_unpacks(base::ByteView start) {
  if (has_zimage_magic(start)) {
    return "a zImage";
  }
  if (has_arm64_magic(start)) {
    return "an arm64 Image";
  }
  const Looks looks = looks_of(start);
  return looks.text.empty() ? std::nullopt : std::optional(looks.text);
}

}  // namespace

base::Result<InitrdPart> find_initrd(base::ByteView start, std::uint64_t size_bytes,
                                     std::string_view name) {
  // First: an archive of kernels is an archive.
  if (looks_of(start).is_initrd) {
    return InitrdPart{0, size_bytes};
  }
  const auto magic = base::read_be<std::uint32_t>(start, 0);
  if (!magic.has_value() || magic.value() != kUImageMagic || start.size() < kUImageHeaderBytes) {
    if (const auto looks_like = what_no_kernel_unpacks(start)) {
      return no_initrd(name, *looks_like);
    }
    return InitrdPart{0, size_bytes};
  }
  const auto type = std::to_integer<std::uint8_t>(start[kUImageType]);
  if (type != kUImageRamdisk) {
    return no_initrd(name, uimage_text(type));
  }
  HR_TRY(content_bytes, base::read_be<std::uint32_t>(start, kUImageSize));
  if (content_bytes == 0 || content_bytes > size_bytes - kUImageHeaderBytes) {
    return Error(Code::IMAGE_TRUNCATED, Stage::kImage, std::string(name) + ": a uImage")
        .with_at(content_bytes + kUImageHeaderBytes)
        .with_limit(size_bytes);
  }
  const base::ByteView content = start.subspan(kUImageHeaderBytes);
  const base::ByteView begin = content.first(std::min<std::size_t>(content.size(), content_bytes));
  if (!looks_of(begin).is_initrd) {
    if (const auto looks_like = what_no_kernel_unpacks(begin)) {
      return no_initrd(name, std::string("a uImage of ").append(*looks_like));
    }
  }
  return InitrdPart{kUImageHeaderBytes, content_bytes,
                    std::string(name) + ": a uImage: its header of 64 bytes is left out"};
}

}  // namespace hyprelay::handoff
