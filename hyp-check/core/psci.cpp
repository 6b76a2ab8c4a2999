// SPDX-License-Identifier: BSD-2-Clause
#include "hyp-check/core/psci.hpp"

#include <string_view>

namespace hyprelay::hyp_check {
namespace {

using compat::PsciMethod;

// 0: not there. nullopt: not one cell.
std::optional<std::uint32_t> id_of(const Tree& tree, const Tree::Node& node,
                                   std::string_view name) {
  return tree.property(node, name) ? tree.u32(node, name) : std::optional<std::uint32_t>(0);
}

std::optional<hr_psci_0_1> ids_of(const Tree& tree, const Tree::Node& node) {
  const auto cpu_suspend = id_of(tree, node, "cpu_suspend");
  const auto cpu_off = id_of(tree, node, "cpu_off");
  const auto cpu_on = id_of(tree, node, "cpu_on");
  const auto migrate = id_of(tree, node, "migrate");
  if (!cpu_suspend || !cpu_off || !cpu_on || !migrate) {
    return std::nullopt;
  }
  return hr_psci_0_1{*cpu_suspend, *cpu_off, *cpu_on, *migrate};
}

PsciNode read_node(const Tree& tree, const Tree::Node& node, PsciVersion version) {
  const std::string_view method = tree.text(node, "method");
  PsciNode psci;
  psci.version = version;
  psci.method = method == "hvc"   ? PsciMethod::kHvc
                : method == "smc" ? PsciMethod::kSmc
                                  : PsciMethod::kUnknown;
  psci.ids = ids_of(tree, node);
  return psci;
}

}  // namespace

PsciNode psci_of(const Tree& tree) {
  if (const auto node = tree.find_compatible("arm,psci-1.0")) {
    return read_node(tree, *node, PsciVersion::k1_0);
  }
  if (const auto node = tree.find_compatible("arm,psci-0.2")) {
    return read_node(tree, *node, PsciVersion::k0_2);
  }
  if (const auto node = tree.find_compatible("arm,psci")) {
    return read_node(tree, *node, PsciVersion::k0_1);
  }
  return {};
}

}  // namespace hyprelay::hyp_check
