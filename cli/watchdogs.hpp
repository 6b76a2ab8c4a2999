// SPDX-License-Identifier: BSD-2-Clause
// Watchdogs of the running machine: one that is armed goes on while the crash kernel saves the
// dump, and resets the machine unless that kernel has its driver, which stops it or keeps it alive
// [linux/drivers/watchdog/watchdog_dev.c watchdog_cdev_register, WDOG_HW_RUNNING].
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hyprelay::cli {

struct Watchdog {
  // "watchdog0".
  std::string name;
  // As its driver calls it: "i6300ESB timer".
  std::string identity = {};
  // Until it resets the machine, when nobody serves it.
  std::optional<std::uint64_t> timeout_seconds = {};
  // The driver's module; empty: it is built into the kernel.
  std::string module = {};
};

// Those that are armed. `sys`: where sysfs is mounted, or a test's copy of it. A kernel without
// CONFIG_WATCHDOG_SYSFS names none.
std::vector<Watchdog> armed_watchdogs(const std::string& sys);

// Whether a list of files has that module; '-' and '_' are the same to modprobe.
bool has_module(std::string_view files, std::string_view module);

}  // namespace hyprelay::cli
