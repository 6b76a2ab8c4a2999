// SPDX-License-Identifier: BSD-2-Clause
// A sealed handoff has one owner: nobody can keep a copy behind the loader's back.
// Expect: use of deleted function.*SealedHandoff\(const
#include "handoff/seal.hpp"

#include <utility>

using hyprelay::handoff::SealedHandoff;

SealedHandoff pass_on(SealedHandoff sealed) {
#ifdef HR_MISTAKE
  return SealedHandoff(static_cast<const SealedHandoff&>(sealed));
#else
  return SealedHandoff(std::move(sealed));
#endif
}
