// SPDX-License-Identifier: BSD-2-Clause
// Which kernels lie in /boot or beside their modules, and where their initrds are, as Debian and
// kernel-install(8) lay them out.
// Environment: Linux.
#pragma once

#include "base/result.hpp"
#include "handoff/linux/gather.hpp"

#include <optional>
#include <string>

namespace hyprelay::handoff::linux_host {

struct BootFiles {
  std::string kernel;
  // nullopt: there is none.
  std::optional<std::string> initrd;
  // nullopt: nobody says.
  std::optional<std::string> command_line = {};
};

// "/boot/vmlinuz-6.1.0-50-arm64" and "/lib/modules/6.1.0-50-arm64/vmlinuz" -> "6.1.0-50-arm64";
// nullopt for another name.
std::optional<std::string> version_of_kernel(const std::string& path);

// "6.1.0-50-cloud-arm64" -> "cloud-arm64": what follows the numbers [debian-kernel-handbook
// section 4.1]. "" where nothing follows, as in a release of Fedora's.
std::string flavour_of(std::string_view version);

// Among the kernels of /boot and of /lib/modules it is the running kernel's flavour that counts
// first, then the newest version, then that it lies in /boot. A copy that somebody put aside
// (".old", ".bak", ".dpkg-new" and the like) comes after all others, and one for another
// architecture never.

// What starts when the running kernel panics, with the capture initrd of its version, which
// /usr/lib/hyprelay/capture-initrd makes and which need not be there: `kernel`, which need not be
// there either, else the same kernel again, else the first in the order above. Errors (stage file):
// FILE_MISSING (the running kernel's file, when there is none for this machine).
base::Result<BootFiles> crash_files(const Root& root, const std::optional<std::string>& kernel);

// What the machine would boot next: `kernel`; or what GRUB would boot (grub.hpp), with its initrd
// and command line, where GRUB has a configuration and the running kernel was not started by
// another loader (line_place.hpp); or the kernel that the link /vmlinuz or /boot/vmlinuz
// leads to [debian linux-update-symlinks(1)], unless it is for another architecture, else the first
// in the order above; and `initrd`, else that of GRUB's entry, else that of the kernel's version,
// when it is there. Errors (stage file): FILE_MISSING (no kernel for this machine; the initrd of
// GRUB's entry is not there), INITRD_UNKNOWN (that entry has several, which GRUB joins).
base::Result<BootFiles> next_files(const Root& root, const std::optional<std::string>& kernel,
                                   const std::optional<std::string>& initrd = std::nullopt);

}  // namespace hyprelay::handoff::linux_host
