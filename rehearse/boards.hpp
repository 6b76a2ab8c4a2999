// SPDX-License-Identifier: BSD-2-Clause
// The boards that a rehearsal runs on: one table. QEMU's own virt machines are rows as the others
// are. Pure but for find_board_file().
#pragma once

#include "base/result.hpp"
#include "fdt/tree.hpp"
#include "rehearse/options.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace hyprelay::rehearse {

// Who starts the board's first kernel.
enum class BoardStart : std::uint8_t {
  // QEMU, in the place of a bootloader: it brings kernel, initrd and tree to memory, fills in
  // /memory and /chosen, and jumps.
  kQemu,
  // TF-A's BL31 for the Raspberry Pi 3, as BL2 would start it; CPUs by PSCI.
  kTfaPi3,
  // TF-A's BL31 for the Raspberry Pi 4, as the board's own firmware would start it.
  kTfaPi4,
  // Debian's U-Boot, which the board's boot ROM finds on a memory card with extlinux.conf.
  kUBootOnCard,
};

struct Board {
  // What --board takes.
  std::string_view name;
  handoff::Arch arch = handoff::Arch::kArm;
  // QEMU's -machine, -smp and -m; -cpu, empty: the machine's own.
  std::string_view machine;
  std::string_view cpu = {};
  std::uint32_t cpus = 1;
  std::string_view memory = "1G";
  // The tree's file below the folder of Debian's kernel package. Empty: QEMU makes one itself, as
  // it does for virt alone.
  std::string_view tree = {};
  // Which of QEMU's -serial the console is, and how the kernel calls it.
  unsigned serial = 0;
  std::string_view console;
  BoardStart start = BoardStart::kQemu;
  // Of another start: the file of a Debian package, and the package.
  std::string_view firmware = {};
  std::string_view package = {};
  // How the kernel starts and stops CPUs, by the tree's enable-method.
  std::string_view cpus_by;
  // QEMU's -global. Empty: none.
  std::string_view global = {};
  // What does not work there, and why. Empty: nothing that a rehearsal would miss.
  std::string_view lacks = {};
  // What Debian's tree needs before the kernel comes up in QEMU. nullptr: nothing.
  base::Result<void> (*adapt)(fdt::Tree& tree) = nullptr;

  bool is_virt() const { return tree.empty(); }
};

// All, in the order in which they are listed.
std::span<const Board> boards();

// Error: BOARD_UNKNOWN.
base::Result<const Board*> find_board(std::string_view name);

// The board of the options: --board's, else the virt machine of --arch.
const Board& board_of(const Options& options);

// One line per board: what `--board list` prints.
std::string list_of_boards();

// What the options leave open is the board's.
std::uint32_t cpus_of(const Options& options);
std::string memory_of(const Options& options);

// Error: USAGE, for what only virt has.
base::Result<void> check_board(const Options& options);

// A file of a Debian package that the board needs: its tree (--dtb's file before all others), or
// its firmware. Looked for beside --from (ROOT/boot/vmlinuz-RELEASE is of the same package as
// ROOT/usr/lib/linux-image-RELEASE), and below `root`. Errors: BOARD_TREE, BOARD_FIRMWARE.
base::Result<std::string> find_board_tree(const Options& options, const std::string& root = "");
base::Result<std::string> find_board_firmware(const Options& options, const std::string& root = "");

}  // namespace hyprelay::rehearse
