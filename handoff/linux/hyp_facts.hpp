// SPDX-License-Identifier: BSD-2-Clause
// What the running kernel shows about HYP/EL2: nothing here makes a call.
#pragma once

#include "handoff/linux/gather.hpp"
#include "handoff/machine.hpp"

namespace hyprelay::handoff::linux_host {

// Every file that cannot be read is a fact that is not known, never an error. Some of them are
// root's only. handoff/evidence.hpp says what follows from them.
HypFacts gather_hyp_facts(const Root& root);

}  // namespace hyprelay::handoff::linux_host
