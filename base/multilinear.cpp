// SPDX-License-Identifier: BSD-2-Clause
#include "base/multilinear.hpp"

#include "base/sha256.hpp"

#include <bit>

namespace hyprelay::base {
namespace {

constexpr std::size_t kColumns = 16;
constexpr std::size_t kLineBytes = 4 * kColumns;
constexpr std::size_t kBlockLines = kMultilinearBlockBytes / kLineBytes;

// Segments lie at page boundaries, so that the aligned load is the usual one; with strict alignment
// the other one is four loads of a byte.
std::uint32_t load_le32(const std::byte* from, bool aligned) {
  std::uint32_t word;
  if (aligned) {
    __builtin_memcpy(&word, __builtin_assume_aligned(from, 4), 4);
  } else {
    __builtin_memcpy(&word, from, 4);
  }
  return std::endian::native == std::endian::little ? word : __builtin_bswap32(word);
}

// Column by column, so that the accumulator stays in a register.
inline void take_lines(std::uint64_t accumulators[kColumns], const std::byte* data,
                       std::size_t lines, const std::uint32_t* keys, bool aligned) {
  for (std::size_t column = 0; column < kColumns; ++column) {
    std::uint64_t a = accumulators[column];
    const std::byte* word = data + 4 * column;
    for (std::size_t i = 0; i < lines; ++i, word += kLineBytes) {
      a += std::uint64_t{load_le32(word, aligned)} * keys[i];
    }
    accumulators[column] = a;
  }
}

bool is_aligned(const std::byte* data) {
  return reinterpret_cast<std::uintptr_t>(data) % 4 == 0;
}

void take_any_lines(std::uint64_t accumulators[kColumns], const std::byte* data,
                    std::size_t lines) {
  if (is_aligned(data)) {
    take_lines(accumulators, data, lines, kSha256Round, true);
  } else {
    take_lines(accumulators, data, lines, kSha256Round, false);
  }
}

// Two chains, each a bijection of the value for every state before: one value that differs is never
// lost. The constants are odd: those of SplitMix64 [Steele, Lea, Flood 2014] and XXH64.
struct Chains {
  std::uint64_t first = 0x9e3779b97f4a7c15;
  std::uint64_t second = 0xc2b2ae3d27d4eb4f;

  void take(std::uint64_t value) {
    first = (first ^ value) * 0xbf58476d1ce4e5b9;
    first ^= first >> 29;
    second = (std::rotl(second, 23) + value) * 0x9e3779b185ebca87;
    second ^= second >> 32;
  }
};

void stir(std::uint64_t accumulators[kColumns]) {
  for (std::size_t i = 0; i < kColumns; ++i) {
    accumulators[i] ^= accumulators[i] >> 47;
    accumulators[i] *= kMultilinearPrime;
  }
}

}  // namespace

void multilinear_blocks_portable(std::uint64_t accumulators[16], const std::byte* data,
                                 std::size_t blocks, const std::uint32_t keys[64]) {
  for (; blocks != 0; --blocks, data += kMultilinearBlockBytes) {
    if (is_aligned(data)) {
      take_lines(accumulators, data, kBlockLines, keys, true);
    } else {
      take_lines(accumulators, data, kBlockLines, keys, false);
    }
    stir(accumulators);
  }
}

MultilinearDigest multilinear(ByteView bytes, MultilinearBlocks take_blocks) {
  return multilinear_with_zeroes(bytes, 0, take_blocks);
}

MultilinearDigest multilinear_with_zeroes(ByteView bytes, std::uint64_t zeroes_behind,
                                          MultilinearBlocks take_blocks) {
  std::uint64_t accumulators[kColumns];
  for (std::size_t i = 0; i < kColumns; ++i) {
    // Not 0, which stirring would leave as it is.
    accumulators[i] = std::uint64_t{kSha256Round[i]} << 32 | kSha256Round[kColumns + i];
  }
  const std::size_t blocks = bytes.size() / kMultilinearBlockBytes;
  if (blocks != 0) {
    take_blocks(accumulators, bytes.data(), blocks, kSha256Round);
  }
  const ByteView rest = bytes.subspan(blocks * kMultilinearBlockBytes);
  const std::size_t lines = rest.size() / kLineBytes;
  take_any_lines(accumulators, rest.data(), lines);
  if (const ByteView part = rest.subspan(lines * kLineBytes); !part.empty()) {
    alignas(4) std::byte line[kLineBytes] = {};
    for (std::size_t i = 0; i < part.size(); ++i) {
      line[i] = part[i];
    }
    take_lines(accumulators, line, 1, kSha256Round + lines, true);
  }
  for (std::uint64_t left = (rest.size() + zeroes_behind) / kMultilinearBlockBytes; left != 0;
       --left) {
    stir(accumulators);
  }
  Chains chains;
  chains.take(bytes.size() + zeroes_behind);
  for (const std::uint64_t accumulator : accumulators) {
    chains.take(accumulator);
  }
  MultilinearDigest digest;
  for (unsigned i = 0; i < 8; ++i) {
    digest[i] = static_cast<std::byte>(chains.first >> (56 - 8 * i));
    digest[8 + i] = static_cast<std::byte>(chains.second >> (56 - 8 * i));
  }
  return digest;
}

}  // namespace hyprelay::base
