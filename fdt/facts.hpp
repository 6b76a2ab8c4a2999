// SPDX-License-Identifier: BSD-2-Clause
// Facts that a handoff reads from a device tree, as plain data.
#pragma once

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

// Registers the relay can print with (abi/console.def). base 0 and kind NONE: no console found.
struct Console {
  std::uint32_t kind = 0;
  base::PhysAddr base;
  std::uint32_t shift = 0;        // registers are 1 << shift bytes apart
  std::uint32_t width_bytes = 1;  // of one access: 1 or 4
  std::string path;               // of the node, for people

  bool operator==(const Console&) const = default;
};

// How PSCI is called (the /psci node's "method").
enum class Conduit : std::uint8_t { kNone = 0, kSmc = 1, kHvc = 2 };

// The interrupt controller, as far as the relay must silence it.
struct Gic {
  std::uint32_t version = 0;  // 0: none found, 2, 3, 4
  std::vector<base::PhysRange> redistributors;
  std::uint64_t redistributor_stride = 0;
  std::vector<base::PhysAddr> its;

  bool operator==(const Gic&) const = default;
};

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
// /memreserve/ entries and static children of /reserved-memory, in the tree's order.
base::Result<std::vector<ReservedRange>> reserved_ranges(const Tree& tree);
// The console that /chosen/stdout-path (or linux,stdout-path) names, if the relay has a driver.
base::Result<Console> console(const Tree& tree);
base::Result<ChosenConsole> chosen_console(const Tree& tree);
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
