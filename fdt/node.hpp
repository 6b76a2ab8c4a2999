// SPDX-License-Identifier: BSD-2-Clause
// Reading by position: the steps from node to node, cells and addresses that the facts are made of.
// Inside this folder only.
#pragma once

#include "base/bytes.hpp"
#include "base/range.hpp"
#include "base/result.hpp"

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hyprelay::fdt {

// #address-cells and #size-cells: how a bus writes its children's addresses.
struct Cells {
  std::uint32_t address = 1;
  std::uint32_t size = 1;
};

// A place in a checked blob, which knows the nodes above it: asking libfdt for them walks the tree
// from its beginning each time. Valid until the next edit of the tree that owns the blob.
class Node {
 public:
  static Node root(base::ByteView blob) { return {blob.data(), 0, {}}; }
  static std::optional<Node> at_path(base::ByteView blob, std::string_view path);
  // Every node of the tree that is compatible with one of the strings, in the tree's order, leaving
  // out those whose status is not okay.
  static std::vector<Node> all_compatible(base::ByteView blob,
                                          std::initializer_list<std::string_view> names);

  std::string path() const;
  // Without its unit address.
  std::string_view name() const;
  std::optional<Node> parent() const;
  std::vector<Node> children() const;
  bool has_child(std::string_view name) const;

  std::optional<base::ByteView> property(std::string_view name) const;
  bool has(std::string_view name) const { return property(name).has_value(); }
  // Up to the first NUL. nullopt when missing; TREE_BAD_PROPERTY when there is no NUL.
  base::Result<std::optional<std::string>> text(std::string_view name) const;
  // One cell (u32) or, for u64, one or two. nullopt when missing; TREE_BAD_PROPERTY by length.
  base::Result<std::optional<std::uint32_t>> u32(std::string_view name) const;
  base::Result<std::optional<std::uint64_t>> u64(std::string_view name) const;
  // The strings of a list such as `compatible`. Empty when missing; TREE_BAD_PROPERTY when the last
  // has no NUL.
  base::Result<std::vector<std::string>> texts(std::string_view name) const;
  bool is_compatible(std::string_view name) const;
  // No status, "okay" or "ok", as Linux reads it [linux/drivers/of/base.c].
  bool is_available() const;

  // The cells of this node as a bus. Like Linux, which inherits them from the nodes above when they
  // are missing and takes 1 and 1 at the root [linux/drivers/of/address.c, base.c].
  // TREE_BAD_PROPERTY when one is not a single cell.
  base::Result<Cells> cells() const;

  // The property as pairs of address and size in the parent's cells, not translated.
  // TREE_BAD_PROPERTY when it is no whole number of pairs, when a number does not fit 64 bits, or
  // when a range runs past the top of them.
  base::Result<std::vector<base::PhysRange>> address_ranges(std::string_view name) const;
  // `reg` as the CPU sees it: translated by the `ranges` of every bus above. An entry that no bus
  // above maps (a device on I2C, say) is nullopt. Empty when the property is missing. No more than
  // the first `most` entries: each is looked for in those `ranges`.
  base::Result<std::vector<std::optional<base::PhysRange>>> mapped_registers(
      std::size_t most) const;

  base::Error bad_property(std::string_view name) const;

 private:
  Node(const void* blob, int offset, std::vector<int> above)
      : blob_(blob), offset_(offset), above_(std::move(above)) {}
  // Calls `take` with every node, parents before their children.
  template <class Take>
  static void walk(base::ByteView blob, const Take& take);
  base::Result<std::optional<base::PhysRange>> map_to_parent(const base::PhysRange& range) const;

  const void* blob_;
  int offset_;
  // Offsets of the nodes above, the root first: kMostLevels of them at most.
  std::vector<int> above_;
};

}  // namespace hyprelay::fdt
