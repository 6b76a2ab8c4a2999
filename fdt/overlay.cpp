// SPDX-License-Identifier: BSD-2-Clause
// Overlays [dtc/Documentation/dt-object-internal.txt]. libfdt applies them; before that, its tables
// are checked here, because libfdt 1.6 reads and writes where they point to.
#include "base/number_text.hpp"
#include "fdt/facts.hpp"
#include "fdt/libfdt_error.hpp"
#include "fdt/node.hpp"
#include "fdt/tree.hpp"

#include <libfdt.h>

#include <algorithm>
#include <array>
#include <climits>
#include <cstring>
#include <map>
#include <utility>

namespace hyprelay::fdt {
namespace {

using base::ByteView;
using base::Code;
using base::Error;
using base::Stage;

constexpr std::string_view kSymbols = "/__symbols__";
constexpr const char* kFixups = "/__fixups__";
constexpr const char* kLocalFixups = "/__local_fixups__";
constexpr const char* kContent = "__overlay__";

Error overlay_error(Code code, std::string_view name, std::string_view what) {
  return Error(code, Stage::kTree, std::string(name).append(": ").append(what));
}

std::string_view node_name(const void* blob, int node) {
  const char* name = fdt_get_name(blob, node, nullptr);
  return name == nullptr ? "?" : name;
}

// Calls `take` with name and value of each property, copies included.
template <class Take>
base::Result<void> for_each_property(const void* blob, int node, const Take& take) {
  int at = 0;
  fdt_for_each_property_offset(at, blob, node) {
    const char* name = nullptr;
    int size_bytes = 0;
    const void* value = fdt_getprop_by_offset(blob, at, &name, &size_bytes);
    if (value != nullptr) {
      HR_TRYV(take(std::string_view(name), ByteView(static_cast<const std::byte*>(value),
                                                    static_cast<std::size_t>(size_bytes))));
    }
  }
  return base::success();
}

template <class Take>
void for_each_fragment(const void* overlay, const Take& take) {
  int fragment = 0;
  fdt_for_each_subnode(fragment, overlay, 0) {
    if (const int content = fdt_subnode_offset(overlay, fragment, kContent); content >= 0) {
      take(fragment, content);
    }
  }
}

// What the tables of an overlay say, checked: every place that they name is there. Like libfdt it
// takes the first of several properties of a name.
class Tables {
 public:
  Tables(const void* blob, std::string_view name) : blob_(blob), name_(name) {}

  base::Result<void> check_local() const {
    const int fixups = fdt_path_offset(blob_, kLocalFixups);
    return fixups < 0 ? base::success() : check_local(0, fixups);
  }

  // The labels of the base that are referred to, with the first place that does; in the tables'
  // order.
  base::Result<std::vector<std::pair<std::string, std::string>>> labels() const {
    std::vector<std::pair<std::string, std::string>> found;
    const int fixups = fdt_path_offset(blob_, kFixups);
    if (fixups < 0) {
      return found;
    }
    HR_TRYV(for_each_property(blob_, fixups,
                              [&](std::string_view label, ByteView value) -> base::Result<void> {
                                if (value.empty() || value.back() != std::byte{0}) {
                                  return bad(label);
                                }
                                std::string_view rest = base::text_of(value);
                                found.emplace_back(label, rest.substr(0, rest.find('\0')));
                                for (; !rest.empty(); rest.remove_prefix(rest.find('\0') + 1)) {
                                  HR_TRYV(check_place(rest.substr(0, rest.find('\0'))));
                                }
                                return base::success();
                              }));
    return found;
  }

 private:
  Error bad(std::string_view what) const { return overlay_error(Code::OVERLAY_BAD, name_, what); }

  bool has_word(int node, std::string_view property, std::uint64_t offset) const {
    int size_bytes = 0;
    const void* value = fdt_getprop_namelen(blob_, node, property.data(),
                                            static_cast<int>(property.size()), &size_bytes);
    return value != nullptr && size_bytes >= 4 &&
           offset <= static_cast<std::uint64_t>(size_bytes) - 4;
  }

