// SPDX-License-Identifier: BSD-2-Clause
#include "fdt/tree.hpp"

#include "fdt/libfdt_error.hpp"
#include "fdt/node.hpp"

#include <libfdt.h>

#include <algorithm>
#include <climits>
#include <cstring>

namespace hyprelay::fdt {
namespace {

using base::Code;
using base::Error;
using base::PhysAddr;
using base::PhysRange;
using base::Stage;

// Room that a growing tree gets beyond what the edit at hand needs.
constexpr std::size_t kSlackBytes = 4096;

std::string join(std::string_view path, std::string_view property) {
  return std::string(path).append(": ").append(property);
}

// "/a/b" -> "/a" and "b"; "/a" -> "/" and "a". The name is empty for the root.
struct SplitPath {
  std::string_view parent;
  std::string_view name;
};
SplitPath split(std::string_view path) {
  while (path.size() > 1 && path.ends_with('/')) {
    path.remove_suffix(1);
  }
  const std::size_t slash = path.find_last_of('/');
  if (slash == std::string_view::npos) {
    return {{}, path};
  }
  return {path.substr(0, std::max<std::size_t>(slash, 1)), path.substr(slash + 1)};
}

// What a property or node with this name costs at most: tags, length and name offset, padding.
std::size_t cost_of(std::string_view name, std::size_t value_bytes) {
  return 32 + name.size() + value_bytes;
}

// Removes FDT_NOP words from the structure block, which must be of version 17. The gap stays before
// the strings; fdt_pack closes it.
void drop_nops(void* blob) {
  auto* const begin = static_cast<std::byte*>(blob) + fdt_off_dt_struct(blob);
  std::byte* to = begin;
  std::uint32_t tag = FDT_NOP;
  for (int offset = 0, next = 0; tag != FDT_END; offset = next) {
    tag = fdt_next_tag(blob, offset, &next);
    if (next < 0) {
      return;
    }
    if (tag != FDT_NOP && to == begin + offset) {
      to = begin + next;
    } else if (tag != FDT_NOP) {
      const auto size_bytes = static_cast<std::size_t>(next - offset);
      std::memmove(to, begin + offset, size_bytes);
      to += size_bytes;
    }
  }
  fdt_set_size_dt_struct(blob, static_cast<std::uint32_t>(to - begin));
}

// Words that every reader of a structure block skips.
void wipe(void* blob, int offset, int end) {
  auto* const begin = static_cast<std::byte*>(blob) + fdt_off_dt_struct(blob);
  const fdt32_t nop = cpu_to_fdt32(FDT_NOP);
  for (int at = offset; at < end; at += 4) {
    std::memcpy(begin + at, &nop, sizeof(nop));
  }
}

// Wipes the copies of a property behind the first `keep`, in one walk: libfdt would look for each
// from the node's beginning.
void wipe_copies(void* blob, int node, std::string_view name, std::size_t keep) {
  std::size_t seen = 0;
  bool wiped = false;
  for (int at = fdt_first_property_offset(blob, node), next = 0; at >= 0; at = next) {
    next = fdt_next_property_offset(blob, at);
    const char* own = nullptr;
    int size_bytes = 0;
    if (fdt_getprop_by_offset(blob, at, &own, &size_bytes) != nullptr && name == own &&
        seen++ >= keep) {
      constexpr int kPropertyHead = 12;
      wipe(blob, at, at + kPropertyHead + (size_bytes + 3) / 4 * 4);
      wiped = true;
    }
  }
  if (wiped) {
    drop_nops(blob);
  }
}

}  // namespace

base::Result<Tree> Tree::from_bytes(base::ByteView bytes, std::string_view name) {
  // A copy: libfdt wants the blob aligned to 8, which a view into a file need not be.
  std::vector<std::byte> input(bytes.begin(), bytes.end());
  HR_TRY(has_nops, check_blob(input, name));
  Tree tree;
  tree.claimed_size_bytes_ = fdt_totalsize(input.data());
  // Brings the blob to version 17 and its blocks into the order that edits need.
  tree.blob_.resize(fdt_totalsize(input.data()) + kSlackBytes);
  const int code =
      fdt_open_into(input.data(), tree.blob_.data(), static_cast<int>(tree.blob_.size()));
  // There is room for every byte of the input once: more is needed only when blocks share bytes.
  if (code == -FDT_ERR_NOSPACE) {
    return Error(Code::TREE_LIES, Stage::kTree, std::string(name).append(": blocks overlap"));
  }
  if (code != 0) {
    return error_of(code, name);
  }
  // Again, because libfdt does not look at size_dt_strings of version 16 until it has copied so
  // many. Of version 17 the blocks that were checked are copied as they are.
  if (fdt_version(input.data()) < 17) {
    HR_TRYV(check_blob(tree.blob_, name));
  }
  // At once: an edit that found some would move nodes whose offsets it holds.
  if (has_nops) {
    drop_nops(tree.blob_.data());
  }
  return tree;
}

Tree Tree::empty() {
  Tree tree;
  tree.blob_.resize(kSlackBytes);
  if (fdt_create_empty_tree(tree.blob_.data(), static_cast<int>(tree.blob_.size())) != 0) {
    __builtin_trap();
  }
  return tree;
}

std::vector<std::byte> Tree::packed() const {
  Tree copy = *this;
  copy.pack();
  return std::move(copy.blob_);
}

void Tree::pack() {
  if (fdt_pack(blob_.data()) != 0) {
    __builtin_trap();
  }
  blob_.resize(fdt_totalsize(blob_.data()));
}

int Tree::find(std::string_view path) const {
  // libfdt would take a path without a slash for an alias.
  if (!path.starts_with('/') || path.size() > INT_MAX) {
    return -FDT_ERR_BADPATH;
  }
  return fdt_path_offset_namelen(blob_.data(), path.data(), static_cast<int>(path.size()));
}

// The nodes before an edit, and the one whose properties it edits, stay where they are.
int Tree::find_again(std::string_view path) {
  if (edited_ < 0 || edited_path_ != path) {
    edited_ = find(path);
    edited_path_ = path;
  }
  return edited_;
}

bool Tree::has_node(std::string_view path) const {
  return find(path) >= 0;
}

std::optional<base::ByteView> Tree::property(std::string_view path, std::string_view name) const {
  int size_bytes = 0;
  const int node = find(path);
  const void* value = node < 0 ? nullptr
                               : fdt_getprop_namelen(blob_.data(), node, name.data(),
                                                     static_cast<int>(name.size()), &size_bytes);
  if (value == nullptr) {
    return std::nullopt;
  }
  return base::ByteView(static_cast<const std::byte*>(value), static_cast<std::size_t>(size_bytes));
}

base::Result<std::optional<std::string>> Tree::string_property(std::string_view path,
                                                               std::string_view name) const {
  const std::optional<Node> node = Node::at_path(blob_, path);
  if (!node) {
    return std::nullopt;
  }
  return node->text(name);
}

std::vector<std::string> Tree::property_names(std::string_view path) const {
  std::vector<std::string> names;
  const int node = find(path);
  if (node < 0) {
    return names;
  }
  int offset = 0;
  fdt_for_each_property_offset(offset, blob_.data(), node) {
    const char* name = nullptr;
    if (fdt_getprop_by_offset(blob_.data(), offset, &name, nullptr) != nullptr) {
      names.emplace_back(name);
    }
  }
  return names;
}

std::vector<std::string> Tree::children(std::string_view path) const {
  std::vector<std::string> paths;
  const int node = find(path);
  if (node < 0) {
    return paths;
  }
  const SplitPath own = split(path);
  const std::string prefix = own.name.empty() ? "/"
                                              : std::string(own.parent)
                                                    .append(own.parent == "/" ? "" : "/")
                                                    .append(own.name)
                                                    .append("/");
  int child = 0;
  fdt_for_each_subnode(child, blob_.data(), node) {
    paths.push_back(prefix + fdt_get_name(blob_.data(), child, nullptr));
  }
  return paths;
}

void Tree::grow(std::size_t by_bytes) {
  std::vector<std::byte> larger(blob_.size() + by_bytes);
  if (fdt_open_into(blob_.data(), larger.data(), static_cast<int>(larger.size())) != 0) {
    __builtin_trap();
  }
  blob_ = std::move(larger);
}

base::Result<void> Tree::edit(std::string_view subject, std::size_t room_bytes,
                              const std::function<int(void*)>& operation) {
  if (room_bytes > kLargestBytes || blob_.size() + room_bytes > kLargestBytes) {
    return Error(Code::TREE_TOO_LARGE, Stage::kTree, subject).with_at(blob_.size() + room_bytes);
  }
  int code = operation(blob_.data());
  if (code == -FDT_ERR_NOSPACE) {
    grow(room_bytes + kSlackBytes);
    code = operation(blob_.data());
  }
  if (code < 0) {
    return error_of(code, subject);
  }
  return base::success();
}

base::Result<void> Tree::add_node(std::string_view path) {
  if (find_again(path) >= 0) {
    return base::success();
  }
  const SplitPath parts = split(path);
  const int parent = find(parts.parent);
  if (parent < 0 || parts.name.empty()) {
    return error_of(parent < 0 ? parent : -FDT_ERR_BADPATH, parts.parent);
  }
  return edit(path, cost_of(parts.name, 0), [&](void* blob) {
    return fdt_add_subnode_namelen(blob, parent, parts.name.data(),
                                   static_cast<int>(parts.name.size()));
  });
}

base::Result<void> Tree::set(std::string_view path, std::string_view name, base::ByteView value) {
  HR_TRYV(add_node(path));
  const int node = find_again(path);
  const std::string terminated(name);
  // A copy: the value may be a view of this very blob, which the edit moves.
  const std::vector<std::byte> copy(value.begin(), value.end());
  wipe_copies(blob_.data(), node, name, 1);
  return edit(join(path, name), cost_of(name, copy.size()), [&](void* blob) {
    return fdt_setprop(blob, node, terminated.c_str(), copy.data(), static_cast<int>(copy.size()));
  });
}

base::Result<void> Tree::set_string(std::string_view path, std::string_view name,
                                    std::string_view text) {
  const std::string terminated(text);
  return set(path, name, std::as_bytes(std::span(terminated.c_str(), terminated.size() + 1)));
}

base::Result<void> Tree::set_u32(std::string_view path, std::string_view name,
                                 std::uint32_t value) {
  const fdt32_t cell = cpu_to_fdt32(value);
  return set(path, name, std::as_bytes(std::span(&cell, 1)));
}

base::Result<void> Tree::set_u64(std::string_view path, std::string_view name,
                                 std::uint64_t value) {
  const fdt64_t cells = cpu_to_fdt64(value);
  return set(path, name, std::as_bytes(std::span(&cells, 1)));
}

base::Result<void> Tree::remove_property(std::string_view path, std::string_view name) {
  if (const int node = find_again(path); node >= 0) {
    wipe_copies(blob_.data(), node, name, 0);
  }
  return base::success();
}

base::Result<void> Tree::remove_node(std::string_view path) {
  const int node = find(path);
  if (node == 0) {
    return Error(Code::TREE_INTERNAL, Stage::kTree, path);
  }
  if (node > 0) {
    edited_ = -1;
    return edit(path, 0, [&](void* blob) { return fdt_del_node(blob, node); });
  }
  return base::success();
}

void Tree::remove_nodes_of_type(std::string_view device_type) {
  for (int child = fdt_first_subnode(blob_.data(), 0), next = 0; child >= 0; child = next) {
    next = fdt_next_subnode(blob_.data(), child);
    int size_bytes = 0;
    const void* type = fdt_getprop(blob_.data(), child, "device_type", &size_bytes);
    if (type != nullptr && size_bytes > 0 &&
        device_type == std::string_view(static_cast<const char*>(type),
                                        static_cast<std::size_t>(size_bytes) - 1)) {
      fdt_nop_node(blob_.data(), child);
    }
  }
  edited_ = -1;
  drop_nops(blob_.data());
}

std::vector<PhysRange> Tree::memory_reservations() const {
  std::vector<PhysRange> ranges;
  const int count = fdt_num_mem_rsv(blob_.data());
  for (int i = 0; i < count; ++i) {
    std::uint64_t start = 0;
    std::uint64_t size_bytes = 0;
    if (fdt_get_mem_rsv(blob_.data(), i, &start, &size_bytes) != 0) {
      break;
    }
    size_bytes = std::min(size_bytes, ~start);
    ranges.push_back(*PhysRange::from_size(PhysAddr(start), size_bytes));
  }
  return ranges;
}

base::Result<void> Tree::add_memory_reservation(const PhysRange& range) {
  // A size of 0 would end the list.
  if (range.empty()) {
    return base::success();
  }
  return edit("/memreserve/", sizeof(fdt_reserve_entry), [&](void* blob) {
    return fdt_add_mem_rsv(blob, range.start().raw(), range.size_bytes());
  });
}

// In one walk, and in place: an entry of no size ends the list, and fdt_pack closes the gap behind
// it.
void Tree::remove_memory_reservations(const std::function<bool(const PhysRange&)>& goes) {
  const std::vector<PhysRange> entries = memory_reservations();
  auto* to = blob_.data() + fdt_off_mem_rsvmap(blob_.data());
  const auto* from = to;
  for (const PhysRange& entry : entries) {
    if (!goes(entry)) {
      std::memmove(to, from, sizeof(fdt_reserve_entry));
      to += sizeof(fdt_reserve_entry);
    }
    from += sizeof(fdt_reserve_entry);
  }
  std::memset(to, 0, static_cast<std::size_t>(from - to) + sizeof(fdt_reserve_entry));
}

}  // namespace hyprelay::fdt
