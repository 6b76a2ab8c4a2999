// SPDX-License-Identifier: BSD-2-Clause
// Nodes by their other names: alias, label, phandle.
#include "fdt/libfdt_error.hpp"
#include "fdt/node.hpp"
#include "fdt/tree.hpp"

#include <libfdt.h>

#include <algorithm>

namespace hyprelay::fdt {

std::optional<std::string> Tree::resolve(std::string_view name) const {
  const bool is_label = name.starts_with('&');
  name.remove_prefix(is_label ? 1 : 0);
  std::string path(name);
  const auto text_at = [this](std::string_view list, std::string_view entry) {
    const auto text = string_property(list, entry);
    return text && text.value() ? *text.value() : std::string();
  };
  if (!name.starts_with('/')) {
    const std::string_view first = name.substr(0, name.find('/'));
    path = is_label ? "" : text_at("/aliases", first);
    path = path.empty() ? text_at("/__symbols__", first) : path;
    if (path.empty()) {
      return std::nullopt;
    }
    path += name.substr(first.size());
  } else if (is_label) {
    return std::nullopt;
  }
  const std::optional<Node> node = Node::at_path(blob_, path);
  return node ? std::optional(node->path()) : std::nullopt;
}

std::vector<std::string> Tree::nodes_with(std::span<const std::string_view> names) const {
  std::vector<std::string> found;
  for_each_property([&](const std::string& path, std::string_view name, base::ByteView) {
    if (std::ranges::find(names, name) != names.end() && (found.empty() || found.back() != path)) {
      found.push_back(path);
    }
  });
  return found;
}

base::Result<std::uint32_t> Tree::phandle(std::string_view path) {
  const int node = find(path);
  if (node < 0) {
    return error_of(node, path);
  }
  if (const std::uint32_t own = fdt_get_phandle(blob_.data(), node); own != 0 && own != ~0u) {
    return own;
  }
  std::uint32_t fresh = 0;
  if (const int code = fdt_generate_phandle(blob_.data(), &fresh); code != 0) {
    return error_of(code, path);
  }
  HR_TRYV(set_u32(path, "phandle", fresh));
  return fresh;
}

}  // namespace hyprelay::fdt
