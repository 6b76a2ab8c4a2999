// SPDX-License-Identifier: BSD-2-Clause
// Where the command line of this machine's kernel is kept, for advice. Environment: Linux.
#pragma once

#include "handoff/linux/gather.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace hyprelay::handoff::linux_host {

struct LinePlace {
  std::string file;
  // What to do there and afterwards, in words that follow "to add it: ".
  std::string how;
};

// How `word` ("crashkernel=256M") gets onto the command line at the next boot, by what boots this
// machine: an EFI stub (systemd-boot), GRUB, the firmware of a Raspberry Pi, U-Boot by u-boot-menu,
// extlinux or flash-kernel. A file of GRUB's that sets the same name already is named instead of
// another. nullopt: none of them is seen here.
std::optional<LinePlace> place_of_word(const Root& root, std::string_view word);

// Whether the kernel's EFI stub was told its initrd itself, as by systemd-boot: "initrd=\file"
// stands on the command line [linux/drivers/firmware/efi/libstub/file.c].
bool started_by_stub(const Root& root);

}  // namespace hyprelay::handoff::linux_host
