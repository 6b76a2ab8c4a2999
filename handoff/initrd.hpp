// SPDX-License-Identifier: BSD-2-Clause
// What an initrd's file is, by its first bytes. Pure.
#pragma once

#include "base/bytes.hpp"
#include "base/result.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hyprelay::handoff {

// The part of a file that the next kernel gets.
struct InitrdPart {
  std::uint64_t offset_bytes = 0;
  std::uint64_t size_bytes = 0;
  // A sentence about what is left out; empty: nothing is.
  std::string note = {};
  // What is odd about it, each with a remedy.
  std::vector<std::string> warnings = {};
  // Of a uImage: the checksum that its content must have.
  std::optional<std::uint32_t> content_sum = {};
};

inline constexpr std::size_t kInitrdStartBytes = 4096;
// The header of a uImage, big endian [u-boot/include/image.h struct legacy_img_hdr].
inline constexpr std::uint32_t kUImageMagic = 0x27051956;
inline constexpr std::size_t kUImageHeaderBytes = 64;

// `start`: the first kInitrdStartBytes of the file, or all of it. A uImage of a ramdisk loses its
// header (U-Boot does the same [u-boot/include/image.h]). What no kernel can use is refused: a
// kernel, a tree, a program, text, zeroes, a uImage of anything else. What nobody recognises may be
// a file system, and is taken with a warning, as is what lies behind the end of a uImage's content:
// U-Boot leaves it out, too [u-boot/boot/image-fdt.c, image_get_data_size]. What is behind the
// start is for handoff/unpack: uimage_sums.hpp, frames.hpp, measure.hpp. Errors (stage image):
// INITRD_UNKNOWN (subject: the file and what it looks like), IMAGE_TRUNCATED (a uImage whose header
// promises more).
base::Result<InitrdPart> find_initrd(base::ByteView start, std::uint64_t size_bytes,
                                     std::string_view name);

}  // namespace hyprelay::handoff
