// SPDX-License-Identifier: BSD-2-Clause
// hyprelay hyp-check: the program for boards that this one carries, as a file.
#pragma once

#include "base/result.hpp"
#include "cli/parser.hpp"

namespace hyprelay::cli {

// Errors: FILE_UNWRITABLE, USAGE (no --arch where hyprelay itself runs on neither architecture).
base::Result<int> run_hyp_check(const Arguments& arguments);

}  // namespace hyprelay::cli
