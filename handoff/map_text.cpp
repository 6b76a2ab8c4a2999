// SPDX-License-Identifier: BSD-2-Clause
#include "base/number_text.hpp"
#include "base/printable.hpp"
#include "handoff/map.hpp"

#include <algorithm>
#include <set>

namespace hyprelay::handoff {
namespace {

constexpr std::size_t kColumns = 80;
constexpr std::size_t kBarColumns = 48;
constexpr std::size_t kBoxColumns = 12;
// With more of them the rows must do.
constexpr std::size_t kMostBars = 8;

std::string address_text(Arch arch, base::PhysAddr address) {
  std::string digits = base::hex(address).substr(2);
  const std::size_t width = arch == Arch::kArm ? 9 : 12;
  return "0x" + std::string(width - std::min(width, digits.size()), '0') + digits;
}

std::string flush_right(const std::string& text, std::size_t width) {
  return std::string(width - std::min(width, text.size()), ' ') + text;
}

// Names come from trees and files.
std::string cut_to(const std::string& text, std::size_t width) {
  std::string shown = base::printable(text);
  // A column is a byte of ASCII.
  std::ranges::replace_if(
      shown, [](char c) { return c < ' ' || c > '~'; }, '?');
  if (shown.size() > width) {
    shown.resize(width - 2);
    shown += "..";
  }
  return shown;
}

// Of all that lies in a share of the bank, the use that is shown.
std::string bar_of(const MemoryMap& map, const base::PhysRange& bank) {
  std::string bar;
  std::size_t row = 0;
  const std::uint64_t share = std::max<std::uint64_t>(bank.size_bytes() / kBarColumns, 1);
  for (std::size_t column = 0; column < kBarColumns; ++column) {
    const base::PhysAddr start = bank.start() + share * column;
    const base::PhysAddr end = column + 1 == kBarColumns ? bank.end() : start + share;
    while (row < map.rows.size() && map.rows[row].range.end() <= start) {
      ++row;
    }
    // Many are less than one that is named.
    MapUse use = MapUse::kMany;
    bool found = false;
    for (std::size_t at = row; at < map.rows.size() && map.rows[at].range.start() < end; ++at) {
      const MapUse one = map.rows[at].use;
      if (one == MapUse::kMany) {
        use = !found || use <= MapUse::kFree ? one : use;
      } else if (!found || (use == MapUse::kMany ? one > MapUse::kFree : one > use)) {
        use = one;
      }
      found = true;
    }
    bar += look_of(use).glyph;
  }
  return bar;
}

std::string bars_text(const MemoryMap& map) {
  if (map.banks.size() > kMostBars) {
    return std::to_string(map.banks.size()) + " banks of memory\n";
  }
  std::string text;
  for (const base::PhysRange& bank : map.banks) {
    text += address_text(map.arch, bank.start()) + " [" + bar_of(map, bank) + "] " +
            base::size_text(bank.size_bytes()) + "\n";
  }
  return text;
}

std::string legend(const MemoryMap& map) {
  std::set<MapUse> used;
  for (const MapRow& row : map.rows) {
    used.insert(row.use);
  }
  std::string text;
  std::string line;
  for (const MapUse use : used) {
    if (use == MapUse::kNoMemory) {
      continue;
    }
    const std::string one = std::string(1, look_of(use).glyph) + " " + look_of(use).meaning;
    if (line.size() + one.size() + 3 > kColumns) {
      text += line + "\n";
      line.clear();
    }
    line += (line.empty() ? "" : "   ") + one;
  }
  return text + line + "\n";
}

}  // namespace

std::string to_text(const MemoryMap& map) {
  const MapScale scale = scale_of(map);
  std::string text = std::string("memory of the plan for ") + arch_name(map.arch) + "\n";
  if (map.boot_distance_bytes != 0) {
    text += "addresses are the tree's: kexec_load takes what is loaded " +
            base::hex(map.boot_distance_bytes) + " lower\n";
  }
  text += bars_text(map) + legend(map) + "one line is " +
          base::size_text(scale.line_bytes, base::Round::kDown) +
          "; what is smaller has a line as well\n\n";
  constexpr std::size_t kSizeColumns = 9;
  for (std::size_t i = 0; i < map.rows.size(); ++i) {
    const MapRow& row = map.rows[i];
    const std::string address = address_text(map.arch, row.range.start());
    if (row.use == MapUse::kNoMemory) {
      text += address + flush_right(base::size_text(row.range.size_bytes()), kSizeColumns + 1) +
              "  " + std::string(kBoxColumns, '~') + "  no memory\n";
      continue;
    }
    const std::string box = " |" + std::string(kBoxColumns, look_of(row.use).glyph) + "|";
    const std::size_t before = address.size() + 1 + kSizeColumns + box.size() + 1;
    text += address + " " + flush_right(base::size_text(row.memory_bytes), kSizeColumns) + box +
            " " + cut_to(row.what, kColumns - before) + "\n";
    for (std::size_t line = 1; line < scale.lines[i]; ++line) {
      text += std::string(address.size() + 1 + kSizeColumns, ' ') + box + "\n";
    }
  }
  if (!map.rows.empty()) {
    text += address_text(map.arch, map.rows.back().range.end()) + "\n";
  }
  return text;
}

}  // namespace hyprelay::handoff
