// SPDX-License-Identifier: BSD-2-Clause
// The options of kexec-tools' kexec as hyprelay-kexec takes them: one row each. Parser, help, man
// page, completion and the table of docs/hyprelay-kexec.md are made from the rows.
//
// Names, letters and what they take: kexec(8) of kexec-tools 2.0.25 (Debian 12) and what its
// --help lists for arm and arm64; kexec-tools' kexec/kexec.h and
// kexec/arch/*/include/arch/options.h for those that no page has. Of u-root's kexec what does not
// stand against that [u-root/cmds/core/kexec/kexec_linux.go].
#pragma once

#include "cli/options.hpp"
#include "cli/text.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>

namespace hyprelay::cli {

// What becomes of an option.
enum class KexecOption : std::uint8_t {
  kLoad,
  kLoadPanic,
  kExec,
  kForce,
  kUnload,
  kStatus,
  kRegionSize,
  kCommandLine,
  kReuseLine,
  kInitrd,
  kTree,
  kLowest,
  kHighest,
  kFileCall,
  kSegmentsCall,
  kAnyCall,
  kDebug,
  kHelp,
  kVersion,
  // What it asks for holds anyway.
  kHolds,
  // It changes nothing here; a note says why.
  kIgnored,
  // It cannot be done, and to go on without it would be something else: E00b.
  kRefused,
};

struct KexecRow {
  // "--initrd,--ramdisk,-r": names that mean the same, separated by commas, the one to show first
  // in front.
  std::string_view names;
  KexecOption does;
  // How help calls what it takes; empty: it takes nothing.
  std::string_view argument = {};
  // What is done; of what is ignored or refused, why.
  std::string_view what;

