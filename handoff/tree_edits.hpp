// SPDX-License-Identifier: BSD-2-Clause
// What somebody wants otherwise in a device tree, and doing it. Pure.
#pragma once

#include "base/result.hpp"
#include "fdt/dts_value.hpp"
#include "fdt/tree.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace hyprelay::handoff {

struct Overlay {
  fdt::Tree tree;
  // A file, for messages.
  std::string name;
};

// "/soc/i2c@0:status"
struct TreePlace {
  // As Tree::resolve() takes it.
  std::string node;
  // Empty: the node itself.
  std::string property;
};

struct TreeSetting {
  TreePlace place;
  fdt::DtsValue value;
};

// In the order in which they are applied: all overlays, then what goes, then what is set.
struct TreeEdits {
  std::vector<Overlay> overlays = {};
  std::vector<TreePlace> deletions = {};
  std::vector<TreeSetting> settings = {};

  bool empty() const { return overlays.empty() && deletions.empty() && settings.empty(); }
};

// "NODE:PROPERTY=VALUE", or "NODE:PROPERTY" for one without a value. Error: USAGE.
base::Result<TreeSetting> parse_setting(std::string_view text);
// "NODE" or "NODE:PROPERTY". Error: USAGE.
base::Result<TreePlace> parse_deletion(std::string_view text);

// For the next kernel's tree what patch() writes into it cannot be edited; in a file all can.
enum class EditFor : bool { kFile, kNextKernel };

// Gives what was done, a half sentence for each edit: "set /soc/i2c@0:status = "okay" (was
// "disabled")". Errors: those of Tree::apply_overlay(); EDIT_NO_NODE, EDIT_NO_PROPERTY; EDIT_OURS
// (patch() writes it into the next kernel's tree, so that the edit would be lost); TREE_*.
base::Result<std::vector<std::string>> apply_edits(const TreeEdits& edits, fdt::Tree& tree,
                                                   EditFor purpose = EditFor::kNextKernel);

}  // namespace hyprelay::handoff
