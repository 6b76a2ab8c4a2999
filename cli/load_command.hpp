// SPDX-License-Identifier: BSD-2-Clause
// hyprelay load.
#pragma once

#include "base/result.hpp"
#include "cli/parser.hpp"

namespace hyprelay::cli {

// The kernel is asked first whether it takes one from this process; then as plan, and kexec_load.
// With --file kexec_file_load gets the files as they are, and whatever would need the relay or a
// tree of one's own is refused. Errors: those of every stage.
base::Result<int> run_load(const Arguments& arguments);

}  // namespace hyprelay::cli
