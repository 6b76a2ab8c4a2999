// SPDX-License-Identifier: BSD-2-Clause
#include "fdt/efi.hpp"

#include "base/bytes.hpp"
#include "fdt/tree.hpp"

#include <algorithm>
#include <string_view>

namespace hyprelay::fdt {

namespace {

constexpr std::string_view kMapStart = "linux,uefi-mmap-start";
constexpr std::string_view kMapSize = "linux,uefi-mmap-size";

}  // namespace

std::vector<std::string> efi_properties(const Tree& tree) {
  std::vector<std::string> names = tree.property_names("/chosen");
  std::erase_if(names, [](const std::string& name) { return !name.starts_with("linux,uefi-"); });
  return names;
}

bool has_efi_map(const Tree& tree) {
  constexpr std::string_view kNeeded[] = {"linux,uefi-system-table", kMapStart, kMapSize,
                                          "linux,uefi-mmap-desc-size", "linux,uefi-mmap-desc-ver"};
  return std::ranges::all_of(
      kNeeded, [&](std::string_view name) { return tree.property("/chosen", name).has_value(); });
}

std::optional<base::PhysRange> efi_map(const Tree& tree) {
  if (!has_efi_map(tree)) {
    return std::nullopt;
  }
  constexpr std::uint64_t kPage = 4096;
  const auto start = base::read_be<std::uint64_t>(*tree.property("/chosen", kMapStart), 0);
  const auto size_bytes = base::read_be<std::uint32_t>(*tree.property("/chosen", kMapSize), 0);
  const auto map = start && size_bytes ? base::PhysRange::from_size(base::PhysAddr(start.value()),
                                                                    size_bytes.value())
                                       : std::nullopt;
  return map ? std::optional(map->widened_to(kPage)) : std::nullopt;
}

bool is_stub(const Tree& tree) {
  const std::vector<std::string> nodes = tree.children("/");
  return std::ranges::all_of(
      nodes, [](std::string_view path) { return path == "/chosen" || path == "/hypervisor"; });
}

}  // namespace hyprelay::fdt
