// SPDX-License-Identifier: BSD-2-Clause
// The program hyprelay as hyprelay-kexec: the loader that boot menus, systemd and services for
// dumps call kexec.
#pragma once

#include "base/result.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace hyprelay::cli {

// Whether argv[0] names it: "/usr/sbin/hyprelay-kexec", or "kexec" where that is a link to it.
bool is_kexec_name(std::string_view program);

// `words` is argv without the program's name. The value is the exit code. Errors: USAGE,
// KEXEC_OPTION, and those of the commands that are run.
base::Result<int> run_kexec(const std::vector<std::string>& words);

}  // namespace hyprelay::cli
