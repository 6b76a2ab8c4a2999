// SPDX-License-Identifier: BSD-2-Clause
// Texts made from the option table.
#pragma once

#include "cli/options.hpp"

#include <optional>
#include <string>

namespace hyprelay::cli {

// What --help prints; without a command, the overview.
std::string help_text(std::optional<Command> command);
// hyprelay(8) in roff, man macros.
std::string man_page();
// For bash, to be sourced; needs nothing of the bash-completion package.
std::string bash_completion();

}  // namespace hyprelay::cli
