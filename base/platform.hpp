// SPDX-License-Identifier: BSD-2-Clause
// What the relay must know of the machine's devices, as plain data: a device tree tells it (fdt/),
// or ACPI (acpi/). Environment: hosted.
#pragma once

#include "base/range.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace hyprelay::base {

// Registers the relay can print with (abi/console.def). base 0 and kind NONE: no console found.
struct Console {
  std::uint32_t kind = 0;
  PhysAddr base;
  std::uint32_t shift = 0;        // registers are 1 << shift bytes apart
  std::uint32_t width_bytes = 1;  // of one access: 1 or 4
  std::string path;               // of the node, or the name of the ACPI table, for people

  bool operator==(const Console&) const = default;
};

// How PSCI is called.
enum class Conduit : std::uint8_t { kNone = 0, kSmc = 1, kHvc = 2 };

// The interrupt controller, as far as the relay must silence it.
struct Gic {
  std::uint32_t version = 0;  // 0: none found, 2, 3, 4
  std::vector<PhysRange> redistributors;
  std::uint64_t redistributor_stride = 0;
  std::vector<PhysAddr> its;

  bool operator==(const Gic&) const = default;
};

// A redistributor is two frames of 64 KiB, or four [arm/ihi0069 section 12.10].
constexpr std::uint64_t kGicFrame = 0x10000;
constexpr std::uint64_t kSmallestRedistributor = 2 * kGicFrame;
constexpr std::uint64_t kLargestRedistributor = 4 * kGicFrame;
// 4096 of the largest in one region; an ITS, or memory, behind a region that lies is then out of
// reach.
constexpr std::uint64_t kLargestRedistributors = kLargestRedistributor * 4096;

// Whether redistributors can lie there.
constexpr bool is_redistributors(const PhysRange& range) {
  return range.start().is_aligned(kGicFrame) && range.size_bytes() >= kSmallestRedistributor &&
         range.size_bytes() <= kLargestRedistributors;
}

}  // namespace hyprelay::base
