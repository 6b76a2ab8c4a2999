// SPDX-License-Identifier: BSD-2-Clause
// A kernel packed for the way from one to the next (handoff/travel.hpp), by Debian's liblz4.
#pragma once

#include "base/bytes.hpp"

#include <cstddef>
#include <vector>

namespace hyprelay::handoff {

// One LZ4 block (base/lz4_block.hpp); empty when that is not shorter, or too much for liblz4.
std::vector<std::byte> pack_lz4(base::ByteView bytes);

}  // namespace hyprelay::handoff
