// SPDX-License-Identifier: BSD-2-Clause
#include "fdt/facts.hpp"

#include "fdt/node.hpp"
#include "fdt/tree.hpp"

#include <algorithm>

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

namespace {

// Linux ignores all of it ("unsupported node format") unless the node itself says its cells, as the
// root's are, and has ranges, whatever they say [linux/drivers/of/fdt.c __reserved_mem_check_root].
base::Result<bool> linux_reads(const Tree& tree, const Node& reserved_memory) {
  HR_TRY(root, Node::root(tree.bytes()).cells());
  HR_TRY(address, reserved_memory.u32("#address-cells"));
  HR_TRY(size, reserved_memory.u32("#size-cells"));
  return address == root.address && size == root.size && reserved_memory.has("ranges");
}

}  // namespace

base::Result<std::vector<ReservedRange>> reserved_ranges(const Tree& tree) {
  std::vector<ReservedRange> reserved;
  for (const PhysRange& range : tree.memory_reservations()) {
    reserved.push_back({range, "/memreserve/", false});
  }
  const std::optional<Node> parent = Node::at_path(tree.bytes(), "/reserved-memory");
  if (!parent) {
    return reserved;
  }
  HR_TRY(is_read, linux_reads(tree, *parent));
  if (!is_read) {
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
        reserved.push_back({range, node.path(), node.has("no-map"), node.has("reusable")});
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

// [linux/arch/arm64/kernel/smp.c of_parse_and_init_cpus, linux/arch/arm/kernel/devtree.c
// arm_dt_init_cpu_maps]: by device_type or name, a status that is not okay included, since firmware
// writes it for CPUs that are parked.
base::Result<std::vector<Cpu>> cpus(const Tree& tree) {
  std::vector<Cpu> found;
  const std::optional<Node> parent = Node::at_path(tree.bytes(), "/cpus");
  if (!parent) {
    return found;
  }
  HR_TRY(common_method, parent->text("enable-method"));
  for (const Node& node : parent->children()) {
    HR_TRY(type, node.text("device_type"));
    if (type != "cpu" && node.name() != "cpu") {
      continue;
    }
    Cpu cpu;
    HR_TRY(id, node.u64("reg"));
    cpu.id = id;
    // A list in the specification; Linux takes its first.
    HR_TRY(method, node.text("enable-method"));
    cpu.enable_method = method ? *method : common_method.value_or("");
    HR_TRY(release, node.u64("cpu-release-addr"));
    if (release) {
      cpu.release_address = base::PhysAddr(*release);
    }
    found.push_back(std::move(cpu));
  }
  return found;
}

base::Result<std::vector<std::string>> root_compatible(const Tree& tree) {
  return Node::root(tree.bytes()).texts("compatible");
}

bool is_overlay(const Tree& tree) {
  const std::vector<Node> nodes = Node::root(tree.bytes()).children();
  return std::ranges::any_of(nodes, [](const Node& node) { return node.has_child("__overlay__"); });
}

std::optional<std::vector<std::byte>> in_root_cells(const Tree& tree,
                                                    std::span<const PhysRange> ranges) {
  const auto cells = Node::root(tree.bytes()).cells();
  if (!cells || cells.value().address == 0 || cells.value().address > 2 ||
      cells.value().size == 0 || cells.value().size > 2) {
    return std::nullopt;
  }
  std::vector<std::byte> bytes;
  const auto append = [&](std::uint64_t number, std::uint32_t count) {
    for (unsigned shift = 32 * count; shift > 0; shift -= 8) {
      bytes.push_back(static_cast<std::byte>(number >> (shift - 8)));
    }
    return count == 2 || number >> 32 == 0;
  };
  for (const PhysRange& range : ranges) {
    if (!append(range.start().raw(), cells.value().address) ||
        !append(range.size_bytes(), cells.value().size)) {
      return std::nullopt;
    }
  }
  return bytes;
}

}  // namespace hyprelay::fdt
