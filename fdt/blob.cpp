// SPDX-License-Identifier: BSD-2-Clause
#include "fdt/blob.hpp"

#include "fdt/libfdt_error.hpp"
#include "fdt/node.hpp"

#include <libfdt.h>

#include <algorithm>
#include <cstdint>

namespace hyprelay::fdt {
namespace {

std::vector<std::string> strings_of(std::string_view list) {
  std::vector<std::string> strings;
  for (std::size_t end = list.find('\0'); end != std::string_view::npos; end = list.find('\0')) {
    strings.emplace_back(list.substr(0, end));
    list.remove_prefix(end + 1);
  }
  return strings;
}

}  // namespace

base::Result<Blob> Blob::check(base::ByteView bytes, std::string_view name) {
  if (reinterpret_cast<std::uintptr_t>(bytes.data()) % 8 != 0) {
    return error_of(-FDT_ERR_ALIGNMENT, name);
  }
  Blob blob;
  blob.bytes_ = bytes;
  HR_TRY(has_nops, check_blob(bytes, name, kLargestBlob));
  static_cast<void>(has_nops);
  blob.size_bytes_ = fdt_totalsize(blob.bytes_.data());
  return blob;
}

bool Blob::has_node(std::string_view path) const {
  return Node::at_path(bytes_, path).has_value();
}

std::optional<base::ByteView> Blob::property(std::string_view path, std::string_view name) const {
  const auto node = Node::at_path(bytes_, path);
  return node ? node->property(name) : std::nullopt;
}

std::string Blob::text(std::string_view path, std::string_view name) const {
  const std::vector<std::string> all = texts(path, name);
  return all.empty() ? "" : all.front();
}

std::vector<std::string> Blob::texts(std::string_view path, std::string_view name) const {
  const auto value = property(path, name);
  return value ? strings_of(base::text_of(*value)) : std::vector<std::string>();
}

std::optional<std::uint32_t> Blob::u32(std::string_view path, std::string_view name) const {
  const auto value = property(path, name);
  if (!value || value->size() != sizeof(std::uint32_t)) {
    return std::nullopt;
  }
  return base::read_be<std::uint32_t>(*value, 0).value();
}

std::vector<std::string> Blob::children(std::string_view path, std::size_t most) const {
  std::vector<std::string> paths;
  const int parent =
      fdt_path_offset_namelen(bytes_.data(), path.data(), static_cast<int>(path.size()));
  for (int child = parent < 0 ? parent : fdt_first_subnode(bytes_.data(), parent);
       child >= 0 && paths.size() < most; child = fdt_next_subnode(bytes_.data(), child)) {
    const char* const name = fdt_get_name(bytes_.data(), child, nullptr);
    paths.push_back(std::string(path == "/" ? "" : path).append("/").append(name));
  }
  return paths;
}

}  // namespace hyprelay::fdt
