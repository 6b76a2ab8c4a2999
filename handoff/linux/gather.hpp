// SPDX-License-Identifier: BSD-2-Clause
// The facts of a running machine, from /proc and /sys.
#pragma once

#include "base/result.hpp"
#include "handoff/machine.hpp"
#include "handoff/patch.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hyprelay::handoff::linux_host {

// Where the facts are read: the running machine, or a copy of its files (tests, bug reports).
struct Root {
  // Put before every path: "" for the running machine.
  std::string path;
  // What uname(2) says: no file of every kernel holds it.
  std::string machine;
  std::string kernel_release;
  std::uint32_t page_size_bytes = 4096;
  // The kernel's log, below `path`; a copy of it is a plain file.
  std::string log = "/dev/kmsg";

  static Root live();
};

// Errors (stage machine): MACHINE_WRONG_ARCH (neither arm nor arm64), MACHINE_UNREADABLE,
// NO_PERMISSION, MACHINE_NO_RAM, MACHINE_MALFORMED; and what the device tree gives. A machine
// without a device tree, or with a kernel log or ACPI tables that cannot be read, is no error.
base::Result<Machine> gather(const Root& root);

// The same without memory and command line, which a probe does not need and not everybody may see;
// with the facts about HYP/EL2 (hyp_facts.hpp). Errors: MACHINE_WRONG_ARCH, and those of the tree.
base::Result<Machine> gather_for_probe(const Root& root);

// How many CPUs the machine may have (/sys/devices/system/cpu/possible); 1 when nobody can tell.
// Errors: MACHINE_MALFORMED.
base::Result<std::uint32_t> possible_cpus(const Root& root);

// "armv7l", "armv8l" -> arm; "aarch64" -> arm64. MACHINE_WRONG_ARCH for everything else.
base::Result<Arch> arch_of(std::string_view uname_machine);

// What the kernel said about the mode its CPUs started in; kUNKNOWN when it did not say, when they
// differ, or when it is a mode of the other architecture.
Mode mode_from_log(std::string_view kernel_log, Arch arch);
// The same with the relay's record to fall back on: a log forgets its beginning, and may be shown
// to root only.
Mode find_boot_mode(const Root& root, Arch arch);
// What the running kernel itself has logged, or what is left of it, one message a line without
// header; empty when it cannot be read.
std::string read_kernel_log(const Root& root);

// Fresh every time, from the kernel's random source. nullopt while that is not ready, which may be
// for ever on a board without a hardware source, and before Linux 3.17, which has no getrandom.
std::optional<Seeds> fresh_seeds();

}  // namespace hyprelay::handoff::linux_host
