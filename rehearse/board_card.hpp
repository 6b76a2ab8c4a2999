// SPDX-License-Identifier: BSD-2-Clause
// The memory card that a board's U-Boot boots from: one partition with what Debian's U-Boot looks
// for, extlinux/extlinux.conf [u-boot/doc/develop/distro.rst].
#pragma once

#include "base/result.hpp"

#include <cstdint>
#include <string>

namespace hyprelay::rehearse {

struct CardFiles {
  std::string kernel;
  std::string initrd;
  std::string tree;
  std::string command_line;
  // Where a SoC's boot ROM looks for it, 8 KiB into the card [linux-sunxi.org, Bootable SD card].
  std::string u_boot;
};

// The file, and the first sector, with one bootable partition from kPartitionAt on. Pure.
inline constexpr std::uint64_t kCardBytes = std::uint64_t{256} << 20;
inline constexpr std::uint64_t kPartitionAt = std::uint64_t{2} << 20;
std::string extlinux_text(const std::string& command_line);
std::string partition_table();

// Writes it as `folder`/card, a file of kCardBytes with holes, and gives its path. `folder` must be
// there; mke2fs of the package e2fsprogs makes the file system, without root. Errors:
// FILE_UNWRITABLE, whose subject says what failed, and those of read_input_text().
base::Result<std::string> write_card(const CardFiles& files, const std::string& folder);

}  // namespace hyprelay::rehearse
