// SPDX-License-Identifier: BSD-2-Clause
// What people say on the command line (/chosen/bootargs), and what the tree says about HYP/EL2.
// Environment: everywhere, also freestanding.
#pragma once

#include "compat/evidence.hpp"
#include "hyp-check/core/tree.hpp"

#include <cstdint>
#include <string_view>

namespace hyprelay::hyp_check {

enum class End : std::uint8_t { kLoop, kOff, kReset };

// hyp-check.resident=DIALECT, hyp-check.kernel=RELEASE, hyp-check.end=loop|off|reset; other words
// are left to others.
struct Options {
  compat::Dialect resident = compat::Dialect::kUNKNOWN;
  // 0: nothing was said.
  compat::Release kernel = 0;
  End end = End::kLoop;
  // The first hyp-check. word that means nothing; empty: none.
  std::string_view bad;
};
Options options_of(std::string_view command_line);

// A row of dialect.def by its text; kUNKNOWN when there is none.
compat::Dialect dialect_named(std::string_view text);

// "xen,xen-4.17" and the others of /hypervisor, the conduit of PSCI, memory, and what the options
// say. Architecture, level and CPU are the caller's to fill in.
compat::Evidence evidence_of(const Tree& tree, const Options& options);

}  // namespace hyprelay::hyp_check
