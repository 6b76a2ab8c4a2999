// SPDX-License-Identifier: BSD-2-Clause
#include "handoff/tree_compare.hpp"

#include "base/error_text.hpp"
#include "base/number_text.hpp"
#include "base/range_set.hpp"
#include "fdt/efi.hpp"
#include "handoff/old_memory.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <optional>
#include <set>
#include <string_view>
#include <utility>

namespace hyprelay::handoff {
namespace {

using base::Code;
using base::PhysRange;
using base::RangeSet;

// What is compared. Unset: not known.
struct TreeFacts {
  std::optional<std::vector<std::string>> compatible;
  std::optional<std::vector<PhysRange>> memory;
  std::optional<std::vector<fdt::Cpu>> cpus;
  std::optional<fdt::Conduit> psci;
  std::optional<fdt::ChosenConsole> console;
  std::optional<std::vector<fdt::ReservedRange>> reserved;
  bool has_efi_map = false;
  bool is_stub = false;
};

struct Sides {
  const TreeFacts& given;
  const TreeFacts& running;
  const Machine& machine;
};

base::Result<TreeFacts> facts_of(const fdt::Tree& tree) {
  HR_TRY(compatible, fdt::root_compatible(tree));
  // Beside the firmware's map nobody reads it, whatever stands there.
  std::vector<PhysRange> memory;
  const bool has_efi_map = fdt::has_efi_map(tree);
  if (!has_efi_map) {
    HR_TRY(named, fdt::memory_ranges(tree));
    memory = std::move(named);
  }
  HR_TRY(cpus, fdt::cpus(tree));
  HR_TRY(psci, fdt::psci_conduit(tree));
  HR_TRY(console, fdt::chosen_console(tree));
  HR_TRY(reserved, fdt::reserved_ranges(tree));
  return TreeFacts{std::move(compatible), std::move(memory),   std::move(cpus), psci,
                   std::move(console),    std::move(reserved), has_efi_map,     fdt::is_stub(tree)};
}

template <class T>
std::optional<T> if_readable(base::Result<T> result) {
  return result ? std::optional(std::move(result).value()) : std::nullopt;
}

TreeFacts readable_facts(const fdt::Tree* tree) {
  if (tree == nullptr) {
    return {};
  }
  return {if_readable(fdt::root_compatible(*tree)),
          if_readable(fdt::memory_ranges(*tree)),
          if_readable(fdt::cpus(*tree)),
          if_readable(fdt::psci_conduit(*tree)),
          if_readable(fdt::chosen_console(*tree)),
          if_readable(fdt::reserved_ranges(*tree)),
          fdt::has_efi_map(*tree),
          fdt::is_stub(*tree)};
}

RangeSet without(RangeSet set, const RangeSet& other) {
  set.remove(other);
  return set;
}

std::string place_of(const PhysRange& range) {
  return base::size_text(range.size_bytes()) + " at " + base::hex(range.start());
}

// The rules: nullopt, or what is wrong here.
using Detail = std::optional<std::string>;

// A board's compatible names the board, its family and its chip: boards that are the same machine
// under two names share one of them.
Detail other_board(const Sides& sides) {
  if (!sides.running.compatible || sides.running.compatible->empty()) {
    return std::nullopt;
  }
  const std::set<std::string_view> known(sides.running.compatible->begin(),
                                         sides.running.compatible->end());
  const auto& given = *sides.given.compatible;
  if (std::ranges::any_of(given, [&](const std::string& one) { return known.contains(one); })) {
    return std::nullopt;
  }
  return (given.empty() ? "nothing" : given.front()) + " here, " +
         sides.running.compatible->front() + " on the running machine";
}

// 32-bit boards with one CPU do without [linux/arch/arm/kernel/devtree.c arm_dt_init_cpu_maps], and
// where ACPI has them the tree is a stub, of which /sys/firmware/fdt is one.
Detail no_cpus(const Sides& sides) {
  const bool by_acpi = sides.given.is_stub && sides.running.is_stub;
  const bool wanted = !by_acpi && (sides.machine.arch == Arch::kArm64 ||
                                   (sides.running.cpus && !sides.running.cpus->empty()));
  return wanted && sides.given.cpus->empty() ? Detail("/cpus") : std::nullopt;
}

// What the machine's tree calls memory, firmware's included, and what its kernel calls RAM.
Detail strange_memory(const Sides& sides) {
  std::vector<PhysRange> known = sides.machine.ram;
  if (sides.running.memory) {
    known.insert(known.end(), sides.running.memory->begin(), sides.running.memory->end());
  }
  if (known.empty()) {
    return std::nullopt;
  }
  const RangeSet strange =
      without(RangeSet::of(*sides.given.memory), RangeSet::of(std::move(known)));
  return strange.empty() ? std::nullopt : Detail(place_of(strange.ranges().front()));
}

std::string_view conduit_text(fdt::Conduit conduit) {
  switch (conduit) {
    case fdt::Conduit::kNone:
      return "no PSCI";
    case fdt::Conduit::kSmc:
      return "smc";
    case fdt::Conduit::kHvc:
      return "hvc";
  }
  __builtin_unreachable();
}

// The first PSCI call of the next kernel is an undefined instruction, or another's.
Detail other_conduit(const Sides& sides) {
  if (sides.given.psci == fdt::Conduit::kNone || !sides.running.psci ||
      sides.given.psci == sides.running.psci) {
    return std::nullopt;
  }
  return std::string(conduit_text(*sides.given.psci))
      .append(" here, ")
      .append(conduit_text(*sides.running.psci))
      .append(" on the running machine");
}

Detail lost_psci(const Sides& sides) {
  const bool had = sides.running.psci.value_or(fdt::Conduit::kNone) != fdt::Conduit::kNone;
  return had && sides.given.psci == fdt::Conduit::kNone
             ? Detail(std::string(conduit_text(*sides.running.psci)) + " on the running machine")
             : std::nullopt;
}

// How a kernel of that tree starts a CPU. A 32-bit one with PSCI starts all of them by it, whatever
// they say [linux/arch/arm/kernel/setup.c setup_arch]; a 64-bit one asks each CPU
// [linux/arch/arm64/kernel/cpu_ops.c].
std::string start_of(const fdt::Cpu& cpu, const TreeFacts& facts, Arch arch) {
  const bool has_psci = facts.psci.value_or(fdt::Conduit::kNone) != fdt::Conduit::kNone;
  if (arch == Arch::kArm && has_psci) {
    return "psci";
  }
  if (cpu.enable_method == "psci" && !has_psci) {
    return "psci without a PSCI node";
  }
  if (cpu.enable_method == "spin-table" && cpu.release_address) {
    return "spin-table at " + base::hex(*cpu.release_address);
  }
  return cpu.enable_method;
}

Detail lost_cpus(const Sides& sides) {
  if (!sides.running.cpus || sides.running.cpus->size() < 2) {
    return std::nullopt;
  }
  std::map<std::optional<std::uint64_t>, const fdt::Cpu*> given;
  for (const fdt::Cpu& cpu : *sides.given.cpus) {
    given.emplace(cpu.id, &cpu);
  }
  std::size_t lost = 0;
  std::string first;
  for (const fdt::Cpu& cpu : *sides.running.cpus) {
    const auto same = given.find(cpu.id);
    const std::string was = start_of(cpu, sides.running, sides.machine.arch);
    const std::string is =
        same == given.end() ? "" : start_of(*same->second, sides.given, sides.machine.arch);
    if (same != given.end() && (was.empty() || is == was)) {
      continue;
    }
    if (lost++ == 0) {
      first = "cpu@" + (cpu.id ? base::hex(*cpu.id).substr(2) : "?") + " by " +
              (same == given.end() ? "no node"
               : is.empty()        ? "nothing"
                                   : is) +
              " here, by " + (was.empty() ? "its node" : was) + " on the running machine";
    }
  }
  if (lost == 0) {
    return std::nullopt;
  }
  return std::to_string(lost) + " of " + std::to_string(sides.running.cpus->size()) + " CPUs, " +
         first;
}

Detail no_console(const Sides& sides) {
  const fdt::ChosenConsole& console = *sides.given.console;
  if (!console.text.empty()) {
    return console.is_there ? std::nullopt : Detail(console.text);
  }
  const bool had = sides.running.console && !sides.running.console->text.empty();
  return had ? Detail("none here, " + sides.running.console->text + " on the running machine")
             : std::nullopt;
}

struct Rule {
  Code code;
  Detail (*finds)(const Sides& sides);
};

constexpr Rule kHangs[] = {{Code::TREE_OTHER_BOARD, other_board},
                           {Code::TREE_NO_CPUS, no_cpus},
                           {Code::TREE_STRANGE_MEMORY, strange_memory},
                           {Code::TREE_OTHER_CONDUIT, other_conduit}};
constexpr Rule kCosts[] = {{Code::TREE_LOST_PSCI, lost_psci},
                           {Code::TREE_LOST_CPUS, lost_cpus},
                           {Code::TREE_NO_CONSOLE, no_console}};

template <std::size_t kCount>
std::vector<TreeFinding> apply_rules(const Rule (&rules)[kCount], const Sides& sides) {
  std::vector<TreeFinding> findings;
  for (const Rule& rule : rules) {
    if (Detail detail = rule.finds(sides)) {
      findings.push_back({rule.code, std::move(*detail)});
    }
  }
  return findings;
}

RangeSet reserved_set(const std::vector<fdt::ReservedRange>& reserved, bool no_map_alone) {
  std::vector<PhysRange> ranges;
  for (const fdt::ReservedRange& one : reserved) {
    if (!is_pool(one) && (one.no_map || !no_map_alone)) {
      ranges.push_back(one.range);
    }
  }
  return RangeSet::of(std::move(ranges));
}

constexpr std::string_view kMemreserve = "/memreserve/";

RangeSet entries_of(const std::vector<fdt::ReservedRange>& reserved) {
  std::vector<PhysRange> entries;
  for (const fdt::ReservedRange& one : reserved) {
    if (one.name == kMemreserve) {
      entries.push_back(one.range);
    }
  }
  return RangeSet::of(std::move(entries));
}

// What the given tree reserves. Kernels before 6.4 refuse no-map for what /memreserve/ names, too:
// it is believed where the running tree names the same.
std::vector<fdt::ReservedRange> given_ranges(const Sides& sides,
                                             const std::vector<fdt::ReservedRange>& running) {
  const RangeSet refused = without(entries_of(*sides.given.reserved), entries_of(running));
  std::vector<fdt::ReservedRange> given = *sides.given.reserved;
  for (fdt::ReservedRange& one : given) {
    one.no_map = one.no_map && !refused.overlaps(one.range);
  }
  return given;
}

// The running tree's name for what lies there: that of the range which begins last before its end.
std::string name_at(const std::vector<fdt::ReservedRange>& sorted, const PhysRange& range) {
  const auto after = std::ranges::lower_bound(
      sorted, range.end(), {}, [](const fdt::ReservedRange& one) { return one.range.start(); });
  return after == sorted.begin() ? "?" : std::prev(after)->name;
}

std::vector<fdt::ReservedRange> lost_ranges(const Sides& sides, const fdt::Tree& running) {
  std::vector<fdt::ReservedRange> kept =
      sides.running.reserved.value_or(std::vector<fdt::ReservedRange>());
  const std::vector<fdt::ReservedRange> given = given_ranges(sides, kept);
  const OldMemory old(running);
  std::erase_if(kept, [&](const fdt::ReservedRange& one) {
    return is_pool(one) || (one.name == kMemreserve && old.owns(one.range));
  });
  std::ranges::stable_sort(kept, {},
                           [](const fdt::ReservedRange& one) { return one.range.start(); });
  const RangeSet memory = RangeSet::of(*sides.given.memory);
  std::vector<fdt::ReservedRange> lost;
  RangeSet done;
  for (const bool no_map : {true, false}) {
    RangeSet missing = without(reserved_set(kept, no_map), reserved_set(given, no_map));
    missing.remove(done);
    // What is no memory there stays so without a reservation. What the firmware's map calls memory
    // is not known.
    if (!sides.given.has_efi_map) {
      missing.remove(without(missing, memory));
    }
    for (const PhysRange& range : missing.ranges()) {
      lost.push_back({range, name_at(kept, range), no_map});
    }
    done = std::move(missing);
  }
  std::ranges::stable_sort(lost, {},
                           [](const fdt::ReservedRange& one) { return one.range.start(); });
  return lost;
}

}  // namespace

std::string to_text(const TreeFinding& finding, const std::string& name) {
  const base::ErrorRow& row = base::row_of(finding.code);
  return std::string(name)
      .append(": ")
      .append(finding.detail)
      .append(": ")
      .append(row.sentence)
      .append("; ")
      .append(row.remedy);
}

base::Error to_error(const TreeFinding& finding, const std::string& name) {
  constexpr std::size_t kMostOfName = 40;
  const std::string shown =
      name.size() <= kMostOfName ? name : "..." + name.substr(name.size() - kMostOfName + 3);
  return base::Error(finding.code, base::Stage::kTree, shown + ": " + finding.detail);
}

base::Result<TreeComparison> compare_trees(const fdt::Tree& given, const Machine& machine,
                                           const fdt::Tree* running) {
  HR_TRY(here, facts_of(given));
  const TreeFacts there = readable_facts(running);
  const Sides sides{here, there, machine};
  TreeComparison comparison{apply_rules(kHangs, sides), apply_rules(kCosts, sides), {}};
  if (running != nullptr) {
    comparison.lost = lost_ranges(sides, *running);
  }
  return comparison;
}

}  // namespace hyprelay::handoff
