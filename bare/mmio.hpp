// SPDX-License-Identifier: BSD-2-Clause
// Device registers. An access is one instruction of exactly that width, in program order.
#pragma once

#include <cstdint>

namespace hyprelay::bare {

inline std::uint32_t mmio_read32(std::uint64_t address) {
  return *reinterpret_cast<const volatile std::uint32_t*>(static_cast<std::uintptr_t>(address));
}
inline void mmio_write32(std::uint64_t address, std::uint32_t value) {
  *reinterpret_cast<volatile std::uint32_t*>(static_cast<std::uintptr_t>(address)) = value;
}
inline std::uint32_t mmio_read8(std::uint64_t address) {
  return *reinterpret_cast<const volatile std::uint8_t*>(static_cast<std::uintptr_t>(address));
}
inline void mmio_write8(std::uint64_t address, std::uint32_t value) {
  *reinterpret_cast<volatile std::uint8_t*>(static_cast<std::uintptr_t>(address)) =
      static_cast<std::uint8_t>(value);
}

}  // namespace hyprelay::bare
