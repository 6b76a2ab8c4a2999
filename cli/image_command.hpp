// SPDX-License-Identifier: BSD-2-Clause
// hyprelay image: what a kernel's file is, what it needs, and why it would be refused.
#pragma once

#include "base/result.hpp"
#include "cli/parser.hpp"

namespace hyprelay::cli {

// A file that load would refuse is an answer: the value is load's exit code then. Errors: FILE_*,
// NO_MEMORY.
base::Result<int> run_image(const Arguments& arguments);

}  // namespace hyprelay::cli
