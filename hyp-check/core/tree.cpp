// SPDX-License-Identifier: BSD-2-Clause
#include "hyp-check/core/tree.hpp"

#include "hyp-check/core/words.hpp"

#include <algorithm>

namespace hyprelay::hyp_check {
namespace {

using base::ByteView;

constexpr std::uint32_t kMagic = 0xd00dfeed;
constexpr std::uint32_t kVersion = 17;  // and what is compatible with 16
constexpr std::uint32_t kSizeMax = 0x200000;
constexpr std::size_t kHeaderBytes = 40;
constexpr std::uint32_t kTokenBegin = 1;
constexpr std::uint32_t kTokenEnd = 2;
constexpr std::uint32_t kTokenProperty = 3;
constexpr std::uint32_t kTokenNop = 4;

// 0 when it is not there, which is no token and no magic.
std::uint32_t be32(ByteView bytes, std::size_t at) {
  if (at > bytes.size() || bytes.size() - at < 4) {
    return 0;
  }
  const auto byte = [&](std::size_t i) { return std::to_integer<std::uint32_t>(bytes[at + i]); };
  return byte(0) << 24 | byte(1) << 16 | byte(2) << 8 | byte(3);
}

std::uint32_t aligned(std::size_t offset) {
  return static_cast<std::uint32_t>((offset + 3) & ~std::size_t{3});
}

std::string_view text_of(ByteView bytes) {
  const std::string_view all(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  return has_char(all, '\0') ? before(all, '\0') : std::string_view();
}

bool is_named(std::string_view node, std::string_view component) {
  return node == component || (!has_char(component, '@') && before(node, '@') == component);
}

}  // namespace

std::optional<std::uint64_t> number_at(ByteView bytes, std::size_t cell, std::uint32_t cells) {
  if (cells > 2 || (cell + cells) * 4 > bytes.size()) {
    return std::nullopt;
  }
  std::uint64_t value = 0;
  for (std::uint32_t i = 0; i < cells; ++i) {
    value = value << 32 | be32(bytes, (cell + i) * 4);
  }
  return value;
}

std::optional<Tree> Tree::from_bytes(ByteView bytes) {
  const std::uint32_t size = be32(bytes, 4);
  if (bytes.size() < kHeaderBytes || be32(bytes, 0) != kMagic || size < kHeaderBytes ||
      size > bytes.size() || be32(bytes, 20) < kVersion || be32(bytes, 24) > kVersion) {
    return std::nullopt;
  }
  Tree tree;
  tree.blob_ = bytes.first(size);
  const auto structure = base::slice(tree.blob_, be32(bytes, 8), be32(bytes, 36));
  const auto strings = base::slice(tree.blob_, be32(bytes, 12), be32(bytes, 32));
  if (!structure || !strings || be32(bytes, 8) % 4 != 0) {
    return std::nullopt;
  }
  tree.structure_ = structure.value();
  tree.strings_ = strings.value();
  return tree.find("/") ? std::optional(tree) : std::nullopt;
}

std::optional<Tree> Tree::in_memory(const std::byte* blob) {
  const ByteView header(blob, kHeaderBytes);
  const std::uint32_t size = be32(header, 4);
  if (be32(header, 0) != kMagic || size > kSizeMax) {
    return std::nullopt;
  }
  return from_bytes(ByteView(blob, size));
}

std::string_view Tree::name_at(ByteView block, std::uint32_t offset) const {
  return offset < block.size() ? text_of(block.subspan(offset)) : std::string_view();
}

Tree::Token Tree::token_at(std::uint32_t offset) const {
  std::uint32_t kind = be32(structure_, offset);
  while (kind == kTokenNop) {
    offset += 4;
    kind = be32(structure_, offset);
  }
  Token token;
  if (kind == kTokenBegin) {
    token.name = name_at(structure_, offset + 4);
    token.next = aligned(offset + 4 + token.name.size() + 1);
    token.kind = Kind::kBegin;
  } else if (kind == kTokenEnd) {
    token.next = offset + 4;
    token.kind = Kind::kEnd;
  } else if (kind == kTokenProperty) {
    const std::uint32_t size = be32(structure_, offset + 4);
    const auto value = base::slice(structure_, std::uint64_t{offset} + 12, size);
    if (value) {
      token.value = value.value();
      token.name = name_at(strings_, be32(structure_, offset + 8));
      token.next = aligned(std::size_t{offset} + 12 + size);
      token.kind = Kind::kProperty;
    }
  }
  return token;
}

std::uint32_t Tree::behind(std::uint32_t offset) const {
  std::size_t depth = 0;
  for (;;) {
    const Token token = token_at(offset);
    if (token.kind == Kind::kStop) {
      return static_cast<std::uint32_t>(structure_.size());
    }
    offset = token.next;
    if (token.kind == Kind::kBegin) {
      ++depth;
    } else if (token.kind == Kind::kEnd && --depth == 0) {
      return offset;
    }
  }
}

std::optional<Tree::Node> Tree::node_from(std::uint32_t offset, const Node& above) const {
  Token token = token_at(offset);
  for (; token.kind == Kind::kProperty; token = token_at(offset)) {
    offset = token.next;
  }
  if (token.kind != Kind::kBegin || above.depth == Node::kDepthMax) {
    return std::nullopt;
  }
  Node node = above;
  node.offsets[node.depth++] = offset;
  return node;
}

std::optional<Tree::Node> Tree::first_child(const Node& node) const {
  return node_from(token_at(node.offsets[node.depth - 1]).next, node);
}

std::optional<Tree::Node> Tree::next_sibling(const Node& node) const {
  Node above = node;
  --above.depth;
  return above.depth == 0 ? std::nullopt : node_from(behind(node.offsets[node.depth - 1]), above);
}

std::optional<Tree::Node> Tree::find(std::string_view path) const {
  if (!path.starts_with('/') || token_at(0).kind != Kind::kBegin) {
    return std::nullopt;
  }
  Node node{};
  node.depth = 1;
  for (;;) {
    while (path.starts_with('/')) {
      path.remove_prefix(1);
    }
    if (path.empty()) {
      return node;
    }
    const std::string_view component = before(path, '/');
    std::optional<Node> next = first_child(node);
    while (next && !is_named(token_at(next->offsets[next->depth - 1]).name, component)) {
      next = next_sibling(*next);
    }
    if (!next) {
      return std::nullopt;
    }
    node = *next;
    path.remove_prefix(component.size());
  }
}

std::optional<Tree::Node> Tree::find_compatible(std::string_view compatible) const {
  Node node{};
  std::uint32_t offset = 0;
  std::size_t depth = 0;
  for (;;) {
    const Token token = token_at(offset);
    if (token.kind == Kind::kStop) {
      return std::nullopt;
    }
    if (token.kind == Kind::kBegin) {
      if (depth < Node::kDepthMax) {
        node.offsets[depth] = offset;
        node.depth = depth + 1;
        if (has_word(node, "compatible", compatible) && is_available(node)) {
          return node;
        }
      }
      ++depth;
    } else if (token.kind == Kind::kEnd && --depth == 0) {
      return std::nullopt;
    }
    offset = token.next;
  }
}

std::optional<ByteView> Tree::property_at(std::uint32_t offset, std::string_view name) const {
  for (Token token = token_at(token_at(offset).next); token.kind == Kind::kProperty;
       token = token_at(token.next)) {
    if (token.name == name) {
      return token.value;
    }
  }
  return std::nullopt;
}

std::optional<ByteView> Tree::property(const Node& node, std::string_view name) const {
  return node.depth == 0 ? std::nullopt : property_at(node.offsets[node.depth - 1], name);
}

std::string_view Tree::text(const Node& node, std::string_view name) const {
  const auto value = property(node, name);
  return value ? text_of(*value) : std::string_view();
}

std::optional<std::uint32_t> Tree::u32(const Node& node, std::string_view name) const {
  const auto value = property(node, name);
  return value && value->size() == 4 ? std::optional(be32(*value, 0)) : std::nullopt;
}

std::string_view Tree::word(const Node& node, std::string_view name, std::size_t index) const {
  const auto value = property(node, name);
  ByteView rest = value.value_or(ByteView());
  for (; index != 0 && !rest.empty(); --index) {
    rest = rest.subspan(std::min(text_of(rest).size() + 1, rest.size()));
  }
  return text_of(rest);
}

bool Tree::has_word(const Node& node, std::string_view name, std::string_view word) const {
  for (ByteView rest = property(node, name).value_or(ByteView()); !text_of(rest).empty();
       rest = rest.subspan(text_of(rest).size() + 1)) {
    if (text_of(rest) == word) {
      return true;
    }
  }
  return false;
}

bool Tree::is_available(const Node& node) const {
  const auto status = property(node, "status");
  return !status || text_of(*status) == "okay" || text_of(*status) == "ok";
}

Tree::Cells Tree::cells(const Node& node, std::size_t depth) const {
  Cells cells;
  for (std::size_t i = 0; i < depth; ++i) {
    const auto address = property_at(node.offsets[i], "#address-cells");
    const auto size = property_at(node.offsets[i], "#size-cells");
    cells.address = address && address->size() == 4 ? be32(*address, 0) : cells.address;
    cells.size = size && size->size() == 4 ? be32(*size, 0) : cells.size;
  }
  return cells;
}

// From the address space below the bus at this depth to the one it stands in.
bool Tree::map_to_parent(const Node& node, std::size_t depth, std::uint64_t& address) const {
  const auto ranges = property_at(node.offsets[depth - 1], "ranges");
  if (!ranges || ranges->empty()) {
    return ranges.has_value();
  }
  const Cells own = cells(node, depth);
  const Cells outer = cells(node, depth - 1);
  const std::size_t entry = std::size_t{own.address} + outer.address + own.size;
  for (std::size_t cell = 0; entry != 0 && (cell + entry) * 4 <= ranges->size(); cell += entry) {
    const auto child = number_at(*ranges, cell, own.address);
    const auto target = number_at(*ranges, cell + own.address, outer.address);
    const auto window = number_at(*ranges, cell + own.address + outer.address, own.size);
    if (!child || !target || !window) {
      return false;
    }
    if (address >= *child && address - *child < *window) {
      address = *target + (address - *child);
      return address >= *target;
    }
  }
  return false;
}

std::optional<Tree::Range> Tree::mapped_register(const Node& node, std::size_t index) const {
  const auto reg = property(node, "reg");
  if (!reg || node.depth < 2) {
    return std::nullopt;
  }
  const Cells bus = cells(node, node.depth - 1);
  if (bus.address == 0 || bus.address > 2 || bus.size > 2) {
    return std::nullopt;
  }
  const std::size_t at = index * (bus.address + bus.size);
  const auto start = number_at(*reg, at, bus.address);
  const auto size = number_at(*reg, at + bus.address, bus.size);
  if (!start || !size) {
    return std::nullopt;
  }
  Range range{*start, *size};
  for (std::size_t depth = node.depth - 1; depth > 1; --depth) {
    if (!map_to_parent(node, depth, range.start)) {
      return std::nullopt;
    }
  }
  return range;
}

}  // namespace hyprelay::hyp_check
