// SPDX-License-Identifier: BSD-2-Clause
// The probe command: who is resident at HYP/EL2, by evidence alone.
#pragma once

#include "base/result.hpp"
#include "cli/parser.hpp"
#include "handoff/machine.hpp"

#include <string>

namespace hyprelay::cli {

// What the command prints of a machine. Errors: TREE_* and ACPI_* of its evidence.
base::Result<std::string> probe_text_of(const handoff::Machine& machine);

// That nobody can be named is an answer too: HR_EXIT_OK. Errors: those of reading the machine.
base::Result<int> run_probe(const Arguments& arguments);

}  // namespace hyprelay::cli