  // A table that changes tables would not be what was checked when it is used.
  bool is_in_table(int node) const {
    const int top = fdt_supernode_atdepth_offset(blob_, node, 1, nullptr);
    return top >= 0 &&
           (top == fdt_path_offset(blob_, kFixups) || top == fdt_path_offset(blob_, kLocalFixups));
  }

  // "/fragment@0:target:0": path, property, offset.
  base::Result<void> check_place(std::string_view place) const {
    const std::size_t first = place.find(':');
    const std::size_t second = place.find(':', std::min(first, place.size() - 1) + 1);
    if (place.empty() || first == std::string_view::npos || second == std::string_view::npos) {
      return bad(place);
    }
    const std::string_view path = place.substr(0, first);
    const std::string_view property = place.substr(first + 1, second - first - 1);
    std::string_view digits = place.substr(second + 1);
    const auto offset = base::take_number(digits);
    const int node =
        path.starts_with('/') && place.size() < INT_MAX
            ? fdt_path_offset_namelen(blob_, path.data(), static_cast<int>(path.size()))
            : -1;
    return offset && digits.empty() && node >= 0 && !is_in_table(node) &&
                   has_word(node, property, *offset)
               ? base::success()
               : base::Result<void>(bad(place));
  }

  // Nested no deeper than a checked tree is.
  base::Result<void> check_local(int node, int fixups) const {
    HR_TRYV(for_each_property(
        blob_, fixups, [&](std::string_view property, ByteView value) -> base::Result<void> {
          // Of that name it is renumbered itself.
          bool good = property != "phandle" && property != "linux,phandle" && value.size() % 4 == 0;
          for (std::size_t at = 0; good && at < value.size(); at += 4) {
            good = has_word(node, property, base::read_be<std::uint32_t>(value, at).value());
          }
          return good ? base::success()
                      : base::Result<void>(bad(std::string(kLocalFixups)
                                                   .append(", ")
                                                   .append(node_name(blob_, node))
                                                   .append(": ")
                                                   .append(property)));
        }));
    int child = 0;
    fdt_for_each_subnode(child, blob_, fixups) {
      const std::string_view child_name = node_name(blob_, child);
      const int same = fdt_subnode_offset_namelen(blob_, node, child_name.data(),
                                                  static_cast<int>(child_name.size()));
      if (same < 0 || is_in_table(same)) {
        return bad(std::string(kLocalFixups).append(", ").append(child_name));
      }
      HR_TRYV(check_local(same, child));
    }
    return base::success();
  }

  const void* blob_;
  std::string_view name_;
};

std::optional<std::uint32_t> word_of(const void* blob, int node, const char* property) {
  int size_bytes = 0;
  const void* value = fdt_getprop(blob, node, property, &size_bytes);
  if (value == nullptr || size_bytes != 4) {
    return std::nullopt;
  }
  fdt32_t word = 0;
  std::memcpy(&word, value, sizeof(word));
  return fdt32_to_cpu(word);
}

std::optional<std::string> text_property(const void* blob, int node, const char* property) {
  int size_bytes = 0;
  const auto* value = static_cast<const char*>(fdt_getprop(blob, node, property, &size_bytes));
  if (value == nullptr || size_bytes < 1 || value[size_bytes - 1] != '\0') {
    return std::nullopt;
  }
  return std::string(value);
}

// The base's node that a fragment changes; negative: there is none.
int target_of(const void* base, const void* overlay, int fragment) {
  if (const auto phandle = word_of(overlay, fragment, "target")) {
    return fdt_node_offset_by_phandle(base, *phandle);
  }
  const auto path = text_property(overlay, fragment, "target-path");
  return path ? fdt_path_offset(base, path->c_str()) : -FDT_ERR_NOTFOUND;
}

// libfdt before 1.7.1 writes the phandle of an overlay's node over that of the base's node that it
// is merged into, and what referred to that one in the base then refers to nothing
// [dtc: "libfdt: overlay: ensure that existing phandles are not overwritten"]. Here the overlay's
// own references are made those of the base's phandle instead.
class KeptPhandles {
 public:
  // `labels`: the base's phandle of each; `overlay` is edited in place.
  KeptPhandles(const void* base, void* overlay, const std::map<std::string, std::uint32_t>& labels)
      : base_(base), overlay_(overlay), labels_(labels) {
    static_cast<void>(fdt_find_max_phandle(base_, &delta_));
  }

