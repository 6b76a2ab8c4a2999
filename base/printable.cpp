// SPDX-License-Identifier: BSD-2-Clause
#include "base/printable.hpp"

#include <array>
#include <cstdio>

namespace hyprelay::base {
namespace {

// Bytes of the control character that the text begins with; 0: it begins with none.
std::size_t control_bytes(std::string_view text) {
  const auto first = static_cast<unsigned char>(text.front());
  if ((first < 0x20 && first != '\t') || first == 0x7f) {
    return 1;
  }
  const bool may_be_c1 = first == 0xc2 && text.size() > 1;
  const auto second = static_cast<unsigned char>(may_be_c1 ? text[1] : 0);
  return second >= 0x80 && second < 0xa0 ? 2 : 0;
}

}  // namespace

std::size_t find_control(std::string_view text) {
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (control_bytes(text.substr(at)) != 0) {
      return at;
    }
  }
  return std::string_view::npos;
}

std::string printable(std::string_view text, Lines lines) {
  std::string shown;
  shown.reserve(text.size());
  for (std::size_t at = find_control(text); at != std::string_view::npos; at = find_control(text)) {
    const std::size_t size = control_bytes(text.substr(at));
    shown.append(text.substr(0, at));
    if (lines == Lines::kMany && text[at] == '\n') {
      shown += text[at];
    } else {
      std::array<char, 8> escape{};
      const auto last = static_cast<unsigned char>(text[at + size - 1]);
      std::snprintf(escape.data(), escape.size(), "\\x%02x", static_cast<unsigned>(last));
      shown += escape.data();
    }
    text.remove_prefix(at + size);
  }
  return shown.append(text);
}

}  // namespace hyprelay::base
