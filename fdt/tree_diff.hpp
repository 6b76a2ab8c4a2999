// SPDX-License-Identifier: BSD-2-Clause
// Two trees beside each other.
#pragma once

#include "fdt/tree.hpp"

#include <string>
#include <vector>

namespace hyprelay::fdt {

// Lines, sorted by path and property, in which "-" is what the first tree has and "+" what the
// second has; empty when they say the same:
//   - /soc/serial@9000000:status = "disabled"
//   + /soc/serial@9000000:status = "okay"
//   + /soc/leds
// Of the order of nodes nothing is said, nor of numbers that only name nodes: phandles, and in
// properties whose shape is known (interrupt-parent, clocks, ..-gpios, ..-supply and the like) the
// references count as the paths that they lead to, and are shown so: <&{/soc/gpio@8000} 0x7>.
std::vector<std::string> tree_differences(const Tree& a, const Tree& b);

}  // namespace hyprelay::fdt
