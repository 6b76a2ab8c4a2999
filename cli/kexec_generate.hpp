// SPDX-License-Identifier: BSD-2-Clause
// What is made from the rows of hyprelay-kexec.
#pragma once

#include <string>

namespace hyprelay::cli {

std::string kexec_help_text();
std::string kexec_man_page();
std::string kexec_bash_completion();
// The table of docs/hyprelay-kexec.md: option, what is done.
std::string kexec_table();

}  // namespace hyprelay::cli
