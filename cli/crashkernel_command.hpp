// SPDX-License-Identifier: BSD-2-Clause
// hyprelay crashkernel.
#pragma once

#include "base/result.hpp"
#include "cli/parser.hpp"
#include "handoff/crash.hpp"

#include <optional>
#include <string>

namespace hyprelay::cli {

// Prints how large a region the kernel and initrd want. Errors: FILE_*, IMAGE_*, MACHINE_*, PLAN_*.
base::Result<int> run_crashkernel(const Arguments& arguments);

// The same as a value, for a machine in a file or the running one.
base::Result<handoff::CrashSize> estimate_size(const std::string& kernel,
                                               const std::optional<std::string>& initrd,
                                               const std::optional<std::string>& machine);

}  // namespace hyprelay::cli
