// SPDX-License-Identifier: BSD-2-Clause
// A plan drawn over the memory of its machine, to scale: for a terminal and as SVG. Pure.
#pragma once

#include "base/range.hpp"
#include "handoff/machine.hpp"
#include "handoff/plan.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace hyprelay::handoff {

// What a piece of memory is for; of several the last one of this list is shown.
enum class MapUse : std::uint8_t {
  // Between two banks.
  kNoMemory,
  kFree,
  kCrash,
  kReserved,
  // Written by the next kernel before it knows what is reserved.
  kFootprint,
  kElfcorehdr,
  kRelay,
  kTree,
  kInitrd,
  // The kernel as it travels, when that is packed.
  kPacked,
  kKernel,
  // Many small ones, counted.
  kMany,
};

struct MapRow {
  base::PhysRange range;
  MapUse use = MapUse::kFree;
  // Everything that lies there, or what was counted.
  std::string what;
  // Of `range`, how much there is.
  std::uint64_t memory_bytes = 0;
};

struct MemoryMap {
  Arch arch = Arch::kArm;
  // Low to high.
  std::vector<base::PhysRange> banks;
  std::vector<MapRow> rows;
  // Addresses are those of the tree; kexec_load takes what is loaded that much lower.
  std::uint64_t boot_distance_bytes = 0;
};

// No more rows than that, unless the plan's own segments and footprints need them: the smallest of
// what else there is become one row with a count, then larger ones. O(n log n) in ranges.
inline constexpr std::size_t kMapRows = 40;
MemoryMap make_map(const Machine& machine, const Plan& plan, std::size_t most_rows = kMapRows);

// At most 80 columns of ASCII: a bar for each bank in which a column is a share of it, and rows in
// which a line is a fixed amount of memory, and what is smaller has a line all the same.
std::string to_text(const MemoryMap& map);

// A whole document of SVG 1.1, of the same rows.
std::string to_svg(const MemoryMap& map);

// How many lines each row has, and how much memory a line is.
struct MapScale {
  std::uint64_t line_bytes = 0;
  std::vector<std::size_t> lines;
};
MapScale scale_of(const MemoryMap& map);

// How text and picture show a use.
struct MapLook {
  char glyph;
  const char* colour;
  const char* meaning;
};
const MapLook& look_of(MapUse use);

}  // namespace hyprelay::handoff
