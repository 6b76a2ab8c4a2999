// SPDX-License-Identifier: BSD-2-Clause
// Numbers and bytes as text, one way for every message, option and file. Environment: hosted.
#pragma once

#include "base/address.hpp"
#include "base/bytes.hpp"

#include <concepts>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

namespace hyprelay::base {

// "812 B", "5.4 MiB": for people, up to TiB.
std::string size_text(std::uint64_t bytes);
// "812 B", "960 KiB", "65536 MiB": whole units, rounded so that what is needed never looks as small
// as what is there.
enum class Round : std::uint8_t { kUp, kDown };
std::string size_text(std::uint64_t bytes, Round round);
// "0x40000000"
std::string hex(std::uint64_t number);
std::string hex(PhysAddr address);
// Two digits for each byte: "00ff1c".
std::string hex_bytes(ByteView bytes);
// The digits in front of the text, of base 10 or 16, taken off it. nullopt, and nothing is taken:
// there are none, or they need more than 64 bits.
std::optional<std::uint64_t> take_number(std::string_view& text, int base = 10);
// Decimal, or hexadecimal behind "0x", to the end of the text; nullopt for anything else, and for
// what is more than `most`.
template <std::unsigned_integral T = std::uint64_t>
std::optional<T> parse_number(std::string_view text, T most = std::numeric_limits<T>::max()) {
  const bool hexadecimal = text.starts_with("0x");
  text.remove_prefix(hexadecimal ? 2 : 0);
  const auto number = take_number(text, hexadecimal ? 16 : 10);
  return number && text.empty() && *number <= most ? std::optional(static_cast<T>(*number))
                                                   : std::nullopt;
}

// An amount of memory as command lines of Linux and QEMU name it, to the end of the text: a number
// as parse_number() reads it and K, M or G, great or small, for powers of 1024; without a letter it
// counts `plain_unit` bytes. nullopt for anything else, and for what is more than 64 bits hold.
std::optional<std::uint64_t> parse_size(std::string_view text, std::uint64_t plain_unit = 1);

}  // namespace hyprelay::base
