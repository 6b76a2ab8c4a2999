// SPDX-License-Identifier: BSD-2-Clause
// One block of LZ4 [github.com/lz4/lz4 doc/lz4_Block_format.md]: what a kernel travels as where the
// old kernel copies with caches off. Freestanding: the relay inflates with this, and the loader
// tries it on what it made.
#pragma once

#include "base/bytes.hpp"

#include <span>

namespace hyprelay::base {

// All of these: true, the block is whole and has filled `out` to its last byte. False, it is
// damaged, or of another size; `out` then holds anything. Nothing outside of the two is read or
// written. They may not overlap.
//
// Byte by byte: where an address that is not a multiple of a word's size faults.
bool lz4_inflate_bytes(ByteView block, std::span<std::byte> out);

// 16 bytes at once, at any address: for programs of a kernel. The relay has its own of the same
// code (relay/core/inflate.hpp).
bool lz4_inflate_wide(ByteView block, std::span<std::byte> out);

}  // namespace hyprelay::base
