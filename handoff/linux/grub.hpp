// SPDX-License-Identifier: BSD-2-Clause
// What GRUB boots by itself, by the configuration that update-grub wrote. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hyprelay::handoff::linux_host {

struct GrubEntry {
  std::string title;
  // As GRUB names the files: below the root of the filesystem that they lie on, which may be /boot.
  std::string kernel;
  // GRUB gives them to the kernel as one, in this order; empty: none.
  std::vector<std::string> initrds;
  // A device tree in place of the firmware's; empty: none.
  std::string tree;
  // As the kernel gets it: a word with blanks stands in double quotes.
  std::string command_line;
};

// The entry that comes up when nobody touches the menu: next_entry of the environment block, else
// what the configuration sets as default, with saved_entry of the block where it says so, by
// number, title or identity, through submenus with '>'; the first entry where there is no such one
// [grub manual, sections "default", "menuentry", "submenu", "environment block"]. `config` is
// grub.cfg as grub-mkconfig(8) writes it, with comments, quotes and backslashes as GRUB's shell
// takes them [grub manual, section "quoting"]; `block` is grubenv. Words of the command line that
// are variables of GRUB's are left out. nullopt: no entry with a kernel.
std::optional<GrubEntry> default_grub_entry(std::string_view config, std::string_view block);

// A variable of an environment block; empty: it is not set.
std::string grub_variable(std::string_view block, std::string_view name);

}  // namespace hyprelay::handoff::linux_host
