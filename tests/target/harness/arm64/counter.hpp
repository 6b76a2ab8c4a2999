// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>

namespace hyprelay::target {

// Ticks of the physical counter.
inline std::uint64_t counter() {
  std::uint64_t ticks;
  __asm__ volatile("isb\n\tmrs %0, cntpct_el0" : "=r"(ticks) : : "memory");
  return ticks;
}

inline std::uint64_t counter_frequency_hz() {
  std::uint64_t hz;
  __asm__("mrs %0, cntfrq_el0" : "=r"(hz));
  return hz;
}

}  // namespace hyprelay::target
