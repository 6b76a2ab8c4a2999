// SPDX-License-Identifier: BSD-2-Clause
#include "base/number_text.hpp"
#include "base/range_set.hpp"
#include "handoff/cells.hpp"
#include "handoff/tree_compare.hpp"

#include <algorithm>
#include <functional>
#include <iterator>
#include <string_view>
#include <utility>
#include <vector>

namespace hyprelay::handoff {
namespace {

using base::Code;
using base::PhysRange;
using base::RangeSet;

base::Error cannot(std::string_view why) {
  return {Code::TREE_LOST_RESERVED, base::Stage::kTree, why};
}

// A second node over a pool reserves nothing: Linux hands the pool out as soon as it has taken it
// [linux/kernel/dma/contiguous.c rmem_cma_setup].
base::Result<void> no_pool_over(const fdt::Tree& tree,
                                const std::vector<fdt::ReservedRange>& lost) {
  std::vector<PhysRange> ranges;
  std::ranges::transform(lost, std::back_inserter(ranges), &fdt::ReservedRange::range);
  const RangeSet missing = RangeSet::of(std::move(ranges));
  HR_TRY(reserved, fdt::reserved_ranges(tree));
  for (const fdt::ReservedRange& pool : reserved) {
    if (is_pool(pool) && missing.overlaps(pool.range)) {
      const RangeSet under = missing.intersection({pool.range});
      return cannot(base::hex(under.ranges().front().start()) + " is in a pool: " + pool.name +
                    " is reusable");
    }
  }
  return base::success();
}

// Kernels before 6.4 reserve /memreserve/ first, and refuse no-map for a pair that meets any of it
// [linux/drivers/of/fdt.c early_init_fdt_scan_reserved_mem, early_init_dt_reserve_memory].
base::Result<void> make_way(fdt::Tree& tree, std::vector<PhysRange> no_map) {
  const RangeSet unmapped = RangeSet::of(std::move(no_map));
  const auto in_the_way = [&](const PhysRange& entry) { return unmapped.overlaps(entry); };
  std::vector<PhysRange> entries = tree.memory_reservations();
  std::erase_if(entries, std::not_fn(in_the_way));
  tree.remove_memory_reservations(in_the_way);
  RangeSet rest = RangeSet::of(std::move(entries));
  rest.remove(unmapped);
  for (const PhysRange& entry : rest.ranges()) {
    HR_TRYV(tree.add_memory_reservation(entry));
  }
  return base::success();
}

}  // namespace

base::Result<void> carry_over(fdt::Tree& tree, const std::vector<fdt::ReservedRange>& lost) {
  constexpr std::string_view kParent = "/reserved-memory";
  HR_TRYV(no_pool_over(tree, lost));
  for (const bool no_map : {false, true}) {
    std::vector<PhysRange> ranges;
    for (const fdt::ReservedRange& one : lost) {
      if (one.no_map == no_map) {
        ranges.push_back(one.range);
      }
    }
    if (ranges.empty()) {
      continue;
    }
    const Cells cells = cells_of(tree);
    if (!tree.has_node(kParent)) {
      HR_TRYV(tree.set_u32("/reserved-memory", "#address-cells",
                           static_cast<std::uint32_t>(cells.address)));
      HR_TRYV(
          tree.set_u32("/reserved-memory", "#size-cells", static_cast<std::uint32_t>(cells.size)));
      HR_TRYV(tree.set(kParent, "ranges", {}));
    }
    if (number_in(tree.property(kParent, "#address-cells")) != cells.address ||
        number_in(tree.property(kParent, "#size-cells")) != cells.size ||
        !tree.property(kParent, "ranges")) {
      return cannot("/reserved-memory lacks ranges or the root's cells: Linux ignores it");
    }
    const auto reg = fdt::in_root_cells(tree, ranges);
    if (!reg) {
      return cannot("the root's cells are too narrow");
    }
    std::string node = std::string(kParent)
                           .append(no_map ? "/kept-no-map@" : "/kept@")
                           .append(base::hex(ranges.front().start()).substr(2));
    while (tree.has_node(node)) {
      node += "-";
    }
    HR_TRYV(tree.set(node, "reg", *reg));
    if (no_map) {
      HR_TRYV(tree.set(node, "no-map", {}));
      HR_TRYV(make_way(tree, std::move(ranges)));
    }
  }
  return base::success();
}

}  // namespace hyprelay::handoff
