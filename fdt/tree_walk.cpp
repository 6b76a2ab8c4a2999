// SPDX-License-Identifier: BSD-2-Clause
#include "fdt/tree.hpp"

#include <libfdt.h>

namespace hyprelay::fdt {

void Tree::for_each_property(const TakeProperty& take) const {
  // The path as it grows and shrinks, and how long it was at each depth.
  std::string path = "/";
  std::vector<std::size_t> lengths = {1};
  int depth = 0;
  for (int node = 0; node >= 0 && depth >= 0; node = fdt_next_node(blob_.data(), node, &depth)) {
    const auto level = static_cast<std::size_t>(depth);
    if (level > 0) {
      lengths.resize(level);
      path.resize(lengths.back());
      const char* const name = fdt_get_name(blob_.data(), node, nullptr);
      path.append(level > 1 ? "/" : "").append(name == nullptr ? "?" : name);
      lengths.push_back(path.size());
    }
    int property = 0;
    fdt_for_each_property_offset(property, blob_.data(), node) {
      const char* name = nullptr;
      int size_bytes = 0;
      const void* const value = fdt_getprop_by_offset(blob_.data(), property, &name, &size_bytes);
      if (value != nullptr) {
        take(path, name,
             {static_cast<const std::byte*>(value), static_cast<std::size_t>(size_bytes)});
      }
    }
  }
}

}  // namespace hyprelay::fdt
