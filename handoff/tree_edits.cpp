// SPDX-License-Identifier: BSD-2-Clause
#include "handoff/tree_edits.hpp"

#include "handoff/patch.hpp"

#include <algorithm>
#include <utility>

namespace hyprelay::handoff {
namespace {

using base::Code;
using base::Error;
using base::Stage;

// A value of more is no help to read.
constexpr std::size_t kMostShown = 72;

Error edit_error(Code code, std::string_view what) {
  return Error(code, Stage::kTree, what);
}

std::string shown_value(base::ByteView value) {
  const std::string text = fdt::dts_text(value);
  return text.size() <= kMostShown
             ? text
             : text.substr(0, kMostShown) + "... (" + std::to_string(value.size()) + " bytes)";
}

std::string shown_edit(std::string_view path, std::string_view property,
                       const std::vector<std::byte>& value,
                       const std::optional<std::vector<std::byte>>& before) {
  std::string text = std::string("set ").append(path).append(":").append(property);
  if (!value.empty()) {
    text += " = " + shown_value(value);
  }
  return text + (!before           ? " (new)"
                 : before->empty() ? " (was there without a value)"
                                   : " (was " + shown_value(*before) + ")");
}

std::optional<std::vector<std::byte>> copy_of(std::optional<base::ByteView> value) {
  return value ? std::optional(std::vector<std::byte>(value->begin(), value->end())) : std::nullopt;
}

// The node that is there, of a place that may be edited.
base::Result<std::string> find_place(const fdt::Tree& tree, const TreePlace& place,
                                     EditFor purpose) {
  const auto path = tree.resolve(place.node);
  if (!path) {
    return edit_error(Code::EDIT_NO_NODE, place.node);
  }
  if (purpose == EditFor::kNextKernel && *path == "/chosen" && is_patched(place.property)) {
    return edit_error(Code::EDIT_OURS, *path + ":" + place.property);
  }
  return *path;
}

base::Result<std::string> delete_place(fdt::Tree& tree, const TreePlace& place, EditFor purpose) {
  HR_TRY(path, find_place(tree, place, purpose));
  if (place.property.empty() && path == "/") {
    return Error(Code::USAGE, Stage::kUsage, "--delete " + place.node + ": the root stays");
  }
  if (place.property.empty()) {
    HR_TRYV(tree.remove_node(path));
    return "deleted " + path;
  }
  const auto before = copy_of(tree.property(path, place.property));
  if (!before) {
    return edit_error(Code::EDIT_NO_PROPERTY, path + ":" + place.property);
  }
  HR_TRYV(tree.remove_property(path, place.property));
  return "deleted " + path + ":" + place.property +
         (before->empty() ? "" : " (was " + shown_value(*before) + ")");
}

base::Result<std::string> set_place(fdt::Tree& tree, const TreeSetting& setting, EditFor purpose) {
  HR_TRY(path, find_place(tree, setting.place, purpose));
  std::vector<std::byte> value = setting.value.bytes;
  for (const fdt::DtsReference& reference : setting.value.references) {
    const auto node = tree.resolve(reference.node);
    if (!node) {
      return edit_error(Code::EDIT_NO_NODE,
                        reference.node + " for " + path + ":" + setting.place.property);
    }
    HR_TRY(phandle, tree.phandle(*node));
    for (std::size_t i = 0; i < 4; ++i) {
      value[reference.offset + i] = static_cast<std::byte>(phandle >> (24 - 8 * i));
    }
  }
  const auto before = copy_of(tree.property(path, setting.place.property));
  HR_TRYV(tree.set(path, setting.place.property, value));
  return shown_edit(path, setting.place.property, value, before);
}

// What an overlay brings there in vain.
std::vector<std::string> patched_properties(const fdt::Tree& tree) {
  std::vector<std::string> found;
  for (const std::string& name : tree.property_names("/chosen")) {
    if (is_patched(name)) {
      const auto value = tree.property("/chosen", name);
      found.push_back("/chosen:" + name + " = " + shown_value(*value));
    }
  }
  return found;
}

base::Result<void> apply_overlays(const std::vector<Overlay>& overlays, fdt::Tree& tree,
                                  EditFor purpose, std::vector<std::string>& done) {
  for (const Overlay& overlay : overlays) {
    const std::vector<std::string> before = patched_properties(tree);
    HR_TRY(targets, tree.apply_overlay(overlay.tree, overlay.name));
    for (const fdt::OverlayTarget& target : targets) {
      done.push_back("overlay " + overlay.name + ": " + target.fragment + " into " + target.path);
    }
    for (const std::string& brought : patched_properties(tree)) {
      if (purpose == EditFor::kNextKernel && std::ranges::find(before, brought) == before.end()) {
        done.push_back("overlay " + overlay.name + ": " + brought +
                       " is written anew for the next kernel");
      }
    }
  }
  return base::success();
}

// Where node and property part; what is wrong with them is said with `option` in front.
base::Result<TreePlace> parse_place(std::string_view text, std::string_view option) {
  // dtc's characters [devicetree specification 2.2.1, 2.2.4], and those of a label.
  constexpr std::string_view kNames =
      "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ,._+?#-";
  const std::size_t colon = text.find(':');
  TreePlace place{std::string(text.substr(0, colon)),
                  std::string(colon == std::string_view::npos ? "" : text.substr(colon + 1))};
  const auto refuse = [&](std::string_view why) {
    return Error(Code::USAGE, Stage::kUsage,
                 std::string(option).append(" ").append(text).append(": ").append(why));
  };
  if (place.node.empty()) {
    return refuse("a path, alias or &label comes first, as in /soc/i2c@0:status");
  }
  if (colon != std::string_view::npos &&
      (place.property.empty() || place.property.find_first_not_of(kNames) != std::string::npos)) {
    return refuse("behind the colon stands the name of a property");
  }
  return place;
}

}  // namespace

base::Result<TreeSetting> parse_setting(std::string_view text) {
  const std::size_t equals = text.find('=');
  HR_TRY(place, parse_place(text.substr(0, equals), "--set"));
  if (place.property.empty()) {
    return Error(Code::USAGE, Stage::kUsage,
                 std::string("--set ").append(text).append(": takes NODE:PROPERTY=VALUE"));
  }
  if (equals == std::string_view::npos) {
    return TreeSetting{std::move(place), {}};
  }
  fdt::DtsRead read = fdt::read_dts_value(text.substr(equals + 1));
  if (!read.value) {
    return Error(Code::USAGE, Stage::kUsage,
                 "--set " + place.node + ":" + place.property + ": " + read.why_not);
  }
  return TreeSetting{std::move(place), std::move(*read.value)};
}

base::Result<TreePlace> parse_deletion(std::string_view text) {
  return parse_place(text, "--delete");
}

base::Result<std::vector<std::string>> apply_edits(const TreeEdits& edits, fdt::Tree& tree,
                                                   EditFor purpose) {
  std::vector<std::string> done;
  HR_TRYV(apply_overlays(edits.overlays, tree, purpose, done));
  for (const TreePlace& place : edits.deletions) {
    HR_TRY(what, delete_place(tree, place, purpose));
    done.push_back(std::move(what));
  }
  for (const TreeSetting& setting : edits.settings) {
    HR_TRY(what, set_place(tree, setting, purpose));
    done.push_back(std::move(what));
  }
  return done;
}

}  // namespace hyprelay::handoff
