// SPDX-License-Identifier: BSD-2-Clause
// The device tree that the next kernel's is made from. Pure.
#pragma once

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "fdt/tree.hpp"
#include "handoff/machine.hpp"
#include "handoff/tree_edits.hpp"

#include <optional>
#include <string>
#include <vector>

namespace hyprelay::handoff {

struct SourceTree {
  fdt::Tree tree;
  // Where it comes from, for people: a file, "/sys/firmware/fdt".
  std::string name;
  // The memory of the running machine was written into it.
  bool memory_added = false;
  // What it costs to use this tree, with remedies, and what was added to it unasked: sentences.
  std::vector<std::string> warnings = {};
  std::vector<std::string> notes = {};
  // What was done to it because somebody wanted it: half sentences.
  std::vector<std::string> edits = {};
};

// The trees that there are besides the machine's own.
struct TreeOffer {
  // Somebody named it.
  std::optional<SourceTree> given = {};
  // The kernel's file carries it (ImageView::appended_tree); empty: none. Taken when it is the only
  // one.
  base::ByteView appended = {};
  // The kernel's file, for messages.
  std::string kernel_name = {};
  // Done to whichever of the trees is taken, before anything else.
  TreeEdits edits = {};
  // Whoever gave a tree knows better than what is known of the machine: nothing is refused and
  // nothing but missing memory is added; all that is found is a warning.
  bool is_trusted = false;
  // The kernel starts after the machine was reset: what the firmware of this boot has left in
  // memory will not be there.
  bool outlives_boot = false;
};

// The given tree, the machine's own, or the appended one. One that is not the machine's own gets
// what its firmware would have written into it (identity.hpp). Then the edits are done. What is now
// not the machine's own tree gets the machine's linux,uefi-* (efi_map.hpp), or its memory when it
// names none, and is compared with the machine's (tree_compare.hpp): what would hang is refused,
// reservations of the firmware that it lacks are made in it. Errors: MACHINE_NO_TREE (there is
// none), TREE_OVERLAY (trusted or not), those of apply_edits(), the codes of TreeComparison::hangs
// (trusted: TREE_STRANGE_MEMORY, where none of its memory is the machine's), TREE_LOST_RESERVED
// (they could not be made), other TREE_*, and those of add_missing_memory().
base::Result<SourceTree> choose_source_tree(TreeOffer offer, const Machine& machine);

// Writes the memory of `running` into `tree` when that names none. False: there was nothing to do,
// as for a tree that has the firmware's map (fdt/efi.hpp), beside which nobody reads /memory.
// Errors: TREE_NO_MEMORY (its addresses do not fit the cells of `tree`), TREE_*.
base::Result<bool> add_missing_memory(fdt::Tree& tree, const fdt::Tree& running);

}  // namespace hyprelay::handoff
