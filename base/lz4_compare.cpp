// SPDX-License-Identifier: BSD-2-Clause
#include "base/lz4_block.hpp"

#include <cstdint>
#include <cstring>

namespace hyprelay::base {
namespace {

std::uint32_t difference(const std::byte* one, const std::byte* other) {
  std::uint32_t first = 0;
  std::uint32_t second = 0;
  std::memcpy(&first, one, sizeof(first));
  std::memcpy(&second, other, sizeof(second));
  return first ^ second;
}

// Not 0 where any of the bytes differ. The last words may be looked at twice: that is less than
// single bytes, of which there would be as many again. memcmp of some C libraries goes by bytes
// where the two lie differently within a word, as they mostly do here.
std::uint32_t difference_of(const std::byte* one, const std::byte* other, std::size_t size_bytes) {
  constexpr std::size_t kWord = 4;
  std::uint32_t differs = 0;
  if (size_bytes < kWord) {
    for (std::size_t i = 0; i < size_bytes; ++i) {
      differs |= std::to_integer<std::uint32_t>(one[i] ^ other[i]);
    }
    return differs;
  }
  const std::byte* const end = one + size_bytes;
  const std::byte* const other_end = other + size_bytes;
  if (size_bytes >= 4 * kWord) {
    for (const std::byte* const last = end - 4 * kWord; one < last;
         one += 4 * kWord, other += 4 * kWord) {
      differs |= difference(one, other) | difference(one + kWord, other + kWord) |
                 difference(one + 2 * kWord, other + 2 * kWord) |
                 difference(one + 3 * kWord, other + 3 * kWord);
    }
    differs |= difference(end - 4 * kWord, other_end - 4 * kWord) |
               difference(end - 3 * kWord, other_end - 3 * kWord);
  } else {
    differs |= difference(one, other);
    if (size_bytes > 2 * kWord) {
      differs |= difference(one + kWord, other + kWord);
    }
  }
  if (size_bytes > 2 * kWord) {
    differs |= difference(end - 2 * kWord, other_end - 2 * kWord);
  }
  return differs | difference(end - kWord, other_end - kWord);
}

// Adds the bytes behind a token's 15. False: the block ends in them, or it is more than `most`.
bool run_length(const std::byte*& in, const std::byte* end, std::size_t& length, std::size_t most) {
  constexpr std::size_t kRunGoesOn = 255;
  std::size_t more = kRunGoesOn;
  while (more == kRunGoesOn && length <= most) {
    if (in == end) {
      return false;
    }
    more = std::to_integer<std::size_t>(*in++);
    length += more;
  }
  return true;
}

}  // namespace

bool lz4_is_of(ByteView block, ByteView content) {
  constexpr std::size_t kRun = 15;
  constexpr std::size_t kLeastMatch = 4;
  const std::byte* in = block.data();
  const std::byte* const in_end = in + block.size();
  const std::byte* at = content.data();
  const std::byte* const end = at + content.size();
  std::uint32_t differs = 0;
  while (in != in_end) {
    const auto token = std::to_integer<std::size_t>(*in++);
    std::size_t length = token >> 4;
    auto room = static_cast<std::size_t>(end - at);
    if ((length == kRun && !run_length(in, in_end, length, room)) || length > room ||
        length > static_cast<std::size_t>(in_end - in)) {
      return false;
    }
    differs |= difference_of(in, at, length);
    in += length;
    at += length;
    if (in == in_end) {
      return at == end && differs == 0;
    }
    if (in_end - in < 2) {
      return false;
    }
    const std::size_t distance =
        std::to_integer<std::size_t>(in[0]) | std::to_integer<std::size_t>(in[1]) << 8;
    in += 2;
    length = token & kRun;
    room = static_cast<std::size_t>(end - at);
    if ((length == kRun && !run_length(in, in_end, length, room)) || length + kLeastMatch > room ||
        distance == 0 || distance > static_cast<std::size_t>(at - content.data())) {
      return false;
    }
    differs |= difference_of(at, at - distance, length + kLeastMatch);
    at += length + kLeastMatch;
  }
  return false;
}

}  // namespace hyprelay::base
