// SPDX-License-Identifier: BSD-2-Clause
#include "handoff/map.hpp"

#include "base/number_text.hpp"
#include "base/range_set.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace hyprelay::handoff {
namespace {

using base::PhysAddr;
using base::PhysRange;

// Something that lies in memory.
struct MapPiece {
  PhysRange range;
  MapUse use;
  std::string name;
};

MapUse use_of(SegmentKind kind) {
  switch (kind) {
    case SegmentKind::kKERNEL:
      return MapUse::kKernel;
    case SegmentKind::kINITRD:
      return MapUse::kInitrd;
    case SegmentKind::kTREE:
      return MapUse::kTree;
    case SegmentKind::kRELAY:
      return MapUse::kRelay;
    case SegmentKind::kELFCOREHDR:
      return MapUse::kElfcorehdr;
  }
  return MapUse::kFree;
}

PhysRange moved_up(const PhysRange& range, std::uint64_t up_bytes) {
  return PhysRange::from_size(range.start() + up_bytes, range.size_bytes()).value_or(range);
}

std::vector<MapPiece> pieces_of(const Machine& machine, const Plan& plan) {
  std::vector<MapPiece> pieces;
  const std::uint64_t up = plan.boot_distance_bytes;
  for (const NamedRange& r : machine.reserved) {
    pieces.push_back({r.range, MapUse::kReserved, r.name});
  }
  // The same ones, and those of the tree besides.
  for (const NamedRange& r : plan.avoided) {
    pieces.push_back({moved_up(r.range, up), MapUse::kReserved, r.name});
  }
  for (const PhysRange& region : machine.crash_regions) {
    pieces.push_back({region, MapUse::kCrash, "crash region"});
  }
  for (const Footprint& footprint : plan.footprints) {
    pieces.push_back(
        {moved_up(footprint.range, up), MapUse::kFootprint, "written early: " + footprint.reason});
  }
  for (const Placement& one : plan.placements) {
    pieces.push_back({moved_up(one.memory, up), use_of(one.kind), segment_name(one.kind)});
  }
  if (plan.packed) {
    pieces.push_back({moved_up(plan.packed->memory, up), MapUse::kPacked, "kernel as LZ4"});
  }
  return pieces;
}

// A crash region is among what is reserved, too.
MapUse shown_use(MapUse use, const std::string& name) {
  return use == MapUse::kReserved && name == "Crash kernel" ? MapUse::kCrash : use;
}

// Pieces begin and end here.
struct MapEvent {
  std::uint64_t at;
  std::size_t piece;
  bool begins;
};

// One sweep over all that begins and ends in the banks.
class Sweep {
 public:
  explicit Sweep(const std::vector<MapPiece>& pieces) : pieces_(pieces) {
    for (std::size_t i = 0; i < pieces.size(); ++i) {
      if (!pieces[i].range.empty()) {
        events_.push_back({pieces[i].range.start().raw(), i, true});
        events_.push_back({pieces[i].range.end().raw(), i, false});
      }
    }
    std::ranges::sort(events_, {},
                      [](const MapEvent& event) { return std::pair(event.at, event.begins); });
  }

  // Banks must come low to high.
  void add_bank(const PhysRange& bank, std::vector<MapRow>& rows) {
    std::uint64_t at = bank.start().raw();
    take_until(at);
    while (at < bank.end().raw()) {
      const std::uint64_t end = next_ == events_.size()
                                    ? bank.end().raw()
                                    : std::min(events_[next_].at, bank.end().raw());
      add_row(at, end, bank, rows);
      at = end;
      take_until(at);
    }
  }

 private:
  void take_until(std::uint64_t at) {
    for (; next_ < events_.size() && events_[next_].at <= at; ++next_) {
      const MapEvent& event = events_[next_];
      if (event.begins) {
        active_.push_back(event.piece);
      } else {
        std::erase(active_, event.piece);
      }
    }
  }

  void add_row(std::uint64_t start, std::uint64_t end, const PhysRange& bank,
               std::vector<MapRow>& rows) const {
    MapRow row{PhysRange::from_bounds(PhysAddr(start), PhysAddr(end)).value_or(PhysRange()),
               MapUse::kFree, "free", end - start};
    std::vector<std::size_t> order = active_;
    std::ranges::stable_sort(order, std::greater(),
                             [this](std::size_t i) { return pieces_[i].use; });
    std::vector<std::string_view> names;
    for (const std::size_t i : order) {
      const MapPiece& piece = pieces_[i];
      if (names.empty()) {
        row.use = shown_use(piece.use, piece.name);
        row.what = piece.name;
      } else if (std::ranges::find(names, piece.name) == names.end() &&
                 !(row.use == MapUse::kCrash && piece.use == MapUse::kCrash)) {
        row.what += "; " + piece.name;
      }
      names.emplace_back(piece.name);
    }
    const bool goes_on = !rows.empty() && rows.back().range.end() == row.range.start() &&
                         rows.back().use == row.use && rows.back().what == row.what &&
                         row.range.start() != bank.start();
    if (goes_on) {
      MapRow& last = rows.back();
      last.range = PhysRange::from_bounds(last.range.start(), row.range.end()).value_or(last.range);
      last.memory_bytes += row.memory_bytes;
    } else {
      rows.push_back(std::move(row));
    }
  }

