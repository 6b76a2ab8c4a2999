// SPDX-License-Identifier: BSD-2-Clause
// Reading the baton (abi/baton.def): nothing in it is believed before this has looked at it.
#pragma once

#include "abi/hr_abi.h"
#include "base/range.hpp"
#include "base/result.hpp"

#include <span>

namespace hyprelay::relay {

// The bytes are the ones that a loader of this version wrote: magic, version, size and checksum.
// Before this, no field may be used, the console's address least of all: it is written to. Errors
// (stage relay, subject: the field): RELAY_BATON.
base::Result<void> check_whole(const hr_baton& baton);

// Whether registers there can be written to: aligned, with addresses on this CPU (arm would cut
// others to 32 bits), and none of what was loaded lies there. Asked before the fields are checked,
// so that the console can say what is wrong with the others.
bool are_registers(const hr_baton& baton, std::uint64_t start, std::uint64_t size_bytes,
                   unsigned address_bits);

// What a whole baton says can be done by a relay whose image, and memory behind it, is `own`, on a
// CPU whose pointers reach `address_bits` bits. Errors (stage relay, subject: the field):
// RELAY_BATON, RELAY_ALGORITHM.
base::Result<void> check_fields(const hr_baton& baton, const base::PhysRange& own,
                                unsigned address_bits);

// Of fields that were checked: the kernel's segment, and where the kernel runs, which is there or
// where it is inflated to.
const hr_baton_segment& loaded_kernel(const hr_baton& baton);
const hr_baton_segment& running_kernel(const hr_baton& baton);

inline std::span<const hr_baton_segment> segments_of(const hr_baton& baton) {
  return {baton.segments, baton.segment_count};
}

}  // namespace hyprelay::relay
