// SPDX-License-Identifier: BSD-2-Clause
// Two addresses have a distance but no sum.
// Expect: no match for .*operator\+
#include "base/address.hpp"

using hyprelay::base::PhysAddr;

PhysAddr middle(PhysAddr a, PhysAddr b) {
#ifdef HR_MISTAKE
  return PhysAddr((a + b).raw() / 2);
#else
  return a + (b - a) / 2;
#endif
}
