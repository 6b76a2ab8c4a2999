// SPDX-License-Identifier: BSD-2-Clause
#include "handoff/unpack/pack.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>

namespace hyprelay::handoff {
namespace {

constexpr std::size_t kRun = 15;
constexpr std::size_t kRunGoesOn = 255;
constexpr std::size_t kLeastMatch = 4;
constexpr std::size_t kFarthest = 0xffff;
// No match begins so near to the end, nor ends nearer than the other [github.com/lz4/lz4
// doc/lz4_Block_format.md, End of block conditions]; the first is 12 there, and here enough to look
// at words ahead.
constexpr std::size_t kNoMatchBegins = 20;
constexpr std::size_t kNoMatchEnds = 5;

// Of matches that are shorter the relay would have more instructions than the old kernel of their
// bytes: they become literals. docs/decisions/0007-what-travels.md has what other bounds cost.
constexpr std::size_t kWorthwhile = 8;

constexpr std::size_t kWord = 4;
constexpr unsigned kTableBits = 14;

std::uint32_t word_at(const std::byte* at) {
  std::uint32_t word = 0;
  std::memcpy(&word, at, sizeof(word));
  return word;
}

// Where eight bytes were seen last, by a hash of their two words. The factors are XXH32's primes
// [xxhash/doc/xxhash_spec.md]: odd, and their highest bits differ.
std::size_t place_of(std::uint32_t first, std::uint32_t second) {
  return (first * 0x9e3779b1U + second * 0x85ebca77U) >> (32 - kTableBits);
}

// The block grows by pieces, so that no memory is touched that it does not need in the end.
class Block {
 public:
  explicit Block(std::size_t most_bytes) { bytes_.reserve(most_bytes); }

  // A token, the literals behind it, and the match that follows them but for its offset.
  void literals(base::ByteView some, std::size_t match) {
    put(static_cast<std::byte>(std::min(some.size(), kRun) << 4 | std::min(match, kRun)));
    length(some.size());
    if (some.size() > piece_.size() / 2) {
      flush();
      bytes_.insert(bytes_.end(), some.begin(), some.end());
      return;
    }
    std::memcpy(&piece_[used_], some.data(), some.size());
    used_ += some.size();
  }
  void match(std::size_t distance, std::size_t match) {
    put(static_cast<std::byte>(distance));
    put(static_cast<std::byte>(distance >> 8));
    length(match);
    // Room for all that is put before the next literals are, and those.
    if (used_ > piece_.size() / 4) {
      flush();
    }
  }
  std::vector<std::byte> take() {
    flush();
    return std::move(bytes_);
  }

 private:
  void put(std::byte one) { piece_[used_++] = one; }
  void length(std::size_t length) {
    if (length < kRun) {
      return;
    }
    for (length -= kRun; length >= kRunGoesOn; length -= kRunGoesOn) {
      if (used_ >= piece_.size() / 4) {
        flush();
      }
      put(static_cast<std::byte>(kRunGoesOn));
    }
    put(static_cast<std::byte>(length));
  }
  void flush() {
    bytes_.insert(bytes_.end(), piece_.begin(),
                  piece_.begin() + static_cast<std::ptrdiff_t>(used_));
    used_ = 0;
  }

  std::vector<std::byte> bytes_;
  std::array<std::byte, 1 << 14> piece_;
  std::size_t used_ = 0;
};

struct Match {
  const std::byte* begin = nullptr;
  const std::byte* end = nullptr;  // null: there is none
  std::size_t distance = 0;
};

class Finder {
 public:
  // Of more than kNoMatchBegins bytes.
  explicit Finder(base::ByteView content)
      : begin_(content.data()),
        last_begin_(content.data() + content.size() - kNoMatchBegins),
        last_end_(content.data() + content.size() - kNoMatchEnds),
        seen_(std::size_t{1} << kTableBits) {}

  // The first that is worthwhile from `at` on, or reaches there; not before `literal`. Looked for
  // at every second word, among all: what of a kernel is worth it begins at a word, and is longer
  // than two.
  Match next(const std::byte* at, const std::byte* literal) {
    std::uint32_t* const seen = seen_.data();
    while (at < last_begin_) {
      const std::uint32_t first = word_at(at);
      const std::uint32_t second = word_at(at + kWord);
      std::uint32_t& place = seen[place_of(first, second)];
      const std::byte* const before = begin_ + place;
      place = static_cast<std::uint32_t>(at - begin_);
      if (word_at(before) != first) [[likely]] {
        seen[place_of(second, word_at(at + 2 * kWord))] =
            static_cast<std::uint32_t>(at + kWord - begin_);
        at += 2 * kWord;
        continue;
      }
      const auto distance = static_cast<std::size_t>(at - before);
      if (distance > kFarthest || word_at(before + kWord) != second) {
        at += kWord;
        continue;
      }
      const Match match = extended(at, distance, literal);
      if (match.end >= match.begin + kWorthwhile) {
        return match;
      }
      at = word_behind(match.end);
    }
    return {};
  }
  const std::byte* word_behind(const std::byte* at) const {
    return at + static_cast<std::size_t>(begin_ - at) % kWord;
  }

 private:
  // As far as it goes in both directions.
  Match extended(const std::byte* begin, std::size_t distance, const std::byte* literal) const {
    const std::byte* end = begin + 2 * kWord;
    while (end + 2 * kWord <= last_end_ && word_at(end) == word_at(end - distance) &&
           word_at(end + kWord) == word_at(end + kWord - distance)) {
      end += 2 * kWord;
    }
    while (end < last_end_ && *end == *(end - distance)) {
      ++end;
    }
    const std::byte* const first = std::max(literal, begin_ + distance);
    while (begin > first && begin[-1] == *(begin - 1 - distance)) {
      --begin;
    }
    return {begin, end, distance};
  }

  const std::byte* begin_;
  const std::byte* last_begin_;
  const std::byte* last_end_;
  std::vector<std::uint32_t> seen_;
};

}  // namespace

std::vector<std::byte> pack_lz4(base::ByteView bytes) {
  // The table's positions have 32 bits.
  if (bytes.size() <= 2 * kNoMatchBegins || bytes.size() > UINT32_MAX) {
    return {};
  }
  Finder finder(bytes);
  Block block(bytes.size());
  const std::byte* literal = bytes.data();
  const std::byte* const end = bytes.data() + bytes.size();
  Match match = finder.next(literal + kWord, literal);
  while (match.end != nullptr) {
    const auto more = static_cast<std::size_t>(match.end - match.begin) - kLeastMatch;
    block.literals({literal, match.begin}, more);
    block.match(match.distance, more);
    literal = match.end;
    match = finder.next(finder.word_behind(literal), literal);
  }
  block.literals({literal, end}, 0);
  std::vector<std::byte> packed = block.take();
  // Shorter, or it is not worth it.
  return packed.size() < bytes.size() ? std::move(packed) : std::vector<std::byte>();
}

}  // namespace hyprelay::handoff
