// SPDX-License-Identifier: BSD-2-Clause
#include "base/lz4_inflate.hpp"
#include "relay/core/inflate.hpp"

namespace hyprelay::relay {
namespace {

// 16 bytes by SIMD: two instructions, where words would be eight. The compiler touches none of its
// registers here (cmake/freestanding.cmake), so that two of them are free.
struct BySimd {
  static constexpr bool kWide = true;
  static void chunk(std::byte* to, const std::byte* from) {
    asm volatile(
        ".fpu neon\n\t"
        "vld1.8 {d16-d17}, [%[from]]\n\t"
        "vst1.8 {d16-d17}, [%[to]]"
        :
        : [to] "r"(to), [from] "r"(from)
        : "memory");
  }
  static void pair(std::byte* to, const std::byte* from) { base::lz4::ByWords::pair(to, from); }
  static std::size_t half(const std::byte* from) { return base::lz4::ByWords::half(from); }
};

}  // namespace

bool inflate_wide(base::ByteView block, std::span<std::byte> out) {
  return base::lz4::Inflation<BySimd>(block, out).run();
}

}  // namespace hyprelay::relay
