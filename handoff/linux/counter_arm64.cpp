// SPDX-License-Identifier: BSD-2-Clause
#include "handoff/linux/counter.hpp"

namespace hyprelay::handoff::linux_host {

// The kernel gives every process the counter, by emulation where an erratum forbids the register
// itself [linux/arch/arm64/kernel/traps.c cntvct_read_handler].
std::optional<Counter> read_counter() {
  std::uint64_t value = 0;
  std::uint64_t hz = 0;
  asm volatile("isb\n\tmrs %0, cntvct_el0" : "=r"(value));
  asm volatile("mrs %0, cntfrq_el0" : "=r"(hz));
  if (hz == 0) {
    return std::nullopt;
  }
  return Counter{value, static_cast<std::uint32_t>(hz)};
}

}  // namespace hyprelay::handoff::linux_host
