// SPDX-License-Identifier: BSD-2-Clause
#include "base/lz4_block.hpp"
#include "base/lz4_inflate.hpp"

namespace hyprelay::base {

bool lz4_inflate_wide(ByteView block, std::span<std::byte> out) {
  return lz4::Inflation<lz4::ByWords>(block, out).run();
}

}  // namespace hyprelay::base
