// SPDX-License-Identifier: BSD-2-Clause
// A flattened tree that is only read, where it lies: what holds kernels, as a FIT does, is too
// large to be copied into a Tree.
#pragma once

#include "base/bytes.hpp"
#include "base/result.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hyprelay::fdt {

// Far below INT_MAX, in which libfdt counts, so that no sum of its sizes overflows.
inline constexpr std::size_t kLargestBlob = 512 << 20;

// The bytes must live as long.
class Blob {
 public:
  // The bytes must be aligned to 8: TREE_INTERNAL else. Other errors: those of Tree::from_bytes;
  // TREE_TOO_LARGE above kLargestBlob.
  static base::Result<Blob> check(base::ByteView bytes, std::string_view name);

  // By its header: what is behind is no part of it.
  std::uint64_t size_bytes() const { return size_bytes_; }
  bool has_node(std::string_view path) const;
  std::optional<base::ByteView> property(std::string_view path, std::string_view name) const;
  // Up to its first NUL; empty when it is missing, or is no text.
  std::string text(std::string_view path, std::string_view name) const;
  // The strings of a list; what has no NUL behind it is none.
  std::vector<std::string> texts(std::string_view path, std::string_view name) const;
  // One cell; nullopt when it is missing or of another size.
  std::optional<std::uint32_t> u32(std::string_view path, std::string_view name) const;
  // Paths of the node's children, the first `most` of them.
  std::vector<std::string> children(std::string_view path, std::size_t most) const;

 private:
  Blob() = default;

  base::ByteView bytes_;
  std::uint64_t size_bytes_ = 0;
};

}  // namespace hyprelay::fdt
