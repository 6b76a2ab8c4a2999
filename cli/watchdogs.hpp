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
  bool is_built_in = false;
  // The driver's module. Of a driver that names no device (i6300esb, softdog) Linux does not tell
  // which it is: all that are loaded and may be it. Empty: built in, or nobody knows.
  std::vector<std::string> modules = {};
};

// Whether the crash kernel has a watchdog's driver.
enum class Cover : std::uint8_t {
  kInInitrd,
  // Built into the running kernel, and the crash kernel is of the same release.
  kBuiltIn,
  // Built into the running kernel, and the crash kernel is another one, or nobody knows.
  kOtherKernel,
  kDriverUnknown,
  // A module, and the initrd cannot be looked into.
  kInitrdUnknown,
  kMissing,
};

// Those that are armed. `sys`: where sysfs is mounted, or a test's copy of it. `modules_dep`: the
// content of the running kernel's. A kernel without CONFIG_WATCHDOG_SYSFS names none.
std::vector<Watchdog> armed_watchdogs(const std::string& sys, std::string_view modules_dep);

// `files`: what the crash kernel's initrd lists; nullopt: it cannot be looked into. `kernel`: the
// path of the crash kernel, told by its name. `release`: of the running kernel.
Cover cover_of(const Watchdog& watchdog, const std::optional<std::string>& files,
               std::string_view kernel, std::string_view release);

// Whether a list of files has that module; '-' and '_' are the same to modprobe.
bool has_module(std::string_view files, std::string_view module);

}  // namespace hyprelay::cli
