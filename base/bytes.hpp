// SPDX-License-Identifier: BSD-2-Clause
// Views of bytes that somebody else owns, and reads from them that check their bounds.
// Environment: everywhere, also freestanding; no unaligned access is ever made.
#pragma once

#include "base/result.hpp"

#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace hyprelay::base {

using ByteView = std::span<const std::byte>;

// The same bytes, seen the other way.
inline std::string_view text_of(ByteView bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}
inline ByteView bytes_of(std::string_view text) {
  return std::as_bytes(std::span(text.data(), text.size()));
}

// The first line, taken off the text, without its newline. At the end: empty, as the text is.
inline std::string_view take_line(std::string_view& text) {
  const std::string_view line = text.substr(0, text.find('\n'));
  text.remove_prefix(line.size() + (line.size() < text.size() ? 1 : 0));
  return line;
}

// The bytes [offset, offset + size_bytes). OUT_OF_BOUNDS (at: offset, limit: size of the view).
inline Result<ByteView> slice(ByteView bytes, std::uint64_t offset, std::uint64_t size_bytes) {
  if (offset > bytes.size() || size_bytes > bytes.size() - offset) {
    return Error(Code::OUT_OF_BOUNDS, Stage::kFile).with_at(offset).with_limit(bytes.size());
  }
  return bytes.subspan(static_cast<std::size_t>(offset), static_cast<std::size_t>(size_bytes));
}

// An unsigned integer of the given byte order at an offset. OUT_OF_BOUNDS as slice.
template <std::unsigned_integral T>
Result<T> read(ByteView bytes, std::uint64_t offset, std::endian order) {
  HR_TRY(field, slice(bytes, offset, sizeof(T)));
  T value = 0;
  for (std::size_t i = 0; i < sizeof(T); ++i) {
    const std::size_t from = order == std::endian::little ? sizeof(T) - 1 - i : i;
    value = static_cast<T>(value << 8 | std::to_integer<T>(field[from]));
  }
  return value;
}

template <std::unsigned_integral T>
Result<T> read_le(ByteView bytes, std::uint64_t offset) {
  return read<T>(bytes, offset, std::endian::little);
}
template <std::unsigned_integral T>
Result<T> read_be(ByteView bytes, std::uint64_t offset) {
  return read<T>(bytes, offset, std::endian::big);
}

}  // namespace hyprelay::base
