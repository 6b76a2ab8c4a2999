// SPDX-License-Identifier: BSD-2-Clause
#include "fdt/efi.hpp"

#include "fdt/tree.hpp"

#include <algorithm>
#include <string_view>

namespace hyprelay::fdt {

std::vector<std::string> efi_properties(const Tree& tree) {
  std::vector<std::string> names = tree.property_names("/chosen");
  std::erase_if(names, [](const std::string& name) { return !name.starts_with("linux,uefi-"); });
  return names;
}

bool has_efi_map(const Tree& tree) {
  constexpr std::string_view kNeeded[] = {"linux,uefi-system-table", "linux,uefi-mmap-start",
                                          "linux,uefi-mmap-size", "linux,uefi-mmap-desc-size",
                                          "linux,uefi-mmap-desc-ver"};
  return std::ranges::all_of(
      kNeeded, [&](std::string_view name) { return tree.property("/chosen", name).has_value(); });
}

bool is_stub(const Tree& tree) {
  const std::vector<std::string> nodes = tree.children("/");
  return std::ranges::all_of(
      nodes, [](std::string_view path) { return path == "/chosen" || path == "/hypervisor"; });
}

}  // namespace hyprelay::fdt
