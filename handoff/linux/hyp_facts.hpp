// SPDX-License-Identifier: BSD-2-Clause
// What the running kernel shows about HYP/EL2: nothing here makes a call.
#pragma once

#include "handoff/linux/gather.hpp"
#include "handoff/machine.hpp"

#include <cstdint>
#include <optional>

namespace hyprelay::handoff::linux_host {

// kallsyms has some hundred thousand lines, and takes longer than all the rest.
enum class Symbols : std::uint8_t { kLeaveOut, kRead };

// Every file that cannot be read is a fact that is not known, never an error. Some of them are
// root's only. handoff/evidence.hpp says what follows from them.
HypFacts gather_hyp_facts(const Root& root, Symbols symbols = Symbols::kRead);

// File descriptors of virtual machines and their CPUs that processes hold: each lives as long as
// one of them. nullopt unless every process could be looked into, or one was found.
std::optional<std::uint32_t> kvm_descriptors(const Root& root);

}  // namespace hyprelay::handoff::linux_host
