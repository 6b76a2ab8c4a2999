// SPDX-License-Identifier: BSD-2-Clause
// The two checksums of a uImage, which U-Boot compares before it starts anything
// [u-boot/boot/image.c image_check_hcrc, image_check_dcrc]: CRC-32 of the header with zeroes in
// its own place, and of the content. Apart from hr_handoff, which needs no zlib.
#pragma once

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "handoff/initrd.hpp"

#include <string_view>

namespace hyprelay::handoff {

// `start`: the first bytes of a file that may be a uImage: what is none, or has not all of a
// header, is for find_initrd() to say. Error (stage image): INITRD_DAMAGED.
base::Result<void> check_uimage_header(base::ByteView start, std::string_view name);

// `content`: that of the part, which need not be of a uImage; `name` is the file's. 30 MiB take
// some 20 ms. Error (stage image): INITRD_DAMAGED.
base::Result<void> check_uimage_content(const InitrdPart& part, base::ByteView content,
                                        std::string_view name);

}  // namespace hyprelay::handoff
