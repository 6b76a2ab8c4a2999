// SPDX-License-Identifier: BSD-2-Clause
// What each command does.
#pragma once

#include "base/result.hpp"
#include "cli/parser.hpp"

namespace hyprelay::cli {

// Runs the command and prints what it has to say on stdout. The value is an exit code of
// abi/exit.def: only rehearse has another one than OK, because a rehearsal that went wrong is an
// answer and not an Error.
base::Result<int> run(const Arguments& arguments);

// The whole program: parses, runs, prints the Error on stderr (and on stdout as JSON when --json
// was given), and returns the exit code.
int run_program(int argc, const char* const* argv);

}  // namespace hyprelay::cli
