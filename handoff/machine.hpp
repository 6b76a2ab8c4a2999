// SPDX-License-Identifier: BSD-2-Clause
// What a machine is, as far as a handoff needs to know: plain data, gathered by handoff/linux on
// the machine itself or read from a JSON file that somebody attached to a report.
#pragma once

#include "abi/hr_abi.h"
#include "base/range.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace hyprelay::handoff {

enum class Arch : std::uint8_t { kArm = 32, kArm64 = 64 };

// The rows of abi/mode.def.
enum class Mode : std::uint8_t {
#define HR_MODE(name, value, ...) k##name = value,
#include "abi/mode.def"
#undef HR_MODE
};

// "arm", "arm64"; "HYP", "SVC", "EL2", "EL1", "unknown". The views live for ever.
const char* arch_name(Arch arch);
const char* mode_name(Mode mode);

struct NamedRange {
  base::PhysRange range;
  std::string name;

  bool operator==(const NamedRange&) const = default;
};

struct Machine {
  Arch arch = Arch::kArm;
  // uname -r, e.g. "6.1.0-50-armmp"; empty when not known.
  std::string kernel_release;
  // /proc/cmdline without the newline.
  std::string command_line;
  // The mode the running kernel says it was booted in ("started in HYP mode" in its log).
  Mode boot_mode = Mode::kUNKNOWN;
  std::uint32_t page_size_bytes = 4096;
  std::uint32_t cpus = 1;
  // "System RAM" of /proc/iomem.
  std::vector<base::PhysRange> ram;
  // Inside RAM, and not to be touched: the ranges that /proc/iomem calls "reserved" and the crash
  // regions. (Kernel code and data of the running kernel are not listed: kexec moves it away.)
  std::vector<NamedRange> reserved;
  // "Crash kernel" of /proc/iomem, low to high.
  std::vector<base::PhysRange> crash_regions;
  // The flattened device tree of the running machine, empty when there is none.
  std::vector<std::byte> device_tree;
  // Where device_tree came from: "/sys/firmware/fdt", "/proc/device-tree" or a file.
  std::string device_tree_source;

  bool operator==(const Machine&) const = default;
};

}  // namespace hyprelay::handoff
