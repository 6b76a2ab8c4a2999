// SPDX-License-Identifier: BSD-2-Clause
#include "handoff/source_tree.hpp"

#include "fdt/facts.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace hyprelay::handoff {
namespace {

using base::Code;
using base::Error;
using base::Stage;

// The nodes that the devicetree specification calls memory: children of the root with that
// device_type.
std::vector<std::string> memory_nodes(const fdt::Tree& tree) {
  std::vector<std::string> nodes;
  for (const std::string& node : tree.children("/")) {
    const auto type = tree.string_property(node, "device_type");
    if (type && type.value() == "memory") {
      nodes.push_back(node);
    }
  }
  return nodes;
}

bool same_property(const fdt::Tree& a, const fdt::Tree& b, std::string_view name) {
  const auto left = a.property("/", name);
  const auto right = b.property("/", name);
  return left.has_value() == right.has_value() && (!left || std::ranges::equal(*left, *right));
}

}  // namespace

base::Result<SourceTree> choose_source_tree(std::optional<SourceTree> given,
                                            const Machine& machine) {
  if (machine.device_tree.empty()) {
    return given ? base::Result<SourceTree>(std::move(*given))
                 : Error(Code::MACHINE_NO_TREE, Stage::kMachine);
  }
  HR_TRY(running, fdt::Tree::from_bytes(machine.device_tree, machine.device_tree_source));
  if (!given) {
    return SourceTree{std::move(running), machine.device_tree_source};
  }
  HR_TRY(added, add_missing_memory(given->tree, running));
  given->memory_added = added;
  return std::move(*given);
}

base::Result<bool> add_missing_memory(fdt::Tree& tree, const fdt::Tree& running) {
  HR_TRY(there, fdt::memory_ranges(tree));
  if (!there.empty()) {
    return false;
  }
  if (!same_property(tree, running, "#address-cells") ||
      !same_property(tree, running, "#size-cells")) {
    return Error(Code::TREE_NO_MEMORY, Stage::kTree,
                 "/#address-cells differs from the running tree's");
  }
  // An empty node of the user's, to be filled in by a bootloader, goes first.
  for (const std::string& node : memory_nodes(tree)) {
    HR_TRYV(tree.remove_node(node));
  }
  for (const std::string& node : memory_nodes(running)) {
    HR_TRYV(tree.add_node(node));
    for (const char* property : {"device_type", "reg"}) {
      if (const auto value = running.property(node, property)) {
        HR_TRYV(tree.set(node, property, *value));
      }
    }
  }
  return true;
}

}  // namespace hyprelay::handoff