  const std::vector<MapPiece>& pieces_;
  std::vector<MapEvent> events_;
  std::size_t next_ = 0;
  // Those that hold the address at hand.
  std::vector<std::size_t> active_;
};

// What may be counted with others. A segment never is.
bool is_plain(MapUse use) {
  return use == MapUse::kFree || use == MapUse::kReserved || use == MapUse::kNoMemory;
}

MapRow counted_row(const std::vector<MapRow>& rows, std::size_t first, std::size_t end) {
  MapRow row{PhysRange::from_bounds(rows[first].range.start(), rows[end - 1].range.end())
                 .value_or(PhysRange()),
             MapUse::kMany, "", 0};
  std::size_t reserved = 0;
  std::uint64_t reserved_bytes = 0;
  std::size_t gaps = 0;
  for (std::size_t i = first; i < end; ++i) {
    row.memory_bytes += rows[i].memory_bytes;
    gaps += rows[i].use == MapUse::kNoMemory ? 1 : 0;
    if (rows[i].use == MapUse::kReserved) {
      ++reserved;
      reserved_bytes += rows[i].memory_bytes;
    }
  }
  row.what = std::to_string(reserved) + " reserved, " + base::size_text(reserved_bytes) + " of " +
             base::size_text(row.memory_bytes);
  if (gaps != 0) {
    row.what += "; " + std::to_string(gaps) + (gaps == 1 ? " gap" : " gaps");
  }
  return row;
}

// Rows of less than `least` bytes that follow each other are one.
std::vector<MapRow> joined_rows(const std::vector<MapRow>& rows, std::uint64_t least) {
  std::vector<MapRow> all;
  const auto is_small = [&](std::size_t i) {
    return is_plain(rows[i].use) && rows[i].memory_bytes < least;
  };
  for (std::size_t i = 0; i < rows.size();) {
    std::size_t end = i;
    while (end < rows.size() && is_small(end)) {
      ++end;
    }
    if (end - i >= 2) {
      all.push_back(counted_row(rows, i, end));
    } else {
      all.insert(all.end(), rows.begin() + static_cast<std::ptrdiff_t>(i),
                 rows.begin() + static_cast<std::ptrdiff_t>(std::max(end, i + 1)));
    }
    i = std::max(end, i + 1);
  }
  return all;
}

constexpr auto kLooks = std::to_array<MapLook>({
    {' ', "#ffffff", "no memory"},
    {'.', "#e8f1e4", "free"},
    {'C', "#f3d9a4", "crash region"},
    {'#', "#9aa0a6", "reserved"},
    {'w', "#f6c7c1", "written early by the kernel"},
    {'E', "#b39ddb", "ELF core header"},
    {'R', "#5c6bc0", "relay"},
    {'T', "#26a69a", "device tree"},
    {'I', "#66a3d9", "initrd"},
    {'P', "#d98cb3", "kernel as loaded"},
    {'K', "#d9534f", "kernel"},
    {':', "#c9cfd4", "many, counted"},
});
static_assert(kLooks.size() == static_cast<std::size_t>(MapUse::kMany) + 1);

}  // namespace

const MapLook& look_of(MapUse use) {
  return kLooks[static_cast<std::size_t>(use)];
}

MemoryMap make_map(const Machine& machine, const Plan& plan, std::size_t most_rows) {
  MemoryMap map;
  map.arch = machine.arch;
  map.boot_distance_bytes = plan.boot_distance_bytes;
  const base::RangeSet ram = base::RangeSet::of(machine.ram);
  map.banks.assign(ram.ranges().begin(), ram.ranges().end());
  const std::vector<MapPiece> pieces = pieces_of(machine, plan);
  Sweep sweep(pieces);
  std::vector<MapRow> rows;
  for (const PhysRange& bank : map.banks) {
    if (!rows.empty()) {
      rows.push_back(
          {PhysRange::from_bounds(rows.back().range.end(), bank.start()).value_or(PhysRange()),
           MapUse::kNoMemory, "no memory", 0});
    }
    sweep.add_bank(bank, rows);
  }
  map.rows = rows;
  constexpr std::uint64_t kFirst = std::uint64_t{64} << 10;
  for (std::uint64_t least = kFirst; map.rows.size() > most_rows && least != 0; least <<= 1) {
    map.rows = joined_rows(rows, least);
  }
  return map;
}

MapScale scale_of(const MemoryMap& map) {
  // So many lines more than there are rows, about.
  constexpr std::uint64_t kLines = 32;
  std::uint64_t all = 0;
  for (const MapRow& row : map.rows) {
    all += row.memory_bytes;
  }
  MapScale scale;
  scale.line_bytes = std::uint64_t{1} << 20;
  while (all / scale.line_bytes > kLines) {
    scale.line_bytes <<= 1;
  }
  for (const MapRow& row : map.rows) {
    scale.lines.push_back(
        static_cast<std::size_t>(std::max<std::uint64_t>(row.memory_bytes / scale.line_bytes, 1)));
  }
  return scale;
}

}  // namespace hyprelay::handoff
