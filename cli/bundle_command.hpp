// SPDX-License-Identifier: BSD-2-Clause
// The bundle command: a handoff as files, for a bootloader.
#pragma once

#include "base/result.hpp"
#include "cli/parser.hpp"

namespace hyprelay::cli {

// The machine is the one that the given tree describes. Errors: of every stage up to the seal, and
// FILE_UNWRITABLE.
base::Result<int> run_bundle(const Arguments& arguments);

}  // namespace hyprelay::cli
