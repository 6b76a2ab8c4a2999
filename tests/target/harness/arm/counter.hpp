// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>

namespace hyprelay::target {

// Ticks of the physical counter.
inline std::uint64_t counter() {
  std::uint64_t ticks;
  __asm__ volatile("isb\n\tmrrc p15, 0, %Q0, %R0, c14" : "=r"(ticks) : : "memory");
  return ticks;
}

inline std::uint32_t counter_frequency_hz() {
  std::uint32_t hz;
  __asm__("mrc p15, 0, %0, c14, c0, 0" : "=r"(hz));
  return hz;
}

}  // namespace hyprelay::target
