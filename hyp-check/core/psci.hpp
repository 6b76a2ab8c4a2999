// SPDX-License-Identifier: BSD-2-Clause
// What the tree says of PSCI. Environment: everywhere, also freestanding.
#pragma once

#include "bare/console.hpp"
#include "compat/evidence.hpp"
#include "compat/hr_psci.h"
#include "hyp-check/core/tree.hpp"

#include <cstdint>
#include <optional>

namespace hyprelay::hyp_check {

// As compat/hr_smccc.h writes it; kNone: no node. Ids are fixed from 0.2 on.
enum class PsciVersion : std::uint32_t { kNone = 0, k0_1 = 1, k0_2 = 2, k1_0 = 0x10000 };

// The first node that is compatible with the newest version that any node has, wherever it stands
// [linux/Documentation/devicetree/bindings/arm/psci.yaml].
struct PsciNode {
  PsciVersion version = PsciVersion::kNone;
  // kNone: no node; kUnknown: a "method" that is neither "hvc" nor "smc".
  compat::PsciMethod method = compat::PsciMethod::kNone;
  // cpu_suspend, cpu_off, cpu_on and migrate, which PSCI 0.1 is called by; 0: the node has it not.
  // Of a later one they are what the tree says for kernels that know 0.1 alone. nullopt: one of
  // them is not one cell, and none is to be called.
  std::optional<hr_psci_0_1> ids = hr_psci_0_1{};
};
PsciNode psci_of(const Tree& tree);

// The survey's line of a PSCI 0.1, without its end.
void print_psci_0_1(bare::Voice& voice, const PsciNode& psci);

}  // namespace hyprelay::hyp_check
