// SPDX-License-Identifier: BSD-2-Clause
#include "handoff/efi_map.hpp"

#include "fdt/efi.hpp"
#include "fdt/facts.hpp"
#include "handoff/tree_compare.hpp"

#include <algorithm>

namespace hyprelay::handoff {
namespace {

constexpr std::string_view kEfiHome = "/chosen";

base::Result<void> remove_efi_map(fdt::Tree& tree) {
  for (const std::string& name : fdt::efi_properties(tree)) {
    HR_TRYV(tree.remove_property(kEfiHome, name));
  }
  return base::success();
}

bool is_of_same_boot(const fdt::Tree& a, const fdt::Tree& b) {
  std::vector<std::string> names = fdt::efi_properties(a);
  std::vector<std::string> others = fdt::efi_properties(b);
  std::ranges::sort(names);
  std::ranges::sort(others);
  return names == others && std::ranges::all_of(names, [&](const std::string& name) {
           return std::ranges::equal(*a.property(kEfiHome, name), *b.property(kEfiHome, name));
         });
}

bool names_memory(const fdt::Tree& tree) {
  const auto memory = fdt::memory_ranges(tree);
  return !memory || !memory.value().empty();
}

}  // namespace

base::Result<void> hold_to_boot(SourceTree& source, bool is_trusted, const fdt::Tree& running) {
  fdt::Tree& tree = source.tree;
  if (is_of_same_boot(tree, running)) {
    return base::success();
  }
  const bool had_any = !fdt::efi_properties(tree).empty();
  const bool lacks_memory = !had_any && !names_memory(tree);
  if (is_trusted && !lacks_memory) {
    source.warnings.push_back(to_text(
        {base::Code::TREE_OTHER_EFI, had_any ? "of another boot" : "none here"}, source.name));
    return base::success();
  }
  HR_TRYV(remove_efi_map(tree));
  for (const std::string& name : fdt::efi_properties(running)) {
    // The view is of another tree's bytes, which the edit does not move.
    HR_TRYV(tree.set(kEfiHome, name, *running.property(kEfiHome, name)));
  }
  const bool has_map = fdt::has_efi_map(running);
  source.memory_added = lacks_memory && has_map;
  source.notes.push_back(source.name + (has_map ? ": linux,uefi-* are those of the running machine"
                                                : ": linux,uefi-* of another boot are left out"));
  return base::success();
}

base::Result<void> forget_boot(SourceTree& source) {
  if (fdt::efi_properties(source.tree).empty()) {
    return base::success();
  }
  HR_TRYV(remove_efi_map(source.tree));
  source.notes.push_back(source.name +
                         ": linux,uefi-* are left out: the firmware's memory map is this boot's");
  return base::success();
}

}  // namespace hyprelay::handoff
