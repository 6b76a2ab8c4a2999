// SPDX-License-Identifier: BSD-2-Clause
#include "handoff/source_tree.hpp"

#include "base/number_text.hpp"
#include "base/range_set.hpp"
#include "fdt/efi.hpp"
#include "fdt/facts.hpp"
#include "handoff/efi_map.hpp"
#include "handoff/identity.hpp"
#include "handoff/tree_compare.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace hyprelay::handoff {
namespace {

using base::Code;
using base::Error;
using base::Stage;

// More of them tell nobody more.
constexpr std::size_t kMostNotes = 8;

std::string said_of(const fdt::ReservedRange& range) {
  return base::size_text(range.range.size_bytes()) + " at " + base::hex(range.range.start()) +
         " (" + range.name + (range.no_map ? ", no-map)" : ")");
}

std::vector<std::string> kept_notes(const SourceTree& source,
                                    const std::vector<fdt::ReservedRange>& lost) {
  std::vector<std::string> notes;
  for (const fdt::ReservedRange& range : lost) {
    if (notes.size() == kMostNotes) {
      notes.push_back(source.name + ": and " + std::to_string(lost.size() - kMostNotes) +
                      " more ranges");
      break;
    }
    notes.push_back(source.name + ": reserved as on the running machine: " + said_of(range));
  }
  return notes;
}

// Trust does not make memory of it: nothing could be put anywhere.
base::Result<void> has_some_memory(const SourceTree& source, const Machine& machine) {
  if (fdt::has_efi_map(source.tree) || machine.ram.empty()) {
    return base::success();
  }
  HR_TRY(memory, fdt::memory_ranges(source.tree));
  const auto named = base::RangeSet::of(std::move(memory));
  const auto ram = base::RangeSet::of(machine.ram);
  if (named.empty() || !named.intersection(ram).empty()) {
    return base::success();
  }
  const std::string places = "all /memory at " + base::hex(named.ranges().front().start()) +
                             ", System RAM at " + base::hex(ram.ranges().front().start());
  return to_error({Code::TREE_STRANGE_MEMORY, places}, source.name);
}

base::Result<void> hold_to_machine(SourceTree& source, bool is_trusted, const Machine& machine,
                                   const fdt::Tree* running) {
  HR_TRY(found, compare_trees(source.tree, machine, running));
  if (!is_trusted && !found.hangs.empty()) {
    return to_error(found.hangs.front(), source.name);
  }
  HR_TRYV(has_some_memory(source, machine));
  std::vector<TreeFinding> findings = std::move(found.hangs);
  findings.insert(findings.end(), found.costs.begin(), found.costs.end());
  if (is_trusted && !found.lost.empty()) {
    findings.push_back({Code::TREE_LOST_RESERVED, said_of(found.lost.front())});
  }
  for (const TreeFinding& finding : findings) {
    source.warnings.push_back(to_text(finding, source.name));
  }
  if (!is_trusted) {
    const auto carried = carry_over(source.tree, found.lost);
    if (!carried) {
      const Error& error = carried.error();
      return error.code() == Code::TREE_LOST_RESERVED
                 ? to_error({error.code(), std::string(error.subject())}, source.name)
                 : error;
    }
    std::ranges::move(kept_notes(source, found.lost), std::back_inserter(source.notes));
  }
  return base::success();
}

base::Result<void> note_memory(SourceTree& source) {
  HR_TRY(memory, fdt::memory_ranges(source.tree));
  std::string text;
  for (const base::PhysRange& range : memory) {
    text.append(text.empty() ? "" : ", ")
        .append(base::size_text(range.size_bytes()))
        .append(" at ");
    text.append(base::hex(range.start()));
  }
  source.notes.push_back(source.name + ": memory of the running machine: " + text);
  return base::success();
}

// Of what there is: the given tree first, then the machine's.
base::Result<SourceTree> pick(TreeOffer& offer, const std::optional<fdt::Tree>& running,
                              const Machine& machine) {
  if (offer.given) {
    return std::move(*offer.given);
  }
  if (running) {
    return SourceTree{*running, machine.device_tree_source};
  }
  if (offer.appended.empty()) {
    return Error(Code::MACHINE_NO_TREE, Stage::kMachine);
  }
  const std::string name = "the tree appended to " + offer.kernel_name;
  HR_TRY(tree, fdt::Tree::from_bytes(offer.appended, name));
  return SourceTree{std::move(tree), name};
}

}  // namespace

base::Result<SourceTree> choose_source_tree(TreeOffer offer, const Machine& machine) {
  std::optional<fdt::Tree> running;
  if (!machine.device_tree.empty()) {
    HR_TRY(tree, fdt::Tree::from_bytes(machine.device_tree, machine.device_tree_source));
    running = std::move(tree);
  }
  const bool is_another = offer.given || !running;
  const bool is_own = !is_another && offer.edits.empty();
  const bool has_other = offer.given || running;
  HR_TRY(source, pick(offer, running, machine));
  if (!is_own && fdt::is_overlay(source.tree)) {
    return Error(Code::TREE_OVERLAY, Stage::kTree, source.name);
  }
  // Before the edits, which have the last word.
  if (is_another && running && !offer.is_trusted) {
    HR_TRYV(add_identity(source, *running));
  }
  HR_TRY(edits, apply_edits(offer.edits, source.tree));
  source.edits = std::move(edits);
  if (offer.outlives_boot) {
    HR_TRYV(forget_boot(source));
  }
  if (!is_own) {
    if (running && !offer.outlives_boot) {
      HR_TRYV(hold_to_boot(source, offer.is_trusted, *running));
    }
    if (running) {
      HR_TRY(added, add_missing_memory(source.tree, *running));
      source.memory_added = source.memory_added || added;
      if (added) {
        HR_TRYV(note_memory(source));
      }
    }
    HR_TRYV(hold_to_machine(source, offer.is_trusted, machine, running ? &*running : nullptr));
  }
  if (has_other && !offer.appended.empty()) {
    source.notes.push_back(offer.kernel_name + ": the device tree appended to it is left out, " +
                           source.name + " is used");
  }
  return std::move(source);
}

base::Result<bool> add_missing_memory(fdt::Tree& tree, const fdt::Tree& running) {
  if (fdt::has_efi_map(tree)) {
    return false;
  }
  HR_TRY(there, fdt::memory_ranges(tree));
  HR_TRY(memory, fdt::memory_ranges(running));
  if (!there.empty() || memory.empty()) {
    return false;
  }
  const auto reg = fdt::in_root_cells(tree, memory);
  if (!reg) {
    return Error(Code::TREE_NO_MEMORY, Stage::kTree,
                 "the root's cells are too narrow for the machine's memory");
  }
  // An empty node of the user's, to be filled in by a bootloader, goes first.
  tree.remove_nodes_of_type("memory");
  const std::string node = "/memory@" + base::hex(memory.front().start()).substr(2);
  HR_TRYV(tree.set_string(node, "device_type", "memory"));
  HR_TRYV(tree.set(node, "reg", *reg));
  return true;
}

}  // namespace hyprelay::handoff
