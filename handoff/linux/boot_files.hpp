// SPDX-License-Identifier: BSD-2-Clause
// Which kernels lie in /boot, and where their initrds are, as Debian lays them out.
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
};

// "/boot/vmlinuz-6.1.0-50-arm64" -> "6.1.0-50-arm64"; nullopt for another name.
std::optional<std::string> version_of_kernel(const std::string& path);

// What starts when the running kernel panics: the same kernel again, or `kernel`, with the capture
// initrd of its version, which /usr/lib/hyprelay/capture-initrd makes. The files need not be there.
BootFiles crash_files(const Root& root, const std::optional<std::string>& kernel);

// What the machine would boot next: `kernel`, or the one that the link /vmlinuz or /boot/vmlinuz
// leads to [debian linux-update-symlinks(1)], else the newest by version in /boot; and the initrd
// of its version, when it is there. Errors (stage file): FILE_MISSING (no kernel in /boot).
base::Result<BootFiles> next_files(const Root& root, const std::optional<std::string>& kernel);

}  // namespace hyprelay::handoff::linux_host
