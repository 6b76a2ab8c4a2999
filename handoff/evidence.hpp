// SPDX-License-Identifier: BSD-2-Clause
// Who is resident at HYP/EL2, by what a kernel showed.
#pragma once

#include "base/result.hpp"
#include "compat/evidence.hpp"
#include "handoff/machine.hpp"

#include <string>
#include <vector>

namespace hyprelay::handoff {

// Pure: the same machine gives the same evidence on every host. The kernel in question is the one
// that ran when the machine was gathered. Errors: TREE_*.
base::Result<compat::Evidence> evidence_of(const Machine& machine);

// What would tell more and whoever gathered the machine could not read: half sentences, one for
// each source.
std::vector<std::string> left_out(const Machine& machine);

}  // namespace hyprelay::handoff
