// SPDX-License-Identifier: BSD-2-Clause
// The relay's image as the loader sees it: the header of abi/hr_abi.h (HR_RELAY_HEADER_*).
#pragma once

#include "base/bytes.hpp"
#include "handoff/machine.hpp"

#include <cstdint>
#include <string_view>

namespace hyprelay::handoff {

struct RelayImage {
  base::ByteView bytes;
  Arch arch = Arch::kArm;
  std::uint32_t baton_offset = 0;
  std::uint32_t memory_bytes = 0;
  std::uint32_t log_offset = 0;
};

// Errors (stage seal): SEAL_MISMATCH (subject: the field that is wrong).
base::Result<RelayImage> read_relay_image(base::ByteView bytes);

}  // namespace hyprelay::handoff
