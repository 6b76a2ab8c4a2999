// SPDX-License-Identifier: BSD-2-Clause
// Who is resident at HYP/EL2, by what a kernel showed.
#pragma once

#include "base/result.hpp"
#include "compat/evidence.hpp"
#include "handoff/machine.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hyprelay::handoff {

// Pure: the same machine gives the same evidence on every host. The kernel in question is the one
// that ran when the machine was gathered. Errors: TREE_*.
base::Result<compat::Evidence> evidence_of(const Machine& machine);

// The release that Xen has told the kernel, "4.17", by the line in which the kernel says that it
// speaks to it: "Xen 4.17 support found", in older kernels with ", events_irq=..." behind it
// [linux/arch/arm/xen/enlighten.c]. nullopt: the log has no such line. A view into the machine.
std::optional<std::string_view> logged_xen(const Machine& machine);

// What would tell more and whoever gathered the machine could not read: half sentences, one for
// each source.
std::vector<std::string> left_out(const Machine& machine);

}  // namespace hyprelay::handoff
