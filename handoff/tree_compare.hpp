// SPDX-License-Identifier: BSD-2-Clause
// A device tree that somebody gives, beside what is known of the machine that it is for. Pure.
#pragma once

#include "base/error.hpp"
#include "base/result.hpp"
#include "fdt/facts.hpp"
#include "fdt/tree.hpp"
#include "handoff/machine.hpp"

#include <string>
#include <vector>

namespace hyprelay::handoff {

struct TreeFinding {
  base::Code code = base::Code::INTERNAL;
  std::string detail;

  bool operator==(const TreeFinding&) const = default;
};

// "board.dtb: DETAIL: the sentence of the code; its remedy". The name may be any path.
std::string to_text(const TreeFinding& finding, const std::string& name);
// Of stage tree. A long path loses its front, so that the detail is not cut.
base::Error to_error(const TreeFinding& finding, const std::string& name);

struct TreeComparison {
  // With these the next kernel hangs, or writes where there is no memory; the worst first.
  std::vector<TreeFinding> hangs;
  // These cost something.
  std::vector<TreeFinding> costs;
  // Memory of the given tree, or all that there is when it has EFI's map, that the running tree
  // keeps for the firmware and the given one does not, low to high: no_map where the given one
  // would map it. Names are the running tree's.
  std::vector<fdt::ReservedRange> lost;
};

// `running`: the machine's tree, nullptr when it has none; what cannot be read of it is not
// compared. What was reserved for the running kernel alone (old_memory.hpp) is not lost, nor is
// what is `reusable`, which belongs to the driver that the running tree names for it. Errors:
// TREE_BAD_PROPERTY of the given tree.
base::Result<TreeComparison> compare_trees(const fdt::Tree& given, const Machine& machine,
                                           const fdt::Tree* running);

// What Linux hands out until a driver wants it back, and so no reservation. Of what is no-map it
// makes no pool [linux/kernel/dma/contiguous.c rmem_cma_setup].
inline bool is_pool(const fdt::ReservedRange& one) {
  return one.reusable && !one.no_map;
}

// Reserves those ranges in the given tree, in one node of /reserved-memory for each kind: Linux
// reads all of a reg [linux/drivers/of/fdt.c __reserved_mem_reserve_reg]. /memreserve/ of the given
// tree makes way for what is no-map, which kernels before 6.4 refuse for what it names. Errors:
// TREE_LOST_RESERVED (/reserved-memory has no ranges or other cells than the root, which Linux
// ignores; an address does not fit them; a reusable pool lies there), and those of edits.
base::Result<void> carry_over(fdt::Tree& tree, const std::vector<fdt::ReservedRange>& lost);

}  // namespace hyprelay::handoff
