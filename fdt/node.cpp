// SPDX-License-Identifier: BSD-2-Clause
#include "fdt/node.hpp"

#include <libfdt.h>

#include <algorithm>
#include <array>
#include <climits>
#include <cstring>

namespace hyprelay::fdt {
namespace {

using base::ByteView;
using base::PhysAddr;
using base::PhysRange;

// An unsigned number of `cells` big-endian words at a cell offset. nullopt when it does not fit 64
// bits. The caller has checked that the words are there.
std::optional<std::uint64_t> number_at(ByteView value, std::size_t cell, std::uint32_t cells) {
  std::uint64_t number = 0;
  for (std::uint32_t i = 0; i < cells; ++i) {
    if (number >> 32 != 0) {
      return std::nullopt;
    }
    fdt32_t word = 0;
    std::memcpy(&word, value.data() + (cell + i) * sizeof(word), sizeof(word));
    number = number << 32 | fdt32_to_cpu(word);
  }
  return number;
}

// More cells than a number of 64 bits needs belong to buses whose addresses carry more than a
// number (PCI: space and flags), which is read by nothing here.
bool are_plain(const Cells& cells) {
  return cells.address >= 1 && cells.address <= 2 && cells.size <= 2;
}

constexpr std::string_view kCompatible = "compatible";

// Whether it is one of the texts of a property, each of which ends with a zero.
bool has_text(ByteView value, std::string_view text) {
  return fdt_stringlist_contains(reinterpret_cast<const char*>(value.data()),
                                 static_cast<int>(value.size()), std::string(text).c_str()) != 0;
}

}  // namespace

template <class Take>
void Node::walk(ByteView blob, const Take& take) {
  Node node = root(blob);
  for (int depth = 0; node.offset_ >= 0 && depth >= 0;) {
    if (!take(node)) {
      return;
    }
    const int before = node.offset_;
    const int depth_before = depth;
    node.offset_ = fdt_next_node(blob.data(), before, &depth);
    if (depth > depth_before) {
      node.above_.push_back(before);
    } else {
      node.above_.resize(static_cast<std::size_t>(std::max(depth, 0)));
    }
  }
}

std::optional<Node> Node::at_path(ByteView blob, std::string_view path) {
  if (!path.starts_with('/') || path.size() > INT_MAX) {
    return std::nullopt;
  }
  const auto offset_of = [&](std::string_view part) {
    return fdt_path_offset_namelen(blob.data(), part.data(), static_cast<int>(part.size()));
  };
  Node node = root(blob);
  const int offset = offset_of(path);
  if (offset < 0) {
    return std::nullopt;
  }
  // Those above it are what its path begins with, since a walk looks at all of the tree. A slash
  // too many is no node.
  for (std::size_t end = path.find('/', 1); offset != 0 && end != std::string_view::npos;
       end = path.find('/', end + 1)) {
    const int above = offset_of(path.substr(0, end));
    if (above != node.offset_ && above != offset) {
      node.above_.push_back(node.offset_);
      node.offset_ = above;
    }
  }
  if (offset != 0) {
    node.above_.push_back(node.offset_);
    node.offset_ = offset;
  }
  return node;
}

std::vector<Node> Node::all_compatible(ByteView blob,
                                       std::initializer_list<std::string_view> names) {
  std::vector<Node> found;
  walk(blob, [&](const Node& node) {
    // One look for all of the names.
    const std::optional<ByteView> value = node.property(kCompatible);
    const bool matches =
        value && std::any_of(names.begin(), names.end(),
                             [&](std::string_view name) { return has_text(*value, name); });
    if (matches && node.is_available()) {
      found.push_back(node);
    }
    return true;
  });
  return found;
}

std::string Node::path() const {
  std::string path;
  const auto add = [&](int offset) {
    const char* name = fdt_get_name(blob_, offset, nullptr);
    path.append("/").append(name == nullptr ? "?" : name);
  };
  // The root's own name is no part of a path.
  for (std::size_t i = 1; i < above_.size(); ++i) {
    add(above_[i]);
  }
  if (offset_ != 0) {
    add(offset_);
  }
  return path.empty() ? "/" : path;
}

std::string_view Node::name() const {
  const char* name = fdt_get_name(blob_, offset_, nullptr);
  const std::string_view whole = name == nullptr ? "" : name;
  return whole.substr(0, whole.find('@'));
}

std::optional<Node> Node::parent() const {
  if (above_.empty()) {
    return std::nullopt;
  }
  return Node(blob_, above_.back(), {above_.begin(), above_.end() - 1});
}

std::vector<Node> Node::children() const {
  std::vector<Node> nodes;
  std::vector<int> above = above_;
  above.push_back(offset_);
  int offset = 0;
  fdt_for_each_subnode(offset, blob_, offset_) {
    nodes.push_back(Node(blob_, offset, above));
  }
  return nodes;
}

bool Node::has_child(std::string_view name) const {
  return fdt_subnode_offset_namelen(blob_, offset_, name.data(), static_cast<int>(name.size())) >=
         0;
}

std::optional<ByteView> Node::property(std::string_view name) const {
  int size_bytes = 0;
  const void* value =
      fdt_getprop_namelen(blob_, offset_, name.data(), static_cast<int>(name.size()), &size_bytes);
  if (value == nullptr) {
    return std::nullopt;
  }
  return ByteView(static_cast<const std::byte*>(value), static_cast<std::size_t>(size_bytes));
}

base::Result<std::optional<std::string>> Node::text(std::string_view name) const {
  const std::optional<ByteView> value = property(name);
  if (!value) {
    return std::optional<std::string>();
  }
  const auto end = std::find(value->begin(), value->end(), std::byte{0});
  if (end == value->end()) {
    return bad_property(name);
  }
  const auto* const chars = reinterpret_cast<const char*>(value->data());
  return std::optional(std::string(chars, static_cast<std::size_t>(end - value->begin())));
}

base::Result<std::optional<std::uint32_t>> Node::u32(std::string_view name) const {
  const std::optional<ByteView> value = property(name);
  if (!value) {
    return std::optional<std::uint32_t>();
  }
  if (value->size() != 4) {
    return bad_property(name);
  }
  return std::optional(static_cast<std::uint32_t>(*number_at(*value, 0, 1)));
}

base::Result<std::optional<std::uint64_t>> Node::u64(std::string_view name) const {
  const std::optional<ByteView> value = property(name);
  if (!value) {
    return std::optional<std::uint64_t>();
  }
  if (value->size() != 4 && value->size() != 8) {
    return bad_property(name);
  }
  return number_at(*value, 0, static_cast<std::uint32_t>(value->size() / 4));
}

base::Result<std::vector<std::string>> Node::texts(std::string_view name) const {
  std::vector<std::string> texts;
  ByteView rest = property(name).value_or(ByteView());
  while (!rest.empty()) {
    const auto end = std::find(rest.begin(), rest.end(), std::byte{0});
    if (end == rest.end()) {
      return bad_property(name);
    }
    const auto size_bytes = static_cast<std::size_t>(end - rest.begin());
    texts.emplace_back(reinterpret_cast<const char*>(rest.data()), size_bytes);
    rest = rest.subspan(size_bytes + 1);
  }
  return texts;
}

bool Node::is_compatible(std::string_view name) const {
  const std::optional<ByteView> value = property(kCompatible);
  return value && has_text(*value, name);
}

bool Node::is_available() const {
  const std::optional<ByteView> status = property("status");
  const auto is = [&](const char* word) {
    return status->size() == std::strlen(word) + 1 &&
           std::memcmp(status->data(), word, status->size()) == 0;
  };
  return !status || is("okay") || is("ok");
}

base::Result<Cells> Node::cells() const {
  std::optional<std::uint32_t> address;
  std::optional<std::uint32_t> size;
  for (std::optional<Node> node = *this; node && !(address && size); node = node->parent()) {
    if (!address) {
      HR_TRY(own, node->u32("#address-cells"));
      address = own;
    }
    if (!size) {
      HR_TRY(own, node->u32("#size-cells"));
      size = own;
    }
  }
  return Cells{address.value_or(1), size.value_or(1)};
}

base::Result<std::vector<PhysRange>> Node::address_ranges(std::string_view name) const {
  std::vector<PhysRange> ranges;
  const std::optional<ByteView> value = property(name);
  if (!value) {
    return ranges;
  }
  const std::optional<Node> bus = parent();
  HR_TRY(cells, bus ? bus->cells() : this->cells());
  const std::size_t pair_cells = std::size_t{cells.address} + cells.size;
  if (cells.address > 16 || cells.size > 16 || pair_cells == 0 ||
      value->size() % (pair_cells * 4) != 0) {
    return bad_property(name);
  }
  for (std::size_t cell = 0; cell < value->size() / 4; cell += pair_cells) {
    const auto start = number_at(*value, cell, cells.address);
    const auto size_bytes = number_at(*value, cell + cells.address, cells.size);
    if (!start || !size_bytes) {
      return bad_property(name);
    }
    const auto range = PhysRange::from_size(PhysAddr(*start), *size_bytes);
    if (!range) {
      return bad_property(name);
    }
    ranges.push_back(*range);
  }
  return ranges;
}

// From the address space below this bus to the one it stands in.
base::Result<std::optional<PhysRange>> Node::map_to_parent(const PhysRange& range) const {
  const std::optional<Node> above = parent();
  const std::optional<ByteView> ranges = property("ranges");
  if (!above || !ranges) {
    return std::optional<PhysRange>();
  }
  if (ranges->empty()) {
    return std::optional(range);
  }
  HR_TRY(own, cells());
  HR_TRY(outer, above->cells());
  if (!are_plain(own) || !are_plain(outer)) {
    return std::optional<PhysRange>();
  }
  const std::size_t entry_cells = std::size_t{own.address} + outer.address + own.size;
  if (ranges->size() % (entry_cells * 4) != 0) {
    return bad_property("ranges");
  }
  for (std::size_t cell = 0; cell < ranges->size() / 4; cell += entry_cells) {
    const std::uint64_t child = *number_at(*ranges, cell, own.address);
    const std::uint64_t target = *number_at(*ranges, cell + own.address, outer.address);
    const std::uint64_t window = *number_at(*ranges, cell + own.address + outer.address, own.size);
    // Where the device begins decides, as in Linux: a size of 0, or one too large, is no reason to
    // lose a console.
    const std::uint64_t start = range.start().raw();
    if (start >= child && start - child < window) {
      const auto mapped =
          PhysRange::from_size(PhysAddr(target + (start - child)), range.size_bytes());
      if (!mapped || target + (start - child) < target) {
        return bad_property("ranges");
      }
      return mapped;
    }
  }
  return std::optional<PhysRange>();
}

base::Result<std::vector<std::optional<PhysRange>>> Node::mapped_registers(std::size_t most) const {
  std::vector<std::optional<PhysRange>> mapped;
  const std::optional<Node> first_bus = parent();
  if (!has("reg") || !first_bus) {
    return mapped;
  }
  HR_TRY(cells, first_bus->cells());
  if (!are_plain(cells)) {
    return std::vector<std::optional<PhysRange>>{std::nullopt};
  }
  HR_TRY(ranges, address_ranges("reg"));
  ranges.resize(std::min(ranges.size(), most));
  for (const PhysRange& range : ranges) {
    std::optional<PhysRange> here = range;
    std::optional<Node> bus = first_bus;
    for (std::optional<Node> above = bus->parent(); here && above; above = bus->parent()) {
      HR_TRY(outside, bus->map_to_parent(*here));
      here = outside;
      bus = above;
    }
    mapped.push_back(here);
  }
  return mapped;
}

base::Error Node::bad_property(std::string_view name) const {
  return base::Error(base::Code::TREE_BAD_PROPERTY, base::Stage::kTree,
                     path().append(": ").append(name));
}

}  // namespace hyprelay::fdt
