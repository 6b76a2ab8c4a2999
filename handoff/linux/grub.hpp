// SPDX-License-Identifier: BSD-2-Clause
// What GRUB boots by itself, by the configuration that update-grub wrote. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace hyprelay::handoff::linux_host {

struct GrubEntry {
  // As GRUB names the files: below the root of the filesystem that they lie on, which may be /boot.
  std::string kernel;
  // The last one, where there are several; empty: none.
  std::string initrd;
  std::string command_line;
};

// The entry that comes up when nobody touches the menu: next_entry of the environment block, else
// what the configuration sets as default, with saved_entry of the block where it says so, by
// number, title or identity, through submenus with '>'; the first entry where there is no such one
// [grub manual, sections "default", "menuentry", "submenu", "environment block"]. `config` is
// grub.cfg as grub-mkconfig(8) writes it, one command a line, `block` is grubenv. Words of the
// command line that are variables of GRUB's are left out. nullopt: no entry with a kernel.
std::optional<GrubEntry> default_grub_entry(std::string_view config, std::string_view block);

}  // namespace hyprelay::handoff::linux_host
