// SPDX-License-Identifier: BSD-2-Clause
// How a device tree writes numbers. Private to handoff.
#pragma once

#include "base/bytes.hpp"
#include "fdt/tree.hpp"

#include <cstdint>
#include <optional>

namespace hyprelay::handoff {

// A big-endian number of one cell or two. nullopt: missing, or of another length.
inline std::optional<std::uint64_t> number_in(std::optional<base::ByteView> value) {
  if (!value || (value->size() != 4 && value->size() != 8)) {
    return std::nullopt;
  }
  std::uint64_t number = 0;
  for (const std::byte byte : *value) {
    number = number << 8 | std::to_integer<std::uint64_t>(byte);
  }
  return number;
}

// How the root counts addresses and sizes. One cell where it does not say, as Linux has it.
struct Cells {
  std::uint64_t address = 1;
  std::uint64_t size = 1;

  bool usual() const { return address >= 1 && address <= 2 && size >= 1 && size <= 2; }
};

inline Cells cells_of(const fdt::Tree& source) {
  return {number_in(source.property("/", "#address-cells")).value_or(1),
          number_in(source.property("/", "#size-cells")).value_or(1)};
}

}  // namespace hyprelay::handoff