  constexpr std::string_view shown_name() const { return names.substr(0, names.find(',')); }
};

inline constexpr auto kKexecRows = std::to_array<KexecRow>({
    {"--load,-l", KexecOption::kLoad, {}, "load KERNEL for the next start"},
    {"--load-panic,-p",
     KexecOption::kLoadPanic,
     {},
     "load KERNEL for a panic, into the memory that crashkernel= reserved; with -u and -S: of that "
     "one"},
    {"--exec,-e",
     KexecOption::kExec,
     {},
     "start what is loaded, without a shutdown; with -l it is loaded before, as in u-root"},
    {"--force,-f", KexecOption::kForce, {}, "load KERNEL and start it, without a shutdown"},
    {"--unload,-u", KexecOption::kUnload, {}, "drop what is loaded"},
    {"--status,-S",
     KexecOption::kStatus,
     {},
     "exit code 1: a crash kernel is loaded, with -l: a next kernel; 0: none is; 255: nobody can "
     "tell. Nothing else is done"},
    {"--print-ckr-size",
     KexecOption::kRegionSize,
     {},
     "print how many bytes are reserved for a crash kernel, 0 for none. Nothing else is done"},
    {"--command-line,--append,--cmdline", KexecOption::kCommandLine, "TEXT",
     "command line of the kernel, all of it; with --reuse-cmdline it follows the running kernel's. "
     "Without either: that of --dtb's tree, else the running kernel's"},
    {"--reuse-cmdline",
     KexecOption::kReuseLine,
     {},
     "the running kernel's command line, without what was for its own boot: BOOT_IMAGE=, initrd=; "
     "for a panic crashkernel= and more"},
    {"--initrd,--ramdisk,--initramfs", KexecOption::kInitrd, "FILE", "initial RAM disk"},
    {"--dtb", KexecOption::kTree, "FILE",
     "device tree to start from, in place of the running machine's; compared with that one"},
    {"--mem-min", KexecOption::kLowest, "ADDRESS", "nothing is placed below"},
    {"--mem-max", KexecOption::kHighest, "ADDRESS", "nothing is placed above"},
    {"--kexec-file-syscall,-s",
     KexecOption::kFileCall,
     {},
     "by kexec_file_load alone: no relay, no --dtb"},
    {"--kexec-syscall,-c,--loadsyscall,-L",
     KexecOption::kSegmentsCall,
     {},
     "by kexec_load alone, as without any of the three"},
    {"--kexec-syscall-auto,-a",
     KexecOption::kAnyCall,
     {},
     "by kexec_load, which has the relay; by kexec_file_load where the kernel refuses the other or "
     "lacks it"},
    {"--debug,-d", KexecOption::kDebug, {}, "tell which commands of hyprelay are run"},
    {"--version,-v", KexecOption::kVersion, {}, "print the version"},
    {"--help,-h,-?", KexecOption::kHelp, {}, "print help"},
    {"--no-ifdown,-x", KexecOption::kHolds, {}, "no network interface is taken down in any case"},
    {"--dt-no-old-root",
     KexecOption::kHolds,
     {},
     "a root= of the running kernel is added to no command line in any case"},
    {"--no-sync,-y",
     KexecOption::kIgnored,
     {},
     "filesystems are written back before the start all the same"},
    {"--no-checks,-i,--lite",
     KexecOption::kIgnored,
     {},
     "segments are verified before the start all the same"},
    {"--type,-t", KexecOption::kIgnored, "TYPE", "what the kernel is, its file says"},
    {"--image-size", KexecOption::kIgnored, "SIZE",
     "what a zImage needs is in its size table, or is guessed high"},
    {"--page-offset", KexecOption::kIgnored, "ADDRESS", "the running kernel is asked"},
    {"--hotplug",
     KexecOption::kIgnored,
     {},
     "no kernel for ARM mends the header itself: hyprelay-kdump.service loads again"},
    {"--serial", KexecOption::kIgnored, "PORT", "the relay prints where the device tree says"},
    {"--serial-baud", KexecOption::kIgnored, "RATE", "the relay leaves the rate as it is"},
    {"--port", KexecOption::kIgnored, "ADDRESS", "the relay prints where the device tree says"},
    {"--port-lsr", KexecOption::kIgnored, "ADDRESS", "the relay knows its UARTs"},
    {"--console-vga", KexecOption::kIgnored, {}, "there is no VGA on ARM"},
    {"--console-serial", KexecOption::kIgnored, {}, "the relay prints where the device tree says"},
    {"--reset-vga", KexecOption::kIgnored, {}, "there is no VGA on ARM"},
    {"--reuse-video-type", KexecOption::kIgnored, {}, "there is no VGA on ARM"},
    {"--elf32-core-headers",
     KexecOption::kIgnored,
     {},
     "the core header is ELF64, as kernels for ARM take it"},
    {"--elf64-core-headers", KexecOption::kIgnored, {}, "the core header is ELF64 in any case"},
    {"--args-linux", KexecOption::kIgnored, {}, "it is for kernels as ELF files"},
    {"--real-mode", KexecOption::kIgnored, {}, "there is no real mode on ARM"},
    {"--pass-memmap-cmdline", KexecOption::kIgnored, {}, "the device tree has the memory"},
    {"--atags",
     KexecOption::kRefused,
     {},
     "the next kernel gets a device tree: append the board's to the zImage, or give --dtb"},
    {"--reuseinitrd",
     KexecOption::kRefused,
     {},
     "this kernel has freed the initrd that it was booted with: give --initrd=FILE"},
    {"--noefi", KexecOption::kRefused, {}, "put efi=noruntime into the command line instead"},
    {"--module", KexecOption::kRefused, "TEXT", "multiboot is x86's: give --initrd=FILE"},
    {"--args-elf", KexecOption::kRefused, {}, "the next program must be Linux"},
    {"--args-none", KexecOption::kRefused, {}, "the next program must be Linux"},
    {"--entry", KexecOption::kRefused, "ADDRESS", "no kernel for ARM can be returned to"},
    {"--load-preserve-context", KexecOption::kRefused, {}, "no kernel for ARM can be returned to"},
    {"--load-jump-back-helper", KexecOption::kRefused, {}, "no kernel for ARM can be returned to"},
    {"--load-live-update", KexecOption::kRefused, {}, "Xen on ARM has no live update"},
    {"--exec-live-update", KexecOption::kRefused, {}, "Xen on ARM has no live update"},
});

}  // namespace hyprelay::cli
