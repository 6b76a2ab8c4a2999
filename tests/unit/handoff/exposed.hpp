// SPDX-License-Identifier: BSD-2-Clause
// Whether a text gives a secret away, in whatever form: found by decoding what may be encoded, and
// not by encoding what is looked for, as handoff/secrets.cpp does.
#pragma once

#include <algorithm>
#include <cctype>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hyprelay::test {

inline std::optional<unsigned> base64_digit(char c) {
  if (c >= 'A' && c <= 'Z') {
    return c - 'A';
  }
  if (c >= 'a' && c <= 'z') {
    return c - 'a' + 26;
  }
  if (c >= '0' && c <= '9') {
    return c - '0' + 52;
  }
  return c == '+' ? std::optional(62u) : c == '/' ? std::optional(63u) : std::nullopt;
}

// Every run of base64 digits, decoded from each of the four places where it may begin.
inline std::string base64_decoded(std::string_view text) {
  std::string all;
  for (std::size_t start = 0; start < 4; ++start) {
    std::uint32_t bits = 0;
    unsigned count = 0;
    std::size_t run = 0;
    for (const char c : text) {
      const auto digit = base64_digit(c);
      run = digit ? run + 1 : 0;
      if (run <= start) {
        bits = count = 0;
        all += '\n';
        continue;
      }
      bits = bits << 6 | *digit;
      count += 6;
      if (count >= 8) {
        count -= 8;
        all += static_cast<char>(bits >> count);
      }
    }
  }
  return all;
}

inline std::string letters_made_small(std::string_view text) {
  std::string small(text);
  std::ranges::transform(small, small.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return small;
}

// Every pair of hexadecimal digits as a byte, whatever of ' ', ':', '-', ',', '<', '>' and "0x"
// stands between the digits; from the first and from the second digit on.
inline std::string hex_decoded(std::string_view text) {
  std::string digits;
  const std::string small = letters_made_small(text);
  for (std::size_t at = 0; at < small.size(); ++at) {
    if (small.compare(at, 2, "0x") == 0) {
      ++at;
    } else if (std::string_view(" :-,<>\n").find(small[at]) == std::string_view::npos) {
      digits += small[at];
    }
  }
  std::string all;
  const auto value = [](char c) { return c <= '9' ? c - '0' : c - 'a' + 10; };
  for (std::size_t start = 0; start < 2; ++start) {
    for (std::size_t at = start; at + 1 < digits.size(); at += 2) {
      const bool both = std::isxdigit(static_cast<unsigned char>(digits[at])) != 0 &&
                        std::isxdigit(static_cast<unsigned char>(digits[at + 1])) != 0;
      all += both ? static_cast<char>(value(digits[at]) << 4 | value(digits[at + 1])) : '\n';
    }
    all += '\n';
  }
  return all;
}

// The form in which the bytes are there; empty: in none.
inline std::string exposed_as(std::string_view text, std::string_view secret) {
  const std::string backwards(secret.rbegin(), secret.rend());
  for (const std::string& bytes : {std::string(secret), backwards}) {
    const std::string name = bytes == secret ? "" : " of the reversed bytes";
    if (letters_made_small(text).find(letters_made_small(bytes)) != std::string::npos) {
      return "text" + name;
    }
    const std::string decoded = base64_decoded(text);
    if (letters_made_small(decoded).find(letters_made_small(bytes)) != std::string::npos) {
      return "base64" + name;
    }
    if (hex_decoded(text).find(bytes) != std::string::npos) {
      return "hexadecimal" + name;
    }
    if (hex_decoded(decoded).find(bytes) != std::string::npos) {
      return "hexadecimal in base64" + name;
    }
  }
  return "";
}

}  // namespace hyprelay::test
