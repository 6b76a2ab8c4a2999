// SPDX-License-Identifier: BSD-2-Clause
// What Linux can decompress an initrd with, by Debian's libraries; no code outside of
// this folder includes their headers. Environment: hosted.
#pragma once

#include "handoff/archive.hpp"

namespace hyprelay::handoff {

// An Unpack. No decoder takes more memory than kDecoderBytes, whatever the part says it needs.
constexpr std::uint64_t kDecoderBytes = std::uint64_t{256} << 20;
Unpacked unpack_part(Packing packing, base::ByteView packed, const TakeUnpacked& take);

}  // namespace hyprelay::handoff
