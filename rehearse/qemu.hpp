// SPDX-License-Identifier: BSD-2-Clause
// QEMU's command line: the one place that knows it. Pure.
#pragma once

#include "rehearse/options.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace hyprelay::rehearse {

// A file that lies in memory before the first instruction, as it is.
struct LoadedFile {
  std::string path;
  std::uint64_t address = 0;
};

struct QemuFiles {
  std::string initramfs;
  // Unix socket for QEMU's gdbstub. Empty: none.
  std::string gdb_socket = {};
  // The firmware, and the flash beside it. Empty: QEMU starts the kernel itself.
  std::string firmware = {};
  std::string flash = {};
  // The tree of a board; empty: QEMU's own.
  std::string tree = {};
  // A memory card with U-Boot, and with the kernel, initrd and tree that it takes from there.
  // Empty: none.
  std::string card = {};
  // What else, then without QEMU's -kernel, -initrd and -append: CPUs start at address 0.
  std::vector<LoadedFile> loaded = {};
};

// The program and its arguments. The guest's console is QEMU's stdin and stdout.
std::vector<std::string> qemu_command(const Options& options, const QemuFiles& files,
                                      const std::string& command_line);

// The kernels' command line, without the parameter that counts the hops.
std::string guest_command_line(const Options& options);

}  // namespace hyprelay::rehearse
