// SPDX-License-Identifier: BSD-2-Clause
#include "handoff/initrd.hpp"

#include "handoff/archive.hpp"
#include "handoff/image_formats.hpp"

#include <algorithm>
#include <optional>

namespace hyprelay::handoff {
namespace {

using base::Code;
using base::Error;
using base::Stage;

constexpr std::size_t kUImageSize = 12;
constexpr std::size_t kUImageContentSum = 24;
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

// Of what is taken for all that: what Linux would make of it as an archive
// [linux/init/initramfs.c unpack_to_rootfs, do_header]. What is behind the start is not looked at.
void warn_of_start(base::ByteView start, std::string_view name, InitrdPart& part) {
  const std::string_view text = base::text_of(start);
  if (text.starts_with("0707")) {
    if (!text.starts_with("070701") && !text.starts_with("070702")) {
      part.warnings.push_back(std::string(name) +
                              ": a cpio archive of a form that Linux does not unpack; make it with "
                              "cpio -H newc");
    }
    return;
  }
  if (!is_packed(packing_of(start))) {
    part.warnings.push_back(
        std::string(name) +
        ": begins as no archive that Linux unpacks: unless it is the image of a file system, the "
        "next kernel will find nothing in it; list it with lsinitramfs, and make or copy it again");
  }
}

}  // namespace

base::Result<InitrdPart> find_initrd(base::ByteView start, std::uint64_t size_bytes,
                                     std::string_view name) {
  // First: an archive of kernels is an archive.
  InitrdPart whole{0, size_bytes};
  if (looks_of(start).is_initrd) {
    warn_of_start(start, name, whole);
    return whole;
  }
  const auto magic = base::read_be<std::uint32_t>(start, 0);
  if (!magic.has_value() || magic.value() != kUImageMagic || start.size() < kUImageHeaderBytes) {
    if (const auto looks_like = what_no_kernel_unpacks(start)) {
      return no_initrd(name, *looks_like);
    }
    warn_of_start(start, name, whole);
    return whole;
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
  HR_TRY(sum, base::read_be<std::uint32_t>(start, kUImageContentSum));
  InitrdPart part{kUImageHeaderBytes, content_bytes,
                  std::string(name) + ": a uImage: its header of 64 bytes is left out"};
  part.content_sum = sum;
  if (const std::uint64_t behind = size_bytes - kUImageHeaderBytes - content_bytes; behind != 0) {
    part.warnings.push_back(std::string(name) + ": " + std::to_string(behind) +
                            " bytes behind the end of the uImage are left out, as U-Boot does; "
                            "mkimage -l shows its length: if they belong to it, make it again");
  }
  warn_of_start(begin, name, part);
  return part;
}

}  // namespace hyprelay::handoff
