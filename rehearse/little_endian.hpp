// SPDX-License-Identifier: BSD-2-Clause
// Numbers as ARM, a partition table and QEMU's gdb server have them.
#pragma once

#include <cstdint>
#include <string>

namespace hyprelay::rehearse {

// The lowest `size_bytes` bytes of the value, the lowest first.
inline void add_little_endian(std::string& to, std::uint64_t value, std::size_t size_bytes) {
  for (std::size_t i = 0; i < size_bytes; ++i) {
    to += static_cast<char>(value >> (8 * i));
  }
}

}  // namespace hyprelay::rehearse
