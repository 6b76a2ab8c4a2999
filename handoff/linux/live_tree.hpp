// SPDX-License-Identifier: BSD-2-Clause
// A flattened device tree from the directories and files of /proc/device-tree.
#pragma once

#include "base/result.hpp"
#include "fdt/tree.hpp"

#include <string>

namespace hyprelay::handoff::linux_host {

// One directory per node, one file per property. Errors: MACHINE_UNREADABLE (subject: the path),
// TREE_* of the edits. Memory reservations are not to be had this way.
base::Result<fdt::Tree> tree_from_directory(const std::string& path);

}  // namespace hyprelay::handoff::linux_host
