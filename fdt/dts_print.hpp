// SPDX-License-Identifier: BSD-2-Clause
// A tree as its source has it [devicetree specification section 6].
#pragma once

#include "fdt/tree.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace hyprelay::fdt {

// The whole tree, which dtc takes back: the same nodes, properties and reservations; or the node of
// that path and what is below it. nullopt: there is no such node.
std::optional<std::string> dts_of(const Tree& tree, std::string_view path = "/");

}  // namespace hyprelay::fdt
