// SPDX-License-Identifier: BSD-2-Clause
// Devices that write to memory by themselves, as /sys shows them.
#pragma once

#include "handoff/linux/gather.hpp"
#include "handoff/machine.hpp"

#include <vector>

namespace hyprelay::handoff::linux_host {

// Sorted by kind and name. What cannot be read is not among them: never an error. Nothing here
// needs root.
std::vector<BusyDevice> gather_busy_devices(const Root& root);

}  // namespace hyprelay::handoff::linux_host
