// SPDX-License-Identifier: BSD-2-Clause
// Who is resident at HYP/EL2, by what the kernel shows: nothing here makes a call.
#pragma once

#include "base/result.hpp"
#include "compat/evidence.hpp"
#include "handoff/linux/gather.hpp"
#include "handoff/machine.hpp"

namespace hyprelay::handoff::linux_host {

// Every file that cannot be read is a fact that is not known, never an error. Some of them are
// root's only.
HypFacts gather_hyp_facts(const Root& root);

// Pure: the same machine gives the same evidence on every host. The kernel in question is the one
// that ran when the machine was gathered. Errors: TREE_*.
base::Result<compat::Evidence> evidence_of(const Machine& machine);

}  // namespace hyprelay::handoff::linux_host
