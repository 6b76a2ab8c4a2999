// SPDX-License-Identifier: BSD-2-Clause
// The probe command: who is resident at HYP/EL2, by evidence alone.
#pragma once

#include "base/result.hpp"
#include "cli/parser.hpp"

namespace hyprelay::cli {

// That nobody can be named is an answer too: HR_EXIT_OK. Errors: those of reading the machine.
base::Result<int> run_probe(const Arguments& arguments);

}  // namespace hyprelay::cli
