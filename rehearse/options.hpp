// SPDX-License-Identifier: BSD-2-Clause
// What a rehearsal is asked to do: plain data, filled by cli/ from its option table.
#pragma once

#include "handoff/machine.hpp"
#include "rehearse/protocol/settings.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace hyprelay::rehearse {

// Who starts the first kernel: QEMU itself, or a firmware whose EFI the kernels then use.
enum class Firmware : std::uint8_t { kNone, kEdk2, kUBoot };

// What the guest has to know of it stands in Settings.
struct Options : Settings {
  // --from KERNEL (required): QEMU boots it.
  std::string from;
  // --to KERNEL (required, may be given more than once): hop n starts number (n - 1) modulo count.
  std::vector<std::string> to;
  // --initrd F: appended to the rehearsal's own initramfs for every kernel. Empty: none.
  std::string initrd;
  // --board NAME of rehearse/boards.hpp. Empty: QEMU's virt machine of --arch.
  std::string board;
  // --dtb F: given to `hyprelay load --dtb` in the guest. Empty: the running kernel's tree. Where
  // a board has a tree of Debian's: QEMU is given this one in its place, and load nothing.
  std::string dtb;
  // --overlay F, given to `hyprelay load --overlay` in the guest in that order.
  std::vector<std::string> overlays;
  // --append S: added to the command line of every kernel.
  std::string append;
  // --memory 1G: as QEMU's -m takes it. Empty: the board's.
  std::string memory;
  // --cpu NAME: empty: the board's; virt: cortex-a15 (arm), cortex-a57 (arm64).
  std::string cpu;
  // --machine OPTS: added to the board's, "virt,virtualization=on,gic-version=..." (a later wins,
  // so "virtualization=off" works). EDK2 for arm cannot run in HYP: there it is off anyway.
  std::string machine;
  // --firmware edk2|u-boot: QEMU starts that, and it starts the first kernel by EFI.
  Firmware firmware = Firmware::kNone;
  // --qemu PROGRAM. Empty: Debian's name of it, by PATH.
  std::string qemu;
  // --qemu-arg A, each one word of QEMU's command line.
  std::vector<std::string> qemu_args;
  // --transcript F: the guest's whole console goes to this file too. Empty: none.
  std::string transcript;
  // --corrupt SEGMENT (kernel, initrd, tree or relay): flip one bit of it when the relay starts. A
  // hook of the tests, hidden from the help, as --watch.
  std::string corrupt;

  // --crashkernel SIZE: what the first kernel reserves for --panic, at a place that it may have
  // (rehearse/crash_region.hpp) or SIZE@BASE. Empty: 256M (arm), 448M (arm64).
  std::string crashkernel;

  // --disk FILE: a raw disk image that every kernel finds as kDisk. Empty: none.
  std::string disk;

  // --cpus N. 0: the board's; virt: 2, or 1 with --icount.
  std::uint32_t cpus = 0;
  // --patience S: give up when the guest prints nothing for that many seconds of wall clock.
  std::uint32_t patience_seconds = 120;
  // Incompressible bytes in the initramfs, beside the kernels and programs, some 15 MiB for arm and
  // 40 MiB for arm64: every kernel unpacks all of it under emulation, and its digest is taken three
  // times.
  std::uint32_t payload_mib = 4;

  // --arch arm|arm64 (required).
  handoff::Arch arch = handoff::Arch::kArm;
  // --icount: count guest instructions. Deterministic with one CPU; slower, because only one CPU
  // runs at a time. Two cortex-a15 were seen to hang this way (QEMU 7.2: one waits for the other
  // without ever giving way), so that one CPU is the default.
  bool icount = false;
  // --json: the last line of stdout is one JSON object.
  bool json = false;
  // --console: guest console lines on stderr also when that is no terminal.
  bool console = false;
  // --watch (arm): nothing may write to initrd, tree or relay between the relay's jump and the
  // first instruction of the decompressed kernel, or the end of a bare kernel's bss.
  bool watch = false;
};

}  // namespace hyprelay::rehearse
