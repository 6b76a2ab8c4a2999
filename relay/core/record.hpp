// SPDX-License-Identifier: BSD-2-Clause
// The record (abi/record.def) for the next kernel.
#pragma once

#include "abi/hr_abi.h"

#include <array>
#include <cstddef>

namespace hyprelay::relay {

// The record as the device tree holds it: big-endian cells.
std::array<std::byte, HR_RECORD_SIZE> encode(const hr_record& record);

}  // namespace hyprelay::relay
