// SPDX-License-Identifier: BSD-2-Clause
// What will cost who hands over a kernel something, in sentences, each with its remedy. Pure.
#pragma once

#include "handoff/prepare.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hyprelay::handoff {

// All that a plan and its inputs tell. `line`: what the next kernel's tree will say.
std::vector<std::string> warnings_of(const Planned& planned,
                                     const std::optional<InitrdSize>& initrd,
                                     std::string_view line);

// The one of Planned::warnings that says that the crash region is smaller than needed_bytes;
// nullopt: it is not, or nobody can tell.
std::optional<std::string> region_warning(const Planned& planned);

// The one that says that the crash kernel will have no /proc/vmcore; nullopt: it may have one.
std::optional<std::string> vmcore_warning(const Planned& planned);

}  // namespace hyprelay::handoff
