// SPDX-License-Identifier: BSD-2-Clause
// The decoder of lz4_block.hpp, by several ways to copy. Private to base, to relay/arm and
// relay/arm64, and to tests.
#pragma once

#include "base/bytes.hpp"

#include <cstddef>
#include <cstdint>
#include <span>

namespace hyprelay::base::lz4 {

constexpr std::size_t kRunLength = 15;   // in a token: more bytes of the length follow
constexpr std::size_t kRunGoesOn = 255;  // in such a byte: one more follows
constexpr std::size_t kLeastMatch = 4;
constexpr std::size_t kChunk = 16;
constexpr std::size_t kOffsetBytes = 2;
constexpr std::size_t kFarthest = 0xffff;
// No sequence whose lengths have at most one byte more takes as much in front, or gives as much
// behind, though it is copied in chunks.
constexpr std::size_t kShortIn = 2 + kRunLength + kRunGoesOn + kChunk + kOffsetBytes + 1;
constexpr std::size_t kShortOut = 2 * (kRunLength + kRunGoesOn + kChunk) + kLeastMatch;

// Unaligned words: where that is allowed.
struct ByWords {
  static constexpr bool kWide = true;
  struct [[gnu::packed, gnu::may_alias]] Chunk {
    std::uint64_t words[2];
  };
  struct [[gnu::packed, gnu::may_alias]] Half {
    std::uint16_t value;
  };
  static void chunk(std::byte* to, const std::byte* from) {
    *reinterpret_cast<Chunk*>(to) = *reinterpret_cast<const Chunk*>(from);
  }
  static void pair(std::byte* to, const std::byte* from) {
    *reinterpret_cast<Half*>(to) = *reinterpret_cast<const Half*>(from);
  }
  // Every CPU that this runs on is little endian.
  static std::size_t half(const std::byte* from) {
    return reinterpret_cast<const Half*>(from)->value;
  }
};
static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__);

// `Copy` has chunk(to, from): 16 bytes, pair(to, from): 2 bytes, half(from): 16 bits, little
// endian, and kWide: whether it is faster than bytes.
template <class Copy>
class Inflation {
 public:
  Inflation(ByteView block, std::span<std::byte> out)
      : in_(block.data()),
        in_end_(block.data() + block.size()),
        to_(out.data()),
        begin_(out.data()),
        end_(out.data() + out.size()) {}

  bool run() {
    for (;;) {
      std::size_t length = 0;
      bool at_match = false;
      if constexpr (Copy::kWide) {
        at_match = short_sequences(length);
      }
      if (!at_match) {
        if (in_ == in_end_) {
          return false;
        }
        const auto token = std::to_integer<std::size_t>(*in_++);
        if (!literals(token >> 4)) {
          return false;
        }
        // The last sequence has no match.
        if (in_ == in_end_) {
          return to_ == end_;
        }
        length = token & kRunLength;
      }
      if (!match(length)) {
        return false;
      }
    }
  }

 private:
  static void chunks(std::byte* to, const std::byte* from, std::size_t bytes) {
    for (std::byte* const end = to + bytes; to < end; to += kChunk, from += kChunk) {
      Copy::chunk(to, from);
    }
  }

