// SPDX-License-Identifier: BSD-2-Clause
// What bootloaders would boot, by their configurations: Boot Loader Specification, extlinux.conf,
// grub.cfg. Pure.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hyprelay::handoff::linux_host {

// Names of files are as the configuration has them: below the root of the filesystem that it lies
// on, which may be /boot; in extlinux.conf, where they begin with no '/', below its own folder.
struct BootEntry {
  // By what it is asked for: the file's name without ".conf", the label, GRUB's identity, or the
  // place in its menu ("1>0").
  std::string id;
  std::string title;
  // Others by which it goes.
  std::vector<std::string> names;
  std::string kernel;
  // Of a FIT: this configuration of it; empty: its default.
  std::string fit_config;
  // The kernel is an EFI program: a unified kernel image, another kernel with an EFI stub, or
  // something that is none. What the first holds counts where the entry says nothing.
  bool is_program = false;
  // The kernel gets them as one, in this order.
  std::vector<std::string> initrds;
  // As the kernel gets it.
  std::string command_line;
  // A file, or a folder in which the bootloader looks for the machine's; empty: neither.
  std::string tree;
  std::string tree_folder;
  std::vector<std::string> overlays;
  // Why it is nothing that is handed over to; empty: it is.
  std::string why_not;

  bool is(std::string_view name) const;
};

struct BootMenu {
  // "loader", "extlinux", "grub"
  std::string kind;
  // In the order in which the menu shows them.
  std::vector<BootEntry> entries;
  // The one that comes up when nobody touches the menu; nullopt: none does.
  std::optional<std::size_t> fallback;
  // What is odd about that one: a sentence, or empty.
  std::string fallback_note = {};

  const BootEntry* find(std::string_view name) const;
  const BootEntry* default_entry() const;
};

struct LoaderFile {
  // "6.1.0-50-arm64+3-1.conf"
  std::string name;
  std::string text;
};
struct LoaderFiles {
  // Of loader/entries.
  std::vector<LoaderFile> entries;
  // Of EFI/Linux: names alone.
  std::vector<std::string> images;
  // loader/loader.conf; empty: there is none.
  std::string configuration;
  // EFI variables of systemd-boot's, which count before it: LoaderEntryOneShot, LoaderEntryDefault.
  std::string once = {};
  std::string chosen = {};
  // What "@saved" in one of them or in the file stands for: LoaderEntryLastBooted.
  std::string last = {};
};

// UAPI.1, Boot Loader Specification: entries of type 1 ("linux", "initrd" and "options" as often as
// they come, "devicetree", "devicetree-overlay", "architecture"; "efi", "uki" and its "profile"),
// and of type 2 by name; in the order of its section Sorting. An entry that names nothing to start
// is none, nor is one for another architecture ("arm", "aa64"). "FILE#CONFIGURATION" is a FIT
// [u-boot/doc/develop/bootstd/bls.rst]. The default is what a pattern of loader.conf, or a
// variable, names [loader.conf(5); systemd/src/boot/boot.c config_select_default_entry], else the
// first entry whose tries are not used up.
BootMenu read_loader_menu(const LoaderFiles& files, std::string_view architecture);

// Version strings in the order of UAPI.10, Version Format Specification: below 0, 0, above 0.
int compare_versions(std::string_view left, std::string_view right);

// What `include FILE` names; nullopt: it is not there.
using ReadIncluded = std::function<std::optional<std::string>(const std::string& name)>;

// U-Boot's extlinux.conf [u-boot/doc/README.pxe; boot/pxe_utils.c parse_pxefile_top, parse_label]:
// labels with kernel or linux, fit, initrd, append, fdt or devicetree, fdtdir or devicetreedir,
// fdtoverlays or devicetree-overlay, menu label, menu default. The default is what "default" or
// "ontimeout" names, else a label with "menu default", else the first label. A kernel
// "FILE#CONFIGURATION" is a FIT; an initrd or a tree by the same text is the one in it
// [label_boot].
BootMenu read_extlinux_menu(std::string_view config, const ReadIncluded& included);

// The first word of a line of the two above, taken off with the blanks around it; what is left is
// the word's value.
std::string_view take_menu_word(std::string_view& line);
// All words of a value, added to those that are there.
void add_menu_words(std::string_view value, std::vector<std::string>& words);
// The kernel of an entry: "FILE" or "FILE#CONFIGURATION".
void take_menu_kernel(std::string_view value, BootEntry& entry);

// Every entry of grub.cfg, those of submenus too; as default_grub_entry() of grub.hpp reads it.
BootMenu read_grub_menu(std::string_view config, std::string_view block);

}  // namespace hyprelay::handoff::linux_host
