// SPDX-License-Identifier: BSD-2-Clause
// The device tree that the next kernel's is made from. Pure.
#pragma once

#include "base/result.hpp"
#include "fdt/tree.hpp"
#include "handoff/machine.hpp"

#include <optional>
#include <string>

namespace hyprelay::handoff {

struct SourceTree {
  fdt::Tree tree;
  // Where it comes from, for people: a file, "/sys/firmware/fdt".
  std::string name;
  // The memory nodes of the running machine were copied into it.
  bool memory_added = false;
};

// `given`, with the machine's memory when it names none; or the machine's own. Errors:
// MACHINE_NO_TREE (neither is there), TREE_*, and those of add_missing_memory().
base::Result<SourceTree> choose_source_tree(std::optional<SourceTree> given,
                                            const Machine& machine);

// Copies the memory nodes of `running` into `tree` when it has none that names any memory. False:
// there was nothing to do. Errors: TREE_NO_MEMORY (also when the two count addresses in different
// cells), TREE_*.
base::Result<bool> add_missing_memory(fdt::Tree& tree, const fdt::Tree& running);

}  // namespace hyprelay::handoff
