// SPDX-License-Identifier: BSD-2-Clause
#include "relay/core/granule.hpp"

namespace hyprelay::relay {

// Kernels of arm have pages of 4 KiB, and so has every CPU.
std::uint32_t missing_page_bytes(const hr_baton_segment&) {
  return 0;
}

}  // namespace hyprelay::relay
