// SPDX-License-Identifier: BSD-2-Clause
// Cutting text without what a freestanding program lacks: memchr, and the exception of substr.
#pragma once

#include <cstddef>
#include <string_view>

namespace hyprelay::hyp_check {

constexpr std::size_t length_before(std::string_view text, char end) {
  std::size_t length = 0;
  while (length < text.size() && text[length] != end) {
    ++length;
  }
  return length;
}

// Up to the first `end`, or all of it.
constexpr std::string_view before(std::string_view text, char end) {
  return {text.data(), length_before(text, end)};
}

// Behind the first `end`, or nothing.
constexpr std::string_view after(std::string_view text, char end) {
  const std::size_t length = length_before(text, end);
  text.remove_prefix(length == text.size() ? length : length + 1);
  return text;
}

constexpr bool has_char(std::string_view text, char c) {
  return length_before(text, c) != text.size();
}

}  // namespace hyprelay::hyp_check
