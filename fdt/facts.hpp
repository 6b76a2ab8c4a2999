// SPDX-License-Identifier: BSD-2-Clause
// Facts that a handoff reads from a device tree, as plain data.
#pragma once

#include "base/platform.hpp"
#include "base/range.hpp"
#include "base/result.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace hyprelay::fdt {

class Tree;

using base::Conduit;
using base::Console;
using base::Gic;

struct ReservedRange {
  base::PhysRange range;
  std::string name;  // "/memreserve/" or the node's path
  bool no_map = false;
  // The kernel may use it for what it can move away [dt-schema reserved-memory.yaml].
  bool reusable = false;

  bool operator==(const ReservedRange&) const = default;
};

// A child of /cpus that is a CPU, whatever its status.
struct Cpu {
  // Its reg: the affinity fields of MPIDR. Unset: the tree does not say.
  std::optional<std::uint64_t> id;
  // Its own, or that of /cpus; empty: none.
  std::string enable_method;
  // Where a spin table has it poll (cpu-release-addr).
  std::optional<base::PhysAddr> release_address;

  bool operator==(const Cpu&) const = default;
};

// What /chosen says of a console.
struct ChosenConsole {
  // As it stands there; empty: nothing is chosen.
  std::string text;
  // It leads to a node whose status is okay.
  bool is_there = false;
};

// Every reader: a missing node is an empty answer; a malformed one is TREE_BAD_PROPERTY with the
// node's path and the property as the subject.
base::Result<std::vector<base::PhysRange>> memory_ranges(const Tree& tree);
// /memreserve/ and the static children of a /reserved-memory that Linux reads, in the tree's order.
base::Result<std::vector<ReservedRange>> reserved_ranges(const Tree& tree);
// The console that /chosen/stdout-path (or linux,stdout-path) names, if the relay has a driver.
base::Result<Console> console(const Tree& tree);
base::Result<ChosenConsole> chosen_console(const Tree& tree);
// The /psci node's "method".
base::Result<Conduit> psci_conduit(const Tree& tree);
base::Result<std::vector<Cpu>> cpus(const Tree& tree);
base::Result<std::vector<std::string>> root_compatible(const Tree& tree);
// An overlay (dtbo): fragments for a tree, and no tree of a machine
// [dtc/Documentation/dt-object-internal.txt].
bool is_overlay(const Tree& tree);
// Ranges as pairs of address and size in the root's cells. nullopt when one does not fit them.
std::optional<std::vector<std::byte>> in_root_cells(const Tree& tree,
                                                    std::span<const base::PhysRange> ranges);
base::Result<Gic> gic(const Tree& tree);

}  // namespace hyprelay::fdt
