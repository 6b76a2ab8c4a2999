// SPDX-License-Identifier: BSD-2-Clause
#include "fdt/tree_diff.hpp"

#include "base/number_text.hpp"
#include "fdt/dts_value.hpp"

#include <libfdt.h>

#include <algorithm>
#include <array>
#include <map>
#include <optional>

namespace hyprelay::fdt {
namespace {

using base::ByteView;

// Properties that refer to nodes, and the property of the node referred to that says how many cells
// follow; empty: none do [linux/drivers/of/property.c of_supplier_bindings; dt-schema].
struct Reference {
  std::string_view name;
  std::string_view cells;
};
constexpr Reference kReferences[] = {{"interrupt-parent", ""},
                                     {"interrupts-extended", "#interrupt-cells"},
                                     {"clocks", "#clock-cells"},
                                     {"assigned-clocks", "#clock-cells"},
                                     {"assigned-clock-parents", "#clock-cells"},
                                     {"resets", "#reset-cells"},
                                     {"power-domains", "#power-domain-cells"},
                                     {"dmas", "#dma-cells"},
                                     {"iommus", "#iommu-cells"},
                                     {"mboxes", "#mbox-cells"},
                                     {"io-channels", "#io-channel-cells"},
                                     {"interconnects", "#interconnect-cells"},
                                     {"phys", "#phy-cells"},
                                     {"pwms", "#pwm-cells"},
                                     {"hwlocks", "#hwlock-cells"},
                                     {"thermal-sensors", "#thermal-sensor-cells"},
                                     {"cooling-device", "#cooling-cells"},
                                     {"sound-dai", "#sound-dai-cells"},
                                     {"gpio", "#gpio-cells"},
                                     {"gpios", "#gpio-cells"},
                                     {"remote-endpoint", ""},
                                     {"memory-region", ""},
                                     {"phy-handle", ""},
                                     {"operating-points-v2", ""},
                                     {"next-level-cache", ""},
                                     {"cpu", ""},
                                     {"backlight", ""}};
// Of which the name ends so.
constexpr Reference kReferenceEnds[] = {
    {"-gpio", "#gpio-cells"}, {"-gpios", "#gpio-cells"}, {"-supply", ""}};

std::optional<Reference> reference_of(std::string_view name) {
  for (const Reference& row : kReferences) {
    if (row.name == name) {
      return row;
    }
  }
  for (const Reference& row : kReferenceEnds) {
    if (name.ends_with(row.name)) {
      return row;
    }
  }
  const bool is_pin_state = name.starts_with("pinctrl-") &&
                            name.find_first_not_of("0123456789", 8) == std::string_view::npos;
  return is_pin_state && name.size() > 8 ? std::optional(Reference{"pinctrl-", ""}) : std::nullopt;
}

// Path -> property -> its value as it counts. The root is "/".
using Shown = std::map<std::string, std::map<std::string, std::string>>;

class Reader {
 public:
  explicit Reader(const Tree& tree) : blob_(tree.bytes().data()) {
    walk(0, "", [this](int node, const std::string& path) {
      if (const std::uint32_t phandle = fdt_get_phandle(blob_, node); phandle != 0) {
        phandles_.emplace(phandle, Target{node, path});
      }
    });
    walk(0, "", [this](int node, const std::string& path) { show(node, path); });
    auto& reservations = shown_["/memreserve/"];
    for (const base::PhysRange& range : tree.memory_reservations()) {
      reservations[base::hex(range.start()) + " " + base::hex(range.size_bytes())] = "";
    }
  }

  Shown take() { return std::move(shown_); }

 private:
  struct Target {
    int node = 0;
    std::string path;
  };

  template <class Visit>
  void walk(int node, const std::string& path, const Visit& visit) const {
    visit(node, path.empty() ? "/" : path);
    std::map<std::string, int> seen;
    int child = 0;
    fdt_for_each_subnode(child, blob_, node) {
      const char* name = fdt_get_name(blob_, child, nullptr);
      std::string below = path + "/" + (name == nullptr ? "?" : name);
      // Two of a name: no reader finds the second.
      if (const int copies = seen[below]++; copies != 0) {
        below += "#" + std::to_string(copies + 1);
      }
      walk(child, below, visit);
    }
  }

