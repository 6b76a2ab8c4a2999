// SPDX-License-Identifier: BSD-2-Clause
// Reading the baton (abi/baton.def): nothing in it is believed before this has looked at it.
#pragma once

#include "abi/hr_abi.h"
#include "base/result.hpp"

#include <span>

namespace hyprelay::relay {

// The baton's fields, its checksum included, are what a loader of this version writes for a relay
// at `image` on a CPU whose pointers reach `address_bits` bits.
// Errors (stage relay, subject: the field): RELAY_BATON, RELAY_ALGORITHM.
base::Result<void> check_baton(const hr_baton& baton, std::uint64_t image, unsigned address_bits);

inline std::span<const hr_baton_segment> segments_of(const hr_baton& baton) {
  return {baton.segments, baton.segment_count};
}

}  // namespace hyprelay::relay
