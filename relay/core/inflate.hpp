// SPDX-License-Identifier: BSD-2-Clause
// A packed kernel, inflated to where it runs.
#pragma once

#include "abi/hr_abi.h"
#include "base/bytes.hpp"

#include <span>

namespace hyprelay::relay {

// Inflates what the baton's fields, which are checked, say; the block's digest was right. `cached`:
// the MMU is on, and the place is mapped to be written. False: the block does not inflate to just
// those bytes. Writes nothing but those; they are at the PoC then.
bool inflate_kernel(const hr_baton& baton, bool cached);

// Of arm/ and arm64/: base/lz4_block.hpp in chunks at any address, of Normal memory alone, and on
// arm by SIMD, which is let in.
bool inflate_wide(base::ByteView block, std::span<std::byte> out);

}  // namespace hyprelay::relay
