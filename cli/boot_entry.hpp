// SPDX-License-Identifier: BSD-2-Clause
// Entries of bootloaders as what is to be loaded.
#pragma once

#include "base/result.hpp"
#include "cli/parser.hpp"
#include "cli/request.hpp"
#include "handoff/linux/boot_menus.hpp"

#include <optional>
#include <string>
#include <vector>

namespace hyprelay::cli {

// Of the running system (nullopt), of the one below a folder, or of a file. Errors: those of
// find_boot_menus() and read_boot_menu().
base::Result<std::vector<handoff::linux_host::FoundMenu>> boot_menus(
    const handoff::linux_host::Root& root, const std::optional<std::string>& place);

// The running system, or what is asked of it below a folder.
handoff::linux_host::Root root_of_place(const std::optional<std::string>& place);

// --entry and --root: kernel, initrd, tree with its overlays and command line as the entry has
// them, but for what an option names; overlays of options come behind the entry's. Several initrds
// are joined as bootloaders do. Notes go to stderr. Errors: USAGE
// (KERNEL or --reuse-cmdline as well); BOOT_MENU_MISSING, BOOT_ENTRY_MISSING, BOOT_ENTRY_REFUSED;
// FILE_*.
base::Result<void> take_boot_entry(const Arguments& arguments, Request& request);

}  // namespace hyprelay::cli
