// SPDX-License-Identifier: BSD-2-Clause
#include "handoff/linux/iomem.hpp"

#include "base/bytes.hpp"
#include "base/number_text.hpp"
#include "base/range_set.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

namespace hyprelay::handoff::linux_host {
namespace {

using base::Code;
using base::Error;
using base::PhysAddr;
using base::PhysRange;
using base::RangeSet;
using base::Stage;

struct Line {
  std::uint64_t first = 0;
  std::uint64_t last = 0;
  std::string_view name;
  bool nested = false;
};

bool take(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) {
    return false;
  }
  text.remove_prefix(prefix.size());
  return true;
}

// "  48000000-483f0fff : reserved": two spaces per level, both addresses inclusive
// [linux/kernel/resource.c r_show].
std::optional<Line> parse_line(std::string_view text) {
  Line line;
  line.nested = text.starts_with(' ');
  text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
  const auto first = base::take_number(text, 16);
  if (!first || !take(text, "-")) {
    return std::nullopt;
  }
  const auto last = base::take_number(text, 16);
  if (!last || !take(text, " : ")) {
    return std::nullopt;
  }
  line.first = *first;
  line.last = *last;
  line.name = text;
  return line;
}

// A second address of memory that has a line of its own [linux/arch/arm/kernel/setup.c
// request_standard_resources, reserve_crashkernel].
bool is_boot_alias(const Line& line) {
  return line.name.ends_with(" (boot alias)");
}

bool is_crash_region(const Line& line) {
  return line.name.starts_with("Crash kernel") && !is_boot_alias(line);
}

// A driver's memory, with its name behind that [linux/mm/memory_hotplug.c
// add_memory_driver_managed].
bool is_driver_ram(const Line& line) {
  return line.name.starts_with("System RAM (");
}

bool matters(const Line& line) {
  return line.name == "System RAM" || is_driver_ram(line) || line.name == "reserved" ||
         (line.nested && is_crash_region(line));
}

// What is reserved beside memory, as the firmware's runtime code is, is none of it. Where the same
// is called memory and reserved, on whatever level, it is reserved.
void keep_inside_memory(std::vector<NamedRange>& reserved, const Iomem& iomem) {
  std::vector<PhysRange> all = iomem.ram;
  all.insert(all.end(), iomem.driver_ram.begin(), iomem.driver_ram.end());
  all.insert(all.end(), iomem.boot_alias.begin(), iomem.boot_alias.end());
  const RangeSet memory = RangeSet::of(std::move(all));
  std::erase_if(reserved, [&](const NamedRange& one) { return !memory.overlaps(one.range); });
}

}  // namespace

base::Result<Iomem> parse_iomem(std::string_view text) {
  Iomem iomem;
  bool hidden = false;
  while (!text.empty()) {
    const std::string_view whole = base::take_line(text);
    if (whole.empty()) {
      continue;
    }
    const std::optional<Line> line = parse_line(whole);
    if (!line) {
      return Error(Code::MACHINE_MALFORMED, Stage::kMachine, "/proc/iomem: " + std::string(whole));
    }
    if (line->nested && line->name == "Kernel code") {
      iomem.kernel_code = line->first;
    }
    if (!matters(*line)) {
      continue;
    }
    if (line->first == 0 && line->last == 0) {
      hidden = true;
      continue;
    }
    const auto range = PhysRange::from_inclusive(PhysAddr(line->first), PhysAddr(line->last));
    if (!range) {
      return Error(Code::MACHINE_MALFORMED, Stage::kMachine, "/proc/iomem: " + std::string(whole));
    }
    if (line->name == "System RAM") {
      iomem.ram.push_back(*range);
      continue;
    }
    if (is_boot_alias(*line)) {
      iomem.boot_alias.push_back(*range);
      continue;
    }
    if (is_driver_ram(*line)) {
      iomem.driver_ram.push_back(*range);
      continue;
    }
    iomem.reserved.push_back({*range, std::string(line->name)});
    if (is_crash_region(*line)) {
      iomem.crash_regions.push_back(*range);
    }
  }
  if (iomem.ram.empty()) {
    return hidden ? Error(Code::NO_PERMISSION, Stage::kMachine, "/proc/iomem shows zeroes")
                  : Error(Code::MACHINE_NO_RAM, Stage::kMachine);
  }
  keep_inside_memory(iomem.reserved, iomem);
  std::ranges::sort(iomem.crash_regions, {}, &PhysRange::start);
  return iomem;
}

}  // namespace hyprelay::handoff::linux_host
