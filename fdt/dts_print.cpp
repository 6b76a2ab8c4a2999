// SPDX-License-Identifier: BSD-2-Clause
#include "fdt/dts_print.hpp"

#include "base/number_text.hpp"
#include "fdt/dts_value.hpp"

#include <libfdt.h>

namespace hyprelay::fdt {
namespace {

// A checked tree nests no deeper than kMostLevels.
void print_node(const void* blob, int node, std::string indent, std::string& text) {
  const char* name = fdt_get_name(blob, node, nullptr);
  text += indent + (node == 0 ? "/" : name == nullptr ? "?" : name) + " {\n";
  indent += '\t';
  int at = 0;
  fdt_for_each_property_offset(at, blob, node) {
    const char* property = nullptr;
    int size_bytes = 0;
    const void* value = fdt_getprop_by_offset(blob, at, &property, &size_bytes);
    if (value != nullptr) {
      const std::string shown =
          dts_text({static_cast<const std::byte*>(value), static_cast<std::size_t>(size_bytes)});
      text += indent + property + (shown.empty() ? "" : " = ") + shown + ";\n";
    }
  }
  int child = 0;
  fdt_for_each_subnode(child, blob, node) {
    text += '\n';
    print_node(blob, child, indent, text);
  }
  indent.pop_back();
  text += indent + "};\n";
}

}  // namespace

std::optional<std::string> dts_of(const Tree& tree, std::string_view path) {
  const base::ByteView blob = tree.bytes();
  const int node = fdt_path_offset_namelen(blob.data(), path.data(), static_cast<int>(path.size()));
  if (node < 0 || !path.starts_with('/')) {
    return std::nullopt;
  }
  std::string text;
  if (node == 0) {
    text = "/dts-v1/;\n\n";
    for (const base::PhysRange& range : tree.memory_reservations()) {
      text +=
          "/memreserve/ " + base::hex(range.start()) + " " + base::hex(range.size_bytes()) + ";\n";
    }
  }
  print_node(blob.data(), node, "", text);
  return text;
}

}  // namespace hyprelay::fdt
