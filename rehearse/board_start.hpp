// SPDX-License-Identifier: BSD-2-Clause
// What lies in a board's memory before its first instruction: the files that QEMU is to put there.
#pragma once

#include "base/result.hpp"
#include "rehearse/boards.hpp"
#include "rehearse/qemu.hpp"

#include <string>

namespace hyprelay::rehearse {

// The code and the facts with which TF-A's BL31 of the Raspberry Pi 3 is started, as bytes for
// address 0: in the place of its BL1 and BL2, which Debian's package lacks. Pure.
std::string pi3_start_code();

// TF-A's BL31 of the Raspberry Pi 4, told where tree and kernel lie. Pure. Error: BOARD_FIRMWARE.
base::Result<std::string> pi4_armstub(std::string bl31);

// Fills in what QEMU needs for the board of the options. Files are written to `folder`, made when
// missing. `command_line`: the first kernel's, which QEMU passes on itself where it starts the
// kernel. Errors: BOARD_TREE, BOARD_FIRMWARE, BOARD_NO_ROOM, FILE_*, TREE_*.
base::Result<void> prepare_board(const Options& options, const std::string& command_line,
                                 const std::string& folder, QemuFiles& files);

}  // namespace hyprelay::rehearse
