// SPDX-License-Identifier: BSD-2-Clause
// The configurations of bootloaders on this machine or below a folder, and the files that their
// entries name. Environment: Linux.
#pragma once

#include "base/result.hpp"
#include "handoff/linux/boot_menu.hpp"
#include "handoff/linux/gather.hpp"

#include <optional>
#include <string>
#include <vector>

namespace hyprelay::handoff::linux_host {

// A menu with the file that it was read from, or loader/entries.
struct FoundMenu {
  BootMenu menu;
  std::string file;
  // Below which its files lie: the folder that holds loader, extlinux or grub, and the root of the
  // system, which may be the same.
  std::string folder;
  std::string root;
};

// Those of the system at root.path ("": the running one), what boots it first: systemd-boot where
// the kernel was started by its stub, else GRUB, U-Boot's extlinux.conf, loader/entries. Where GRUB
// takes its entries from there (its command blscfg), they are shown as loader's, with GRUB's
// default. Errors: BOOT_MENU_MISSING; FILE_UNREADABLE, FILE_TOO_LARGE.
base::Result<std::vector<FoundMenu>> find_boot_menus(const Root& root);

// The one in that file: extlinux.conf, grub.cfg, or one entry of loader/entries. `root` as above is
// asked for the machine alone. Errors as above, FILE_MISSING.
base::Result<FoundMenu> read_boot_menu(const Root& root, const std::string& file);

// A file that an entry names, and where it is; nullopt: nowhere.
struct EntryFile {
  std::string name;
  std::optional<std::string> path;
};
struct EntryFiles {
  EntryFile kernel;
  std::vector<EntryFile> initrds;
  // As the entry names it, or the one of the entry's folder for this machine.
  std::optional<EntryFile> tree;
  // For that tree: without one of the entry's there are none.
  std::vector<EntryFile> overlays;
  // Of the entry, or of what its kernel's file is: why it is nothing that is handed over to; empty:
  // it is, or the file is not there.
  std::string why_not;
  // The kernel's file is a unified kernel image: where the entry has no command line, that in the
  // image is the next kernel's.
  bool is_unified = false;
  // What is not done as the bootloader does it: sentences.
  std::vector<std::string> notes;
};
EntryFiles files_of(const Root& root, const FoundMenu& menu, const BootEntry& entry);

}  // namespace hyprelay::handoff::linux_host