  void keep() {
    std::vector<std::pair<int, int>> pairs;
    for_each_fragment(overlay_, [&](int fragment, int content) {
      pairs.emplace_back(content, target_before(fragment));
    });
    for (const auto& [content, target] : pairs) {
      if (target >= 0) {
        keep(content, target);
      }
    }
    const int fixups = fdt_path_offset(overlay_, kLocalFixups);
    if (fixups >= 0 && !renamed_.empty()) {
      rename(0, fixups);
    }
  }

 private:
  // Labels are not yet resolved.
  int target_before(int fragment) const {
    const std::string place =
        std::string("/").append(node_name(overlay_, fragment)).append(":target:0");
    const int fixups = fdt_path_offset(overlay_, kFixups);
    int target = target_of(base_, overlay_, fragment);
    if (fixups >= 0) {
      static_cast<void>(for_each_property(
          overlay_, fixups, [&](std::string_view label, ByteView value) -> base::Result<void> {
            const std::string list = std::string(1, '\0').append(base::text_of(value));
            const auto known = labels_.find(std::string(label));
            if (known != labels_.end() &&
                list.find(std::string(1, '\0') + place + '\0') != std::string::npos) {
              target = fdt_node_offset_by_phandle(base_, known->second);
            }
            return base::success();
          }));
    }
    return target;
  }

  void keep(int node, int target) {
    const auto own = word_of(overlay_, node, "phandle");
    const std::uint32_t kept = fdt_get_phandle(base_, target);
    if (own && kept != 0 && kept != ~0u) {
      renamed_[*own] = kept;
      fdt_nop_property(overlay_, node, "phandle");
      fdt_nop_property(overlay_, node, "linux,phandle");
    }
    int child = 0;
    fdt_for_each_subnode(child, overlay_, node) {
      const std::string_view name = node_name(overlay_, child);
      const int same =
          fdt_subnode_offset_namelen(base_, target, name.data(), static_cast<int>(name.size()));
      if (same >= 0) {
        keep(child, same);
      }
    }
  }

  // libfdt will add `delta_` to each of these references.
  void rename(int node, int fixups) {
    static_cast<void>(for_each_property(
        overlay_, fixups, [&](std::string_view property, ByteView value) -> base::Result<void> {
          int size_bytes = 0;
          auto* words = static_cast<std::byte*>(fdt_getprop_namelen_w(
              overlay_, node, property.data(), static_cast<int>(property.size()), &size_bytes));
          for (std::size_t at = 0; words != nullptr && at < value.size(); at += 4) {
            std::byte* const word = words + base::read_be<std::uint32_t>(value, at).value();
            const auto known = renamed_.find(base::read_be<std::uint32_t>({word, 4}, 0).value());
            if (known != renamed_.end()) {
              const fdt32_t reference = cpu_to_fdt32(known->second - delta_);
              std::memcpy(word, &reference, sizeof(reference));
            }
          }
          return base::success();
        }));
    int child = 0;
    fdt_for_each_subnode(child, overlay_, fixups) {
      const std::string_view name = node_name(overlay_, child);
      rename(fdt_subnode_offset_namelen(overlay_, node, name.data(), static_cast<int>(name.size())),
             child);
    }
  }

