// SPDX-License-Identifier: BSD-2-Clause
// One block of LZ4 [github.com/lz4/lz4 doc/lz4_Block_format.md]: what a kernel travels as where the
// old kernel copies with caches off. The relay inflates it, freestanding; the loader compares what
// it made with what that stands for.
#pragma once

#include "base/bytes.hpp"

#include <span>

namespace hyprelay::base {

// True: the block is whole and has filled `out` to its last byte. False: it is damaged, or of
// another size; `out` then holds anything. Nothing outside of the two is read or written. They may
// not overlap. Byte by byte: where an address that is not a multiple of a word's size faults. What
// is faster is the relay's (relay/core/inflate.hpp).
bool lz4_inflate_bytes(ByteView block, std::span<std::byte> out);

// Whether the block is whole and stands for just that content, which is told without inflating it:
// literals are compared with the content, and each match with what the content has at its distance.
// For programs of a kernel: words at any address.
bool lz4_is_of(ByteView block, ByteView content);

}  // namespace hyprelay::base
