// SPDX-License-Identifier: BSD-2-Clause
// hyprelay abi: the tables of abi/ that people look up.
#pragma once

#include "base/result.hpp"
#include "cli/parser.hpp"

namespace hyprelay::cli {

// Error: FILE_UNWRITABLE.
base::Result<int> run_abi(const Arguments& arguments);

}  // namespace hyprelay::cli
