// SPDX-License-Identifier: BSD-2-Clause
#include "fdt/facts.hpp"

#include "fdt/node.hpp"
#include "fdt/tree.hpp"

namespace hyprelay::fdt {

using base::PhysRange;

// The rules of Linux, because Linux is who reads the tree next: only children of the root whose
// device_type is "memory" and whose status is okay count, and linux,usable-memory stands in for reg
// [linux/drivers/of/fdt.c early_init_dt_scan_memory].
base::Result<std::vector<PhysRange>> memory_ranges(const Tree& tree) {
  std::vector<PhysRange> memory;
  for (const Node& node : Node::root(tree.bytes()).children()) {
    HR_TRY(type, node.text("device_type"));
    if (type != "memory" || !node.is_available()) {
      continue;
    }
    const bool limited = node.has("linux,usable-memory");
    HR_TRY(ranges, node.address_ranges(limited ? "linux,usable-memory" : "reg"));
    for (const PhysRange& range : ranges) {
      if (!range.empty()) {
        memory.push_back(range);
      }
    }
  }
  return memory;
}

base::Result<std::vector<ReservedRange>> reserved_ranges(const Tree& tree) {
  std::vector<ReservedRange> reserved;
  for (const PhysRange& range : tree.memory_reservations()) {
    reserved.push_back({range, "/memreserve/", false});
  }
  const std::optional<Node> parent = Node::at_path(tree.bytes(), "/reserved-memory");
  if (!parent) {
    return reserved;
  }
  for (const Node& node : parent->children()) {
    // A child without reg is a request: the kernel that boots chooses its place.
    if (!node.is_available() || !node.has("reg")) {
      continue;
    }
    HR_TRY(ranges, node.address_ranges("reg"));
    for (const PhysRange& range : ranges) {
      if (!range.empty()) {
        reserved.push_back({range, node.path(), node.has("no-map")});
      }
    }
  }
  return reserved;
}

base::Result<Conduit> psci_conduit(const Tree& tree) {
  const std::vector<Node> nodes =
      Node::all_compatible(tree.bytes(), {"arm,psci-1.0", "arm,psci-0.2", "arm,psci"});
  if (nodes.empty()) {
    return Conduit::kNone;
  }
  HR_TRY(method, nodes.front().text("method"));
  if (method == "smc") {
    return Conduit::kSmc;
  }
  if (method == "hvc") {
    return Conduit::kHvc;
  }
  return nodes.front().bad_property("method");
}

}  // namespace hyprelay::fdt
