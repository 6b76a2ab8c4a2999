// SPDX-License-Identifier: BSD-2-Clause
// A plan that was not sealed cannot be loaded.
// Expect: invalid initialization of reference.*SealedHandoff.*Plan
#include "handoff/linux/kexec.hpp"
#include "handoff/seal.hpp"

namespace handoff = hyprelay::handoff;

bool load(const handoff::Plan& plan, const handoff::SealedHandoff& sealed) {
#ifdef HR_MISTAKE
  return handoff::linux_host::load(plan).has_value();
#else
  return plan.arch == sealed.arch() && handoff::linux_host::load(sealed).has_value();
#endif
}
