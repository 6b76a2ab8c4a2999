// SPDX-License-Identifier: BSD-2-Clause
// Files that are written.
#pragma once

#include "base/result.hpp"

#include <sys/types.h>

#include <string>
#include <string_view>

namespace hyprelay::os {

// A file of that content, with at most these permissions, less the umask; one that is there already
// keeps no more of its own, before there is content in it. Errors (stage file, subject: the path):
// FILE_UNWRITABLE.
base::Result<void> write_file(const std::string& path, std::string_view content, mode_t most);

}  // namespace hyprelay::os
