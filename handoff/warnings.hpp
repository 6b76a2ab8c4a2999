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

// Those of devices that the running kernel leaves at work, one for each kind, a few of them by
// their names. For a handoff: the memory of a crash kernel is none that a device was given.
std::vector<std::string> busy_warnings(const Machine& machine);

// The one of Planned::warnings that says that the crash region is smaller than needed_bytes;
// nullopt: it is not, or nobody can tell.
std::optional<std::string> region_warning(const Planned& planned);

// The one that says that the crash kernel will have no /proc/vmcore; nullopt: it may have one.
std::optional<std::string> vmcore_warning(const Planned& planned);

}  // namespace hyprelay::handoff
