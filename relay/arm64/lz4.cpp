// SPDX-License-Identifier: BSD-2-Clause
#include "base/lz4_inflate.hpp"
#include "relay/core/inflate.hpp"

namespace hyprelay::relay {

// Two registers of 64 bits are as good as one of SIMD.
bool inflate_wide(base::ByteView block, std::span<std::byte> out) {
  return base::lz4::Inflation<base::lz4::ByWords>(block, out).run();
}

}  // namespace hyprelay::relay
