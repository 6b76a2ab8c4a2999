// SPDX-License-Identifier: BSD-2-Clause
// Numbers and bytes as text, one way for every message, option and file. Environment: hosted.
#pragma once

#include "base/address.hpp"
#include "base/bytes.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hyprelay::base {

// "0x40000000"
std::string hex(std::uint64_t number);
std::string hex(PhysAddr address);
// Two digits for each byte: "00ff1c".
std::string hex_bytes(ByteView bytes);
// Decimal, or hexadecimal behind "0x", to the end of the text; nullopt for anything else, and for
// what needs more than 64 bits.
std::optional<std::uint64_t> parse_number(std::string_view text);

}  // namespace hyprelay::base
