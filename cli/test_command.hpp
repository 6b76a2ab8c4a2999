// SPDX-License-Identifier: BSD-2-Clause
// hyprelay test.
#pragma once

#include "base/result.hpp"
#include "cli/parser.hpp"

namespace hyprelay::cli {

// Prints the checks, and with --really panics when all are well. The value is the exit code of the
// first one that is not. Errors: those of read_configuration; USAGE (nobody agreed),
// FILE_UNWRITABLE
// (/proc/sysrq-trigger).
base::Result<int> run_test(const Arguments& arguments);

}  // namespace hyprelay::cli
