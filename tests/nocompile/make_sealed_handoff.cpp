// SPDX-License-Identifier: BSD-2-Clause
// Only seal() makes a sealed handoff: there is no empty one to be filled in.
// Expect: SealedHandoff::SealedHandoff\(\).*is private
#include "handoff/seal.hpp"

using hyprelay::handoff::SealedHandoff;

const SealedHandoff* find_sealed(const hyprelay::base::Result<SealedHandoff>& result) {
#ifdef HR_MISTAKE
  static const SealedHandoff nothing;
  return result.has_value() ? &result.value() : &nothing;
#else
  return result.has_value() ? &result.value() : nullptr;
#endif
}
