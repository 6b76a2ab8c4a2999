// SPDX-License-Identifier: BSD-2-Clause
// A page of ordinary memory that a dump must show as it was: what it holds, and how the crash
// kernel is told where it lies. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hyprelay::rehearse {

struct Marker {
  std::uint64_t physical = 0;
  // Letters and digits, fresh every time.
  std::string token;
};

// The page's whole content.
std::string marker_page(std::string_view token);

// "hyprelay-rehearse.marker=0x...,token" for the crash kernel's command line, and back.
std::string marker_parameter(const Marker& marker);
std::optional<Marker> marker_of(std::string_view command_line);

}  // namespace hyprelay::rehearse
