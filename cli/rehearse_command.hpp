// SPDX-License-Identifier: BSD-2-Clause
// The rehearse command; two builds of it: rehearse_command.cpp where QEMU can run, and
// rehearse_missing.cpp for boards.
#pragma once

#include "base/result.hpp"
#include "cli/parser.hpp"

namespace hyprelay::cli {

base::Result<int> run_rehearse(const Arguments& arguments);

}  // namespace hyprelay::cli
