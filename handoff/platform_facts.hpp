// SPDX-License-Identifier: BSD-2-Clause
// What the relay must know of the machine's devices: from the tree where it has it, else from
// ACPI's tables. Linux chooses so too: by ACPI it runs when the tree says nothing
// [linux/arch/arm64/kernel/acpi.c acpi_boot_table_init], and where it runs by a tree it shows no
// ACPI tables. Pure.
#pragma once

#include "base/platform.hpp"
#include "base/result.hpp"
#include "fdt/tree.hpp"
#include "handoff/machine.hpp"

#include <string>
#include <vector>

namespace hyprelay::handoff {

struct PlatformFacts {
  base::Console console;
  base::Gic gic;
  base::Conduit psci = base::Conduit::kNone;
  // What is not known and what that costs, with the remedy; what ACPI told, table by table:
  // sentences.
  std::vector<std::string> warnings = {};
  std::vector<std::string> notes = {};
};

// `tree`: the next kernel's, before it is patched. Errors: TREE_BAD_PROPERTY; ACPI_* of the table
// with the interrupt controller when the tree names none, and ACPI_NO_GIC when that table is not
// there or names none: an ITS that nobody stops writes into the next kernel's memory. Another table
// that cannot be used is a warning, and so is one that only root may read.
base::Result<PlatformFacts> platform_facts(const fdt::Tree& tree, const Machine& machine);

}  // namespace hyprelay::handoff
