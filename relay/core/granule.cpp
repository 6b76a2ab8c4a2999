// SPDX-License-Identifier: BSD-2-Clause
#include "relay/core/granule.hpp"

namespace hyprelay::relay {

std::uint32_t page_bytes_of_image(base::ByteView image) {
  constexpr std::size_t kHeaderBytes = 64;
  constexpr std::size_t kFlags = 24;
  constexpr std::size_t kMagic = 56;
  constexpr std::uint32_t kArm64 = 0x644d5241;  // "ARM\x64"
  if (image.size() < kHeaderBytes) {
    return 0;
  }
  // Little endian, also of a kernel that is not [linux/arm64/booting section 4].
  const auto magic = base::read_le<std::uint32_t>(image, kMagic);
  const auto flags = base::read_le<std::uint32_t>(image, kFlags);
  if (!magic || !flags || magic.value() != kArm64) {
    return 0;
  }
  switch (flags.value() >> 1 & 3) {
    case 1:
      return 0x1000;
    case 2:
      return 0x4000;
    case 3:
      return 0x10000;
    default:
      return 0;
  }
}

bool has_pages(std::uint64_t mmfr0, std::uint32_t page_bytes) {
  switch (page_bytes) {
    case 0x1000:
      return (mmfr0 >> 28 & 15) < 8;  // signed: 15 is none
    case 0x4000:
      return (mmfr0 >> 20 & 15) != 0;
    case 0x10000:
      return (mmfr0 >> 24 & 15) < 8;
    default:
      return true;
  }
}

}  // namespace hyprelay::relay
