// SPDX-License-Identifier: BSD-2-Clause
// Pieces of man pages.
#pragma once

#include <string>
#include <string_view>

namespace hyprelay::cli {

// roff: a backslash is an escape, a hyphen a typographic one unless escaped, and a dot or a quote
// at the start of a line a request.
std::string roff(std::string_view text);
std::string man_paragraphs(std::string_view text);
// The section on exit codes, of all programs that are this one.
std::string man_exit_status();

}  // namespace hyprelay::cli