  void show(int node, const std::string& path) {
    auto& properties = shown_[path];
    int at = 0;
    fdt_for_each_property_offset(at, blob_, node) {
      const char* name = nullptr;
      int size_bytes = 0;
      const void* value = fdt_getprop_by_offset(blob_, at, &name, &size_bytes);
      // A number that names this node alone.
      const std::string_view named = name == nullptr ? "phandle" : name;
      if (value != nullptr && named != "phandle" && named != "linux,phandle") {
        const ByteView bytes(static_cast<const std::byte*>(value),
                             static_cast<std::size_t>(size_bytes));
        properties.emplace(named, by_paths(named, bytes).value_or(dts_text(bytes)));
      }
    }
  }

  std::optional<std::uint32_t> cells_of_target(const Target& target, std::string_view name) const {
    if (name.empty()) {
      return 0;
    }
    int size_bytes = 0;
    const void* value = fdt_getprop_namelen(blob_, target.node, name.data(),
                                            static_cast<int>(name.size()), &size_bytes);
    if (value == nullptr || size_bytes != 4) {
      return std::nullopt;
    }
    return base::read_be<std::uint32_t>({static_cast<const std::byte*>(value), 4}, 0).value();
  }

  // nullopt: it refers to nothing, or not in the way that its name promises.
  std::optional<std::string> by_paths(std::string_view name, ByteView value) const {
    const auto reference = reference_of(name);
    if (!reference || value.empty() || value.size() % 4 != 0) {
      return std::nullopt;
    }
    std::string text;
    // Cells that belong to the reference before them.
    std::uint64_t arguments = 0;
    for (std::size_t at = 0; at < value.size(); at += 4) {
      const auto word = base::read_be<std::uint32_t>(value, at).value();
      text += at == 0 ? "<" : " ";
      // 0 stands for a reference that is left out.
      if (arguments > 0 || word == 0) {
        arguments -= arguments > 0 ? 1 : 0;
        text += base::hex(word);
        continue;
      }
      const auto target = phandles_.find(word);
      const auto cells = target == phandles_.end()
                             ? std::nullopt
                             : cells_of_target(target->second, reference->cells);
      if (!cells) {
        return std::nullopt;
      }
      arguments = cells.value();
      text += "&{" + target->second.path + "}";
    }
    if (arguments > 0) {
      return std::nullopt;
    }
    return text + ">";
  }

  const void* blob_;
  std::map<std::uint32_t, Target> phandles_;
  Shown shown_;
};

std::string line_of(char sign, const std::string& path, const std::string& property,
                    const std::string& value) {
  return std::string(1, sign) + " " + path + ":" + property + (value.empty() ? "" : " = " + value);
}

// `a` or `b` null: the node is not there.
void compare_node(const std::string& path, const std::map<std::string, std::string>* a,
                  const std::map<std::string, std::string>* b, std::vector<std::string>& lines) {
  static const std::map<std::string, std::string> kNothing;
  if (a == nullptr || b == nullptr) {
    lines.push_back((a == nullptr ? "+ " : "- ") + path);
  }
  std::map<std::string, std::string> all = a != nullptr ? *a : kNothing;
  all.insert(b != nullptr ? b->begin() : kNothing.end(), b != nullptr ? b->end() : kNothing.end());
  for (const auto& [name, ignored] : all) {
    const auto* const in_a = a != nullptr && a->contains(name) ? &a->at(name) : nullptr;
    const auto* const in_b = b != nullptr && b->contains(name) ? &b->at(name) : nullptr;
    if (in_a != nullptr && in_b != nullptr && *in_a == *in_b) {
      continue;
    }
    if (in_a != nullptr) {
      lines.push_back(line_of('-', path, name, *in_a));
    }
    if (in_b != nullptr) {
      lines.push_back(line_of('+', path, name, *in_b));
    }
  }
}

}  // namespace

std::vector<std::string> tree_differences(const Tree& a, const Tree& b) {
  const Shown in_a = Reader(a).take();
  const Shown in_b = Reader(b).take();
  Shown all = in_a;
  all.insert(in_b.begin(), in_b.end());
  std::vector<std::string> lines;
  for (const auto& [path, ignored] : all) {
    compare_node(path, in_a.contains(path) ? &in_a.at(path) : nullptr,
                 in_b.contains(path) ? &in_b.at(path) : nullptr, lines);
  }
  return lines;
}

}  // namespace hyprelay::fdt
