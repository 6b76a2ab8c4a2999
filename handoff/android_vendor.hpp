// SPDX-License-Identifier: BSD-2-Clause
// Android's vendor_boot image. Private to handoff.
#pragma once

#include "handoff/container.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace hyprelay::handoff {

// A field of text, up to its first NUL.
std::string android_text(base::ByteView file, std::uint64_t at, std::uint64_t most_bytes);

// What it adds to a boot image of version 3 or 4 whose ramdisk that is: its ramdisks go in front of
// it, but those for recovery; its bootconfig goes behind, with the trailer that Linux looks for;
// its trees; its command line. `name` is the boot image's. Errors: IMAGE_VENDOR, IMAGE_TRUNCATED.
base::Result<void> add_vendor_boot(base::ByteView vendor, std::string_view name,
                                   base::ByteView ramdisk, Contained& held);

}  // namespace hyprelay::handoff
