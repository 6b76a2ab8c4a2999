// SPDX-License-Identifier: BSD-2-Clause
#include "fdt/early_memory.hpp"

#include "fdt/tree.hpp"

#include <libfdt.h>

#include <cstring>
#include <string_view>

namespace hyprelay::fdt {
namespace {

using base::PhysAddr;
using base::PhysRange;

// A cell count of the root; 1 when it says none, as the decompressor takes it.
int root_cells(const void* blob, const char* name) {
  int length = 0;
  const void* value = fdt_getprop(blob, 0, name, &length);
  return value == nullptr || length < 4
             ? 1
             : static_cast<int>(fdt32_ld(static_cast<const fdt32_t*>(value)));
}

std::uint64_t number(const fdt32_t* at, int cells) {
  std::uint64_t value = 0;
  for (int i = 0; i < cells; ++i) {
    value = value << 32 | fdt32_ld(at + i);
  }
  return value;
}

void add_ranges(const void* blob, int node, int address_cells, int size_cells,
                std::vector<PhysRange>& memory) {
  int length = 0;
  const void* value = fdt_getprop(blob, node, "linux,usable-memory", &length);
  if (value == nullptr) {
    value = fdt_getprop(blob, node, "reg", &length);
  }
  if (value == nullptr) {
    return;
  }
  const auto* cell = static_cast<const fdt32_t*>(value);
  const int entry = address_cells + size_cells;
  for (int left = length / 4; left >= entry; left -= entry, cell += entry) {
    const auto range = PhysRange::from_size(PhysAddr(number(cell, address_cells)),
                                            number(cell + address_cells, size_cells));
    if (range && !range->empty()) {
      memory.push_back(*range);
    }
  }
}

}  // namespace

std::vector<PhysRange> early_memory(const Tree& tree) {
  const void* blob = tree.bytes().data();
  const int address_cells = root_cells(blob, "#address-cells");
  const int size_cells = root_cells(blob, "#size-cells");
  std::vector<PhysRange> memory;
  // The decompressor gives up on others, and believes its own address.
  if (address_cells < 1 || address_cells > 2 || size_cells < 1 || size_cells > 2) {
    return memory;
  }
  for (int node = fdt_next_node(blob, -1, nullptr); node >= 0;
       node = fdt_next_node(blob, node, nullptr)) {
    int length = 0;
    const void* type = fdt_getprop(blob, node, "device_type", &length);
    constexpr std::string_view kMemory("memory\0", 7);
    if (type != nullptr && length >= static_cast<int>(kMemory.size()) &&
        std::memcmp(type, kMemory.data(), kMemory.size()) == 0) {
      add_ranges(blob, node, address_cells, size_cells, memory);
    }
  }
  return memory;
}

}  // namespace hyprelay::fdt
