// SPDX-License-Identifier: BSD-2-Clause
// A flattened device tree that grows as it is edited. The only code that includes <libfdt.h> is in
// this folder; its codes reach the caller as Errors whose subject is the node's path.
#pragma once

#include "base/bytes.hpp"
#include "base/range.hpp"
#include "base/result.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hyprelay::fdt {

// A fragment of an overlay, and the path of the node that it changes.
struct OverlayTarget {
  std::string fragment;
  std::string path;
};

// Owns its bytes. Copyable: a copy is an independent tree. Paths are absolute ("/chosen"); as in
// libfdt a component without a unit address also finds the first node that has one.
class Tree {
 public:
  // Checks the whole structure (fdt_check_full), so that later readers cannot leave the blob.
  // `name` is used in messages. Errors (stage tree): FILE_EMPTY, TREE_NO_MAGIC, TREE_TRUNCATED
  // (at: the size it claims, limit: bytes there), TREE_VERSION (at: its version), TREE_LIES
  // (subject: the header field, at: its value, limit: the tree's size), TREE_BAD_STRUCTURE
  // (subject: the last node or property that could be read, or what is nested deeper, or named
  // longer, than any tree of a board), TREE_BAD, TREE_TOO_LARGE.
  static base::Result<Tree> from_bytes(base::ByteView bytes, std::string_view name);
  // A tree with nothing but the root.
  static Tree empty();

  // The blob with its free space; packed() for what is worth loading. Without the FDT_NOP words
  // that a kernel leaves where it wiped a seed: with them a tree would grow with every handoff.
  base::ByteView bytes() const { return blob_; }
  std::vector<std::byte> packed() const;
  // Drops the free space. Later edits grow it again.
  void pack();
  // The size that the header of the bytes given to from_bytes claimed; 0 for an empty() tree.
  std::uint64_t claimed_size_bytes() const { return claimed_size_bytes_; }

  bool has_node(std::string_view path) const;
  // nullopt when node or property is missing. The view lives until the next edit.
  std::optional<base::ByteView> property(std::string_view path, std::string_view name) const;
  // As text up to the first NUL. nullopt when missing; TREE_BAD_PROPERTY when not terminated.
  base::Result<std::optional<std::string>> string_property(std::string_view path,
                                                           std::string_view name) const;
  // Names of the node's properties; paths of its children. Empty when the node is missing.
  std::vector<std::string> property_names(std::string_view path) const;
  std::vector<std::string> children(std::string_view path) const;
  // Every property of every node, in the tree's order, in one walk: asking for each by its path is
  // a walk for each. The views live until the next edit.
  using TakeProperty =
      std::function<void(const std::string& path, std::string_view name, base::ByteView value)>;
  void for_each_property(const TakeProperty& take) const;

  // The whole path of the node that a name means: "/soc/i2c@0"; "i2c1/rtc", by /aliases, as Linux
  // reads stdout-path, or where there is no such alias by /__symbols__; "&i2c1/rtc", by
  // /__symbols__ alone. nullopt: there is none.
  std::optional<std::string> resolve(std::string_view name) const;

  // Paths of the nodes that have a property of one of these names, in the tree's order.
  std::vector<std::string> nodes_with(std::span<const std::string_view> names) const;

  // Edits grow the blob as needed. The node is created when it is missing (its parent must exist:
  // TREE_NO_NODE). Other errors: TREE_TOO_LARGE, TREE_INTERNAL (at: libfdt's code). An edit that
  // failed has changed nothing that can be read.
  base::Result<void> add_node(std::string_view path);
  base::Result<void> set(std::string_view path, std::string_view name, base::ByteView value);
  base::Result<void> set_string(std::string_view path, std::string_view name,
                                std::string_view text);
  base::Result<void> set_u32(std::string_view path, std::string_view name, std::uint32_t value);
  base::Result<void> set_u64(std::string_view path, std::string_view name, std::uint64_t value);
  // A property of which a node has several copies, of which every reader takes the first: setting
  // it leaves one, removing it none.
  // Removing what is not there is no error. The root stays: TREE_INTERNAL.
  base::Result<void> remove_property(std::string_view path, std::string_view name);
  base::Result<void> remove_node(std::string_view path);
  // Children of the root with that device_type.
  void remove_nodes_of_type(std::string_view device_type);

  // The number by which others refer to that node; it gets one when it has none. Errors:
  // TREE_NO_NODE, those of edits.
  base::Result<std::uint32_t> phandle(std::string_view path);
  // Merges an overlay into the tree; `name` is used in messages. Gives its fragments in their
  // order. Errors: OVERLAY_IS_TREE, OVERLAY_BAD, OVERLAY_NO_SYMBOLS and OVERLAY_NO_LABEL (subject:
  // the label, and the first property that names it), OVERLAY_NO_TARGET (the path, its fragment),
  // TREE_TOO_LARGE, and those of from_bytes() for what came out.
  base::Result<std::vector<OverlayTarget>> apply_overlay(const Tree& overlay,
                                                         std::string_view name);

  // /memreserve/ entries in their order. One that runs past the top of 64 bits is cut there.
  std::vector<base::PhysRange> memory_reservations() const;
  base::Result<void> add_memory_reservation(const base::PhysRange& range);
  // Those for which `goes` is true.
  void remove_memory_reservations(const std::function<bool(const base::PhysRange&)>& goes);

 private:
  Tree() = default;
  int find(std::string_view path) const;
  // The same for an edit: libfdt walks all nodes before the one that is looked for, and most edits
  // are of the node of the last one.
  int find_again(std::string_view path);
  base::Result<void> merge(const Tree& overlay, std::string_view name,
                           const std::map<std::string, std::uint32_t>& labels,
                           std::vector<std::byte>& change);
  void grow(std::size_t by_bytes);
  base::Result<void> edit(std::string_view subject, std::size_t room_bytes,
                          const std::function<int(void*)>& operation);

  std::vector<std::byte> blob_;
  std::uint64_t claimed_size_bytes_ = 0;
  // Where the node lies that was edited last; negative: look for it.
  int edited_ = -1;
  std::string edited_path_;
};

}  // namespace hyprelay::fdt
