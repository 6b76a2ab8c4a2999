// SPDX-License-Identifier: BSD-2-Clause
#include "handoff/linux/counter.hpp"

namespace hyprelay::handoff::linux_host {

// Not an ARM machine: there is nothing to read.
std::optional<Counter> read_counter() {
  return std::nullopt;
}

}  // namespace hyprelay::handoff::linux_host
