// SPDX-License-Identifier: BSD-2-Clause
#include "handoff/unpack/pack.hpp"

#include <lz4.h>

#include <algorithm>
#include <utility>

namespace hyprelay::handoff {
namespace {

constexpr std::size_t kRun = 15;
constexpr std::size_t kRunGoesOn = 255;
constexpr std::size_t kLeastMatch = 4;

// Of matches that are shorter the relay would have more instructions than the old kernel of their
// bytes: they become literals. docs/decisions/0007-what-travels.md has what other bounds cost.
constexpr std::size_t kWorthwhile = 8;

std::size_t take_length(const std::byte*& in, std::size_t length) {
  if (length == kRun) {
    std::size_t more = kRunGoesOn;
    while (more == kRunGoesOn) {
      more = std::to_integer<std::size_t>(*in++);
      length += more;
    }
  }
  return length;
}

void put_length(std::vector<std::byte>& out, std::size_t length) {
  if (length < kRun) {
    return;
  }
  for (length -= kRun; length >= kRunGoesOn; length -= kRunGoesOn) {
    out.push_back(static_cast<std::byte>(kRunGoesOn));
  }
  out.push_back(static_cast<std::byte>(length));
}

// A token, and the literals behind it.
void put_literals(std::vector<std::byte>& out, base::ByteView literals, std::size_t match) {
  out.push_back(
      static_cast<std::byte>(std::min(literals.size(), kRun) << 4 | std::min(match, kRun)));
  put_length(out, literals.size());
  out.insert(out.end(), literals.begin(), literals.end());
}

// `block` is liblz4's, of `content`: it is whole.
std::vector<std::byte> without_short_matches(base::ByteView block, base::ByteView content) {
  std::vector<std::byte> out;
  out.reserve(block.size() + block.size() / 4);
  const std::byte* in = block.data();
  const std::byte* const end = in + block.size();
  std::size_t at = 0;       // of the content
  std::size_t literal = 0;  // where those begin that were not written yet
  while (in != end) {
    const auto token = std::to_integer<std::size_t>(*in++);
    const std::size_t literal_bytes = take_length(in, token >> 4);
    in += literal_bytes;
    at += literal_bytes;
    if (in == end) {
      break;
    }
    const std::byte* const offset = in;
    in += 2;
    const std::size_t match = take_length(in, token & kRun);
    if (match + kLeastMatch >= kWorthwhile) {
      put_literals(out, content.subspan(literal, at - literal), match);
      out.insert(out.end(), offset, offset + 2);
      put_length(out, match);
      literal = at + match + kLeastMatch;
    }
    at += match + kLeastMatch;
  }
  put_literals(out, content.subspan(literal), 0);
  return out;
}

}  // namespace

std::vector<std::byte> pack_lz4(base::ByteView bytes) {
  if (bytes.size() > LZ4_MAX_INPUT_SIZE) {
    return {};
  }
  std::vector<std::byte> packed(bytes.size());
  const int size = LZ4_compress_default(
      reinterpret_cast<const char*>(bytes.data()), reinterpret_cast<char*>(packed.data()),
      static_cast<int>(bytes.size()), static_cast<int>(packed.size()));
  packed.resize(size > 0 ? static_cast<std::size_t>(size) : 0);
  if (!packed.empty()) {
    packed = without_short_matches(packed, bytes);
  }
  // Shorter, or it is not worth it.
  return packed.size() < bytes.size() ? std::move(packed) : std::vector<std::byte>();
}

}  // namespace hyprelay::handoff
