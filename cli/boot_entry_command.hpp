// SPDX-License-Identifier: BSD-2-Clause
// hyprelay boot-entry.
#pragma once

#include "base/result.hpp"
#include "cli/parser.hpp"

namespace hyprelay::cli {

// Errors: those of boot_menus().
base::Result<int> run_boot_entry(const Arguments& arguments);

}  // namespace hyprelay::cli
