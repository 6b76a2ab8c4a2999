// SPDX-License-Identifier: BSD-2-Clause
// A digest of 128 bits that finds what happens by accident, and nothing that is done on purpose:
// multilinear hashing [Carter, Wegman 1979; Lemire, Kaser, "Strongly universal string hashing is
// fast", 2014], made for the multiply-and-accumulate of Advanced SIMD.
// docs/decisions/0006-digest.md says why, and what it promises.
//
// The message is lines of 64 bytes, the last one filled up with zeroes: 16 columns of little-endian
// words of 32 bits. Line n adds word j times kSha256Round[n mod 64] to accumulator j, which has 64
// bits; no word's change is a multiple of 2^64 then. After 64 lines, a block, each accumulator is
// stirred: a ^= a >> 47, and a *= kMultilinearPrime. At the end the accumulators and the size go
// through two chains of bijections, which give 64 bits each. Environment: everywhere, also
// freestanding; no allocation, no table that needs relocation.
#pragma once

#include "base/bytes.hpp"

#include <array>
#include <cstddef>
#include <cstdint>

namespace hyprelay::base {

using MultilinearDigest = std::array<std::byte, 16>;

inline constexpr std::size_t kMultilinearBlockBytes = 4096;
// Odd, so that nothing is lost: the one of XXH32 [xxhash/doc/xxhash_spec.md].
inline constexpr std::uint32_t kMultilinearPrime = 0x9e3779b1;

// Takes `blocks` consecutive blocks of kMultilinearBlockBytes, any alignment, into the
// accumulators, each with its stirring. `keys` is kSha256Round.
using MultilinearBlocks = void (*)(std::uint64_t accumulators[16], const std::byte* data,
                                   std::size_t blocks, const std::uint32_t keys[64]);

// In plain C++. An architecture may offer a faster one; both must leave the same accumulators.
[[gnu::visibility("hidden")]] void multilinear_blocks_portable(std::uint64_t accumulators[16],
                                                               const std::byte* data,
                                                               std::size_t blocks,
                                                               const std::uint32_t keys[64]);

// The digest of one contiguous message.
MultilinearDigest multilinear(ByteView bytes,
                              MultilinearBlocks take_blocks = multilinear_blocks_portable);

// The digest of these bytes with so many zeroes behind them, which are not read: they add nothing,
// so that only the stirring of their blocks is left.
MultilinearDigest multilinear_with_zeroes(
    ByteView bytes, std::uint64_t zeroes_behind,
    MultilinearBlocks take_blocks = multilinear_blocks_portable);

}  // namespace hyprelay::base
