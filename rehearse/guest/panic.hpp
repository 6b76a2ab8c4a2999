// SPDX-License-Identifier: BSD-2-Clause
// A panic on purpose, and a page of ordinary memory that the dump must show as it was.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hyprelay::rehearse::guest {

struct Marker {
  std::uint64_t physical = 0;
  // Letters and digits, fresh every time.
  std::string token;
};

// Fills a page of this process with a token and finds out where it lies in physical memory
// [linux/Documentation/admin-guide/mm/pagemap.rst]. The page stays until the process ends. nullopt
// when the kernel does not tell.
std::optional<Marker> plant_marker();
// The page's whole content.
std::string marker_page(std::string_view token);

// "hyprelay-rehearse.marker=0x...,token" for the crash kernel's command line, and back.
std::string marker_parameter(const Marker& marker);
std::optional<Marker> marker_of(std::string_view command_line);

// From here on this process and those that it starts run on that CPU.
void stay_on(unsigned cpu);
// Panics by sysrq. Returns only when the kernel refused.
void panic_now();

}  // namespace hyprelay::rehearse::guest
