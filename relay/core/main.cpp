// SPDX-License-Identifier: BSD-2-Clause
// What the assembly calls: the run lives at hr_state, so that every entry finds the same one.
#include "bare/system.hpp"
#include "relay/core/arch.hpp"
#include "relay/core/relay.hpp"
#include "relay/layout.h"

#include <new>

namespace {

using hyprelay::relay::Relay;

static_assert(sizeof(Relay) <= HR_RELAY_STATE_SIZE);
static_assert(alignof(Relay) <= 64);

Relay& the_run() {
  return *std::launder(reinterpret_cast<Relay*>(hr_state));
}

}  // namespace

void hr_relay_main(const char* image, std::uint32_t mode, std::uint64_t counter) {
  (new (hr_state) Relay(image, mode, counter))->run();
}

void hr_exception(std::uint32_t slot, std::uintptr_t pc, std::uintptr_t syndrome,
                  std::uintptr_t address) {
  the_run().report_exception(slot, pc, syndrome, address);
}

void hr_relay_returned() {
  the_run().report_return();
}
