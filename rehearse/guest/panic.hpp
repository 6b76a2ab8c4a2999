// SPDX-License-Identifier: BSD-2-Clause
// A panic on purpose, and a page of ordinary memory that the dump must show as it was.
#pragma once

#include "rehearse/protocol/marker.hpp"

#include <optional>

namespace hyprelay::rehearse::guest {

// Fills a page of this process with a token and finds out where it lies in physical memory
// [linux/Documentation/admin-guide/mm/pagemap.rst]. The page stays until the process ends. nullopt
// when the kernel does not tell.
std::optional<Marker> plant_marker();

// From here on this process and those that it starts run on that CPU.
void stay_on(unsigned cpu);
// Panics by sysrq. Returns only when the kernel refused.
void panic_now();

}  // namespace hyprelay::rehearse::guest
