// SPDX-License-Identifier: BSD-2-Clause
// hyprelay crashkernel.
#pragma once

#include "base/result.hpp"
#include "cli/parser.hpp"
#include "cli/request.hpp"
#include "handoff/crash.hpp"

namespace hyprelay::cli {

// Prints how large a region the kernel and initrd want. Errors: FILE_*, IMAGE_*, MACHINE_*, PLAN_*.
base::Result<int> run_crashkernel(const Arguments& arguments);

// The same as a value. What counts of the machine is that of a file, of the running one when it is
// of the kernel's architecture, or what is usual.
base::Result<handoff::CrashSize> estimate_size(const Request& request);

}  // namespace hyprelay::cli
