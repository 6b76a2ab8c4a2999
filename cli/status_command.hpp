// SPDX-License-Identifier: BSD-2-Clause
// The status command: how the running kernel came up, and what is loaded.
#pragma once

#include "base/result.hpp"
#include "cli/parser.hpp"
#include "cli/print.hpp"
#include "handoff/linux/gather.hpp"

namespace hyprelay::cli {

// What a file that cannot be read would have told is left out, and said. Error: a record that is
// there and is none (MACHINE_MALFORMED, TREE_*).
base::Result<Status> read_status(const handoff::linux_host::Root& root);

// That nothing is loaded, and that another came before, are answers: HR_EXIT_OK.
base::Result<int> run_status(const Arguments& arguments);

}  // namespace hyprelay::cli