  const void* base_;
  void* overlay_;
  const std::map<std::string, std::uint32_t>& labels_;
  std::uint32_t delta_ = 0;
  // The overlay's phandle, and the base's that stays.
  std::map<std::uint32_t, std::uint32_t> renamed_;
};

// Why libfdt did not apply it: the first fragment without a target in the base, when there is one.
Error why_not_applied(const void* base, const void* overlay, std::string_view name, int code) {
  std::optional<Error> why;
  for_each_fragment(overlay, [&](int fragment, int) {
    if (why) {
      return;
    }
    std::string what(node_name(overlay, fragment));
    const auto path = text_property(overlay, fragment, "target-path");
    if (fdt_getprop(overlay, fragment, "target", nullptr) == nullptr && !path) {
      why = overlay_error(Code::OVERLAY_BAD, name, what.append(" has no target"));
    } else if (path && fdt_path_offset(base, path->c_str()) < 0) {
      why = overlay_error(Code::OVERLAY_NO_TARGET, name, *path + " of " + what);
    }
  });
  return why ? *why : overlay_error(Code::OVERLAY_BAD, name, fdt_strerror(code));
}

}  // namespace

base::Result<std::vector<OverlayTarget>> Tree::apply_overlay(const Tree& overlay,
                                                             std::string_view name) {
  if (!is_overlay(overlay)) {
    return Error(Code::OVERLAY_IS_TREE, Stage::kTree, name);
  }
  const Tables tables(overlay.blob_.data(), name);
  HR_TRYV(tables.check_local());
  HR_TRY(labels, tables.labels());
  Tree merged = *this;
  std::map<std::string, std::uint32_t> phandles;
  for (const auto& [label, place] : labels) {
    const std::string what = label + ", which " + place.substr(0, place.rfind(':')) + " names";
    if (!has_node(kSymbols)) {
      return overlay_error(Code::OVERLAY_NO_SYMBOLS, name, what);
    }
    const auto path = resolve("&" + label);
    if (!path) {
      return overlay_error(Code::OVERLAY_NO_LABEL, name, what);
    }
    HR_TRY(phandle, merged.phandle(*path));
    phandles.emplace(label, phandle);
  }
  std::vector<std::byte> change;
  HR_TRYV(merged.merge(overlay, name, phandles, change));
  std::vector<OverlayTarget> targets;
  for_each_fragment(change.data(), [&](int fragment, int) {
    const int target = target_of(merged.blob_.data(), change.data(), fragment);
    std::array<char, 4096> path = {};
    const bool known = target >= 0 && fdt_get_path(merged.blob_.data(), target, path.data(),
                                                   static_cast<int>(path.size())) == 0;
    targets.push_back({std::string(node_name(change.data(), fragment)), known ? path.data() : "?"});
  });
  *this = std::move(merged);
  return targets;
}

// `change`: the overlay as it was applied.
base::Result<void> Tree::merge(const Tree& overlay, std::string_view name,
                               const std::map<std::string, std::uint32_t>& labels,
                               std::vector<std::byte>& change) {
  const std::vector<std::byte> original = overlay.packed();
  int code = -FDT_ERR_NOSPACE;
  for (std::size_t room = blob_.size() + 2 * original.size(); code == -FDT_ERR_NOSPACE; room *= 2) {
    if (room > kLargestBytes) {
      return overlay_error(Code::TREE_TOO_LARGE, name, "applied").with_at(room);
    }
    std::vector<std::byte> larger(room);
    if (fdt_open_into(blob_.data(), larger.data(), static_cast<int>(room)) != 0) {
      __builtin_trap();
    }
    change = original;
    KeptPhandles(larger.data(), change.data(), labels).keep();
    code = fdt_overlay_apply(larger.data(), change.data());
    // libfdt makes both unreadable, of whatever it could not finish.
    fdt_set_magic(change.data(), FDT_MAGIC);
    if (code == 0) {
      // Checked as any tree: two that are each well formed can be nested too deep together.
      HR_TRY(checked, from_bytes(larger, name));
      checked.claimed_size_bytes_ = claimed_size_bytes_;
      *this = std::move(checked);
    }
  }
  return code == 0
             ? base::success()
             : base::Result<void>(why_not_applied(blob_.data(), overlay.blob_.data(), name, code));
}

}  // namespace hyprelay::fdt
