// SPDX-License-Identifier: BSD-2-Clause
#include "relay/core/record.hpp"

namespace hyprelay::relay {

std::array<std::byte, HR_RECORD_SIZE> encode(const hr_record& record) {
  std::array<std::byte, HR_RECORD_SIZE> bytes{};
  const auto put = [&bytes](std::size_t offset, auto value) {
    for (std::size_t i = 0; i < sizeof(value); ++i) {
      bytes[offset + i] = static_cast<std::byte>(value >> (8 * (sizeof(value) - 1 - i)));
    }
  };
#define HR_RECORD_FIELD(type, name, offset, ...) put(offset, record.name);
#include "abi/record.def"
#undef HR_RECORD_FIELD
  return bytes;
}

}  // namespace hyprelay::relay
