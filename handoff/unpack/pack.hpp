// SPDX-License-Identifier: BSD-2-Clause
// A kernel packed for the way from one to the next (handoff/travel.hpp). Not by liblz4, whose
// matches of four bytes the relay would take longer for than the old kernel for their bytes, and
// which takes four times as long to find them.
#pragma once

#include "base/bytes.hpp"

#include <cstddef>
#include <vector>

namespace hyprelay::handoff {

// One LZ4 block (base/lz4_block.hpp); empty when that is not shorter, or of more than 4 GiB.
std::vector<std::byte> pack_lz4(base::ByteView bytes);

}  // namespace hyprelay::handoff