  // As many sequences as are short and far from every end, where no bound is near: that is nearly
  // all of them, and each instruction here is one for some 20 bytes. True: one whose match is not
  // short is left at its offset, with its token's `length`; false: at its token.
  bool short_sequences(std::size_t& length) {
    if (static_cast<std::size_t>(in_end_ - in_) <= kShortIn ||
        static_cast<std::size_t>(end_ - to_) <= kShortOut ||
        static_cast<std::size_t>(to_ - begin_) < kFarthest) {
      return false;
    }
    const std::byte* in = in_;
    std::byte* to = to_;
    const std::byte* const in_safe = in_end_ - kShortIn;
    const std::byte* const to_safe = end_ - kShortOut;
    bool has_match = false;
    while (in < in_safe && to < to_safe) {
      const auto token = std::to_integer<std::size_t>(*in++);
      std::size_t literal_bytes = token >> 4;
      Copy::chunk(to, in);
      if (literal_bytes == kRunLength) {
        const auto more = std::to_integer<std::size_t>(*in);
        if (more == kRunGoesOn) {
          --in;
          break;
        }
        ++in;
        literal_bytes += more;
        chunks(to, in, literal_bytes);
      }
      to += literal_bytes;
      const std::size_t distance = Copy::half(in + literal_bytes);
      in += literal_bytes;
      length = token & kRunLength;
      if (distance < kChunk) {
        has_match = true;
        break;
      }
      const std::byte* const from = to - distance;
      Copy::chunk(to, from);
      if (length == kRunLength) {
        const auto more = std::to_integer<std::size_t>(in[kOffsetBytes]);
        if (more == kRunGoesOn) {
          has_match = true;
          break;
        }
        ++in;
        length += more;
        chunks(to + kChunk, from + kChunk, length + kLeastMatch - kChunk);
      } else {
        Copy::pair(to + kChunk, from + kChunk);
      }
      in += kOffsetBytes;
      to += kLeastMatch + length;
    }
    in_ = in;
    to_ = to;
    return has_match;
  }

  // Adds the bytes behind a token's 15. False: the block ends in them, or what they say is more
  // than any memory.
  bool run_length(std::size_t& length) {
    std::size_t more = kRunGoesOn;
    while (more == kRunGoesOn) {
      if (in_ == in_end_ || length > SIZE_MAX / 2) {
        return false;
      }
      more = std::to_integer<std::size_t>(*in_++);
      length += more;
    }
    return true;
  }

  bool literals(std::size_t length) {
    if (length == kRunLength && !run_length(length)) {
      return false;
    }
    if (length > static_cast<std::size_t>(in_end_ - in_) ||
        length > static_cast<std::size_t>(end_ - to_)) {
      return false;
    }
    const std::byte* from = in_;
    in_ += length;
    copy(from, length, static_cast<std::size_t>(in_end_ - from), kChunk);
    return true;
  }

  bool match(std::size_t length) {
    if (static_cast<std::size_t>(in_end_ - in_) < kOffsetBytes) {
      return false;
    }
    const std::size_t distance =
        std::to_integer<std::size_t>(in_[0]) | std::to_integer<std::size_t>(in_[1]) << 8;
    in_ += kOffsetBytes;
    if (distance == 0 || distance > static_cast<std::size_t>(to_ - begin_)) {
      return false;
    }
    if (length == kRunLength && !run_length(length)) {
      return false;
    }
    length += kLeastMatch;
    if (length > static_cast<std::size_t>(end_ - to_)) {
      return false;
    }
    copy(to_ - distance, length, static_cast<std::size_t>(end_ - to_), distance);
    return true;
  }

  // `length` bytes to to_, which there is room for. In chunks as long as `readable` bytes and the
  // room are more, and what is read was written before the chunk, `distance` bytes back.
  void copy(const std::byte* from, std::size_t length, std::size_t readable, std::size_t distance) {
    std::byte* to = to_;
    to_ += length;
    if constexpr (Copy::kWide) {
      const std::size_t room = static_cast<std::size_t>(end_ - to);
      if (length + kChunk <= room && length + kChunk <= readable) {
        // A period of less than a chunk is made longer by copies of itself.
        while (distance < kChunk && length >= distance) {
          for (std::size_t i = 0; i < distance; ++i) {
            to[i] = from[i];
          }
          to += distance;
          length -= distance;
          distance *= 2;
        }
        if (distance >= kChunk) {
          chunks(to, from, length);
          return;
        }
      }
    }
    for (std::size_t i = 0; i < length; ++i) {
      to[i] = from[i];
    }
  }

  const std::byte* in_;
  const std::byte* in_end_;
  std::byte* to_;
  std::byte* begin_;
  std::byte* end_;
};

}  // namespace hyprelay::base::lz4
