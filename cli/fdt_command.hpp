// SPDX-License-Identifier: BSD-2-Clause
// hyprelay fdt: device trees as files, on any host.
#pragma once

#include "base/result.hpp"
#include "cli/parser.hpp"

namespace hyprelay::cli {

// show, diff, patch and merge. The value of diff is HR_EXIT_DIFFERENT when the trees differ.
// Errors: USAGE, FILE_*, TREE_*, OVERLAY_*, EDIT_*.
base::Result<int> run_fdt(const Arguments& arguments);

}  // namespace hyprelay::cli
