// SPDX-License-Identifier: BSD-2-Clause
#include "rehearse/qemu.hpp"

#include "base/number_text.hpp"
#include "rehearse/boards.hpp"
#include "rehearse/protocol/words.hpp"

namespace hyprelay::rehearse {
namespace {

// A comma ends an option's value, two of them are one [QEMU documentation, invocation, -drive].
std::string escaped(const std::string& path) {
  std::string text;
  for (const char c : path) {
    text.append(c == ',' ? 2 : 1, c);
  }
  return text;
}

// How much translated code QEMU keeps. Every store into a page of which it keeps some goes a slow
// way, and the next kernel stores where the last one had run: with QEMU's own size, a gigabyte, a
// kernel after a handoff takes twice the time of the first one. A full buffer is thrown away as a
// whole, and what a kernel boots with fits into this one (CPU seconds of a rehearsal on two CPUs,
// QEMU 7.2: arm64 16.1 with a gigabyte, 16.3 with 128 MiB, 11.2 with 32, 9.6 with 24, 11.9 with 12,
// 22 with 4).
unsigned translations_mib(unsigned cpus) {
  return 16 + 4 * cpus;
}

// QEMU's -machine.
std::string machine_of(const Options& options, const Board& board) {
  const bool arm = options.arch == handoff::Arch::kArm;
  // A later option wins over an earlier one of the same name: "virtualization=off" may follow.
  // Debian's EDK2 for arm gives no sign of life in HYP: it is made for SVC.
  std::string machine = arm && options.firmware == Firmware::kEdk2 ? "virt,virtualization=off"
                                                                   : std::string(board.machine);
  if (options.icount && board.is_virt()) {
    machine += ",dtb-randomness=off";
  }
  if (!options.machine.empty()) {
    machine += "," + options.machine;
  }
  return machine;
}

// How the first kernel gets to memory, and what is said to it.
std::vector<std::string> start_of(const Options& options, const QemuFiles& files,
                                  const std::string& command_line) {
  std::vector<std::string> words;
  for (const LoadedFile& file : files.loaded) {
    words.insert(words.end(), {"-device", "loader,force-raw=on,addr=" + base::hex(file.address) +
                                              ",file=" + escaped(file.path)});
  }
  if (!files.card.empty()) {
    words = {"-drive", "if=sd,format=raw,file=" + escaped(files.card)};
  } else if (files.loaded.empty()) {
    words = {"-kernel", options.from, "-initrd", files.initramfs, "-append", command_line};
  }
  if (!files.tree.empty()) {
    words.insert(words.end(), {"-dtb", files.tree});
  }
  return words;
}

}  // namespace

std::vector<std::string> qemu_command(const Options& options, const QemuFiles& files,
                                      const std::string& command_line) {
  const bool arm = options.arch == handoff::Arch::kArm;
  const Board& board = board_of(options);
  const std::string cpu = options.cpu.empty() ? std::string(board.cpu) : options.cpu;
  const unsigned cpus = cpus_of(options);
  // -nodefaults: no network card, whose option ROM and driver would only cost time. -no-reboot: a
  // reset, by the relay or by a panic, ends QEMU and with it the rehearsal.
  std::vector<std::string> command = {
      !options.qemu.empty() ? options.qemu
      : arm                 ? "qemu-system-arm"
                            : "qemu-system-aarch64",
      "-nodefaults",
      "-no-user-config",
      "-display",
      "none",
      "-no-reboot",
      "-machine",
      machine_of(options, board),
      "-smp",
      std::to_string(cpus),
      "-accel",
      "tcg,tb-size=" + std::to_string(translations_mib(cpus)),
      "-m",
      memory_of(options),
      "-chardev",
      "stdio,id=console,signal=off",
  };
  const auto add = [&](std::initializer_list<const char*> arguments) {
    command.insert(command.end(), arguments.begin(), arguments.end());
  };
  if (!cpu.empty()) {
    add({"-cpu", cpu.c_str()});
  }
  if (!board.global.empty()) {
    add({"-global", board.global.data()});
  }
  for (unsigned port = 0; port < board.serial; ++port) {
    add({"-serial", "null"});
  }
  add({"-serial", "chardev:console"});
  const std::vector<std::string> start = start_of(options, files, command_line);
  command.insert(command.end(), start.begin(), start.end());
  if (options.icount) {
    // One instruction is one nanosecond of guest time and nothing depends on the host's clock: the
    // same rehearsal executes the same instructions.
    add({"-icount", "shift=0,sleep=off", "-seed", "1", "-rtc", "base=2026-01-01,clock=vm"});
  }
  if (!files.firmware.empty()) {
    // Kernel, initrd and command line are then what the firmware asks QEMU for.
    add({"-bios", files.firmware.c_str(), "-drive"});
    command.push_back("if=pflash,unit=1,format=raw,file=" + escaped(files.flash));
  }
  if (!options.disk.empty()) {
    // A machine that boots by EFI has its disks on PCI, and their interrupts come as messages.
    const bool pci = options.firmware != Firmware::kNone;
    add({"-device", pci ? "virtio-blk-pci,drive=disk" : "virtio-blk-device,drive=disk", "-drive"});
    command.push_back("if=none,id=disk,format=raw,file=" + escaped(options.disk));
  }
  if (!files.gdb_socket.empty()) {
    add({"-gdb", ("unix:path=" + files.gdb_socket + ",server=on,wait=off").c_str()});
  }
  command.insert(command.end(), options.qemu_args.begin(), options.qemu_args.end());
  return command;
}

std::string guest_command_line(const Options& options) {
  // panic=1: a kernel that cannot start our init resets at once, which ends QEMU.
  // cryptomgr.notests: the kernel's tests of its own ciphers are a tenth of what it does until our
  // init runs.
  const Board& board = board_of(options);
  std::string line = "console=" + std::string(board.console) +
                     " panic=1 cryptomgr.notests rdinit=/" + std::string(kFolder) + "/" +
                     std::string(kInit);
  if (!options.append.empty()) {
    line += " " + options.append;
  }
  return line;
}

}  // namespace hyprelay::rehearse
