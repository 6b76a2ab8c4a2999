// SPDX-License-Identifier: BSD-2-Clause
// hyprelay crashkernel.
#pragma once

#include "base/result.hpp"
#include "cli/parser.hpp"

namespace hyprelay::cli {

// Prints how large a region the kernel and initrd want. Errors: FILE_*, IMAGE_*, MACHINE_*, PLAN_*.
base::Result<int> run_crashkernel(const Arguments& arguments);

}  // namespace hyprelay::cli
