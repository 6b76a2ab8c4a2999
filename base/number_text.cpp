// SPDX-License-Identifier: BSD-2-Clause
#include "base/number_text.hpp"

#include <array>
#include <charconv>
#include <cstdio>

namespace hyprelay::base {

std::string size_text(std::uint64_t bytes) {
  constexpr std::array<const char*, 4> kUnits = {"KiB", "MiB", "GiB", "TiB"};
  if (bytes < 1024) {
    return std::to_string(bytes) + " B";
  }
  double size = static_cast<double>(bytes) / 1024;
  std::size_t unit = 0;
  while (size >= 1024 && unit + 1 < kUnits.size()) {
    size /= 1024;
    ++unit;
  }
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.1f %s", size, kUnits[unit]);
  return text.data();
}

std::string size_text(std::uint64_t bytes, Round round) {
  constexpr std::uint64_t kKiB = 1024;
  constexpr std::uint64_t kMiB = 1024 * kKiB;
  const std::uint64_t unit = bytes < kKiB ? 1 : bytes < kMiB ? kKiB : kMiB;
  const bool more = round == Round::kUp && bytes % unit != 0;
  const char* const name = unit == 1 ? " B" : unit == kKiB ? " KiB" : " MiB";
  return std::to_string(bytes / unit + (more ? 1 : 0)) + name;
}

std::string hex(std::uint64_t number) {
  std::array<char, 19> text{};
  std::snprintf(text.data(), text.size(), "0x%llx", static_cast<unsigned long long>(number));
  return text.data();
}

std::string hex(PhysAddr address) {
  return hex(address.raw());
}

std::string hex_bytes(ByteView bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  text.reserve(2 * bytes.size());
  for (const std::byte b : bytes) {
    text += kDigits[std::to_integer<unsigned>(b) >> 4];
    text += kDigits[std::to_integer<unsigned>(b) & 15];
  }
  return text;
}

std::optional<std::uint64_t> take_number(std::string_view& text, int base) {
  std::uint64_t value = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (parsed.ec != std::errc()) {
    return std::nullopt;
  }
  text.remove_prefix(static_cast<std::size_t>(parsed.ptr - text.data()));
  return value;
}

std::optional<std::uint64_t> parse_size(std::string_view text, std::uint64_t plain_unit) {
  constexpr std::string_view kLetters = "kKmMgG";
  std::uint64_t unit = plain_unit;
  if (const std::size_t letter = text.empty() ? text.npos : kLetters.find(text.back());
      letter != text.npos) {
    unit = std::uint64_t{1} << (10 * (letter / 2 + 1));
    text.remove_suffix(1);
  }
  const auto number = parse_number(text);
  std::uint64_t bytes = 0;
  return number && !__builtin_mul_overflow(*number, unit, &bytes) ? std::optional(bytes)
                                                                  : std::nullopt;
}

}  // namespace hyprelay::base
