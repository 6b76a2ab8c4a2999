// SPDX-License-Identifier: BSD-2-Clause
// Reading a flattened device tree where fdt/ and libfdt cannot go (docs/decisions/0003). Every
// offset is checked, so that no bytes whatever lead a read outside of the tree; what is malformed
// reads as missing. [devicetree specification section 5]
//
// Environment: everywhere, also freestanding; no allocation.
#pragma once

#include "base/bytes.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace hyprelay::hyp_check {

class Tree {
 public:
  // A node and those above it, the root first.
  struct Node {
    static constexpr std::size_t kDepthMax = 16;
    std::array<std::uint32_t, kDepthMax> offsets;
    std::size_t depth = 0;
  };
  // #address-cells and #size-cells of a node as a bus; inherited when missing, 1 and 1 at the top.
  struct Cells {
    std::uint32_t address = 1;
    std::uint32_t size = 1;
  };
  struct Range {
    std::uint64_t start = 0;
    std::uint64_t size = 0;
  };

  // An empty tree.
  constexpr Tree() = default;
  // Header and sizes are checked; the view must outlive the tree. nullopt: no tree, or one that
  // contradicts itself.
  static std::optional<Tree> from_bytes(base::ByteView bytes);
  // The same for a tree in memory that says itself how long it is, up to the 2 MiB of
  // [linux/arm64/booting section 2].
  static std::optional<Tree> in_memory(const std::byte* blob);

  std::size_t size_bytes() const { return blob_.size(); }

  // By path; a component without a unit address finds the first node that has one.
  std::optional<Node> find(std::string_view path) const;
  // The first node, in the tree's order, that is compatible and not disabled.
  std::optional<Node> find_compatible(std::string_view compatible) const;
  std::optional<Node> first_child(const Node& node) const;
  std::optional<Node> next_sibling(const Node& node) const;

  std::optional<base::ByteView> property(const Node& node, std::string_view name) const;
  // Up to the first NUL; empty when there is none.
  std::string_view text(const Node& node, std::string_view name) const;
  std::optional<std::uint32_t> u32(const Node& node, std::string_view name) const;
  // The index-th string of a list of them; empty behind the last one.
  std::string_view word(const Node& node, std::string_view name, std::size_t index) const;
  // True when the list of strings holds the word.
  bool has_word(const Node& node, std::string_view name, std::string_view word) const;
  bool is_available(const Node& node) const;

  // The index-th entry of `reg` as the CPU sees it, through the `ranges` of the buses above.
  // nullopt: there is none, or no bus maps it.
  std::optional<Range> mapped_register(const Node& node, std::size_t index) const;

 private:
  enum class Kind : std::uint8_t { kBegin, kEnd, kProperty, kStop };
  struct Token {
    Kind kind = Kind::kStop;
    std::string_view name;
    base::ByteView value;
    std::uint32_t next = 0;
  };

  Token token_at(std::uint32_t offset) const;
  // The node in whose place nothing but properties may come before; above: its parent.
  std::optional<Node> node_from(std::uint32_t offset, const Node& above) const;
  std::string_view name_at(base::ByteView block, std::uint32_t offset) const;
  // Behind the end of the node that begins there.
  std::uint32_t behind(std::uint32_t offset) const;
  Cells cells(const Node& node, std::size_t depth) const;
  std::optional<base::ByteView> property_at(std::uint32_t offset, std::string_view name) const;
  bool map_to_parent(const Node& node, std::size_t depth, std::uint64_t& address) const;

  base::ByteView blob_;
  base::ByteView structure_;
  base::ByteView strings_;
};

// A number of up to two cells; more, or bytes that are not there: nullopt.
std::optional<std::uint64_t> number_at(base::ByteView bytes, std::size_t cell, std::uint32_t cells);

}  // namespace hyprelay::hyp_check
