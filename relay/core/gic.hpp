// SPDX-License-Identifier: BSD-2-Clause
// GICv3 and later: the interrupt controller writes to memory that the kernel before gave it.
#pragma once

#include "abi/hr_abi.h"

namespace hyprelay::relay {

struct GicOutcome {
  unsigned its_disabled = 0;
  unsigned redistributors_disabled = 0;
  // Frames that still said "on" when their bound was reached, and regions that are not where
  // registers can be, which were not touched: the next kernel must be warned.
  unsigned stuck = 0;
};

// Stops every ITS and every redistributor's LPIs, so that no pending, property or translation table
// is read or written from here on. MMU off. Interrupts other than LPIs are left as they are.
// address_bits: as in check_fields.
GicOutcome quiesce_gic(const hr_baton& baton, unsigned address_bits);

}  // namespace hyprelay::relay
