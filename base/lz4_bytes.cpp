// SPDX-License-Identifier: BSD-2-Clause
#include "base/lz4_block.hpp"
#include "base/lz4_inflate.hpp"

namespace hyprelay::base {
namespace {

struct ByBytes {
  static constexpr bool kWide = false;
};

}  // namespace

bool lz4_inflate_bytes(ByteView block, std::span<std::byte> out) {
  return lz4::Inflation<ByBytes>(block, out).run();
}

}  // namespace hyprelay::base
