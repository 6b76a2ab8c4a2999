// SPDX-License-Identifier: BSD-2-Clause
#include "rehearse/board_trees.hpp"

#include <algorithm>
#include <array>
#include <vector>

namespace hyprelay::rehearse {
namespace {

using base::Code;
using base::Error;
using base::Result;
using base::Stage;

std::vector<std::byte> cells(std::initializer_list<std::uint32_t> values) {
  std::vector<std::byte> bytes;
  for (const std::uint32_t value : values) {
    for (int shift = 24; shift >= 0; shift -= 8) {
      bytes.push_back(static_cast<std::byte>(value >> shift));
    }
  }
  return bytes;
}

// `value` in as many cells as the root has for it; one where it does not say, as Linux has it.
void add_cells(std::vector<std::byte>& to, const fdt::Tree& tree, std::string_view count,
               std::uint64_t value) {
  const auto property = tree.property("/", count);
  const auto cell =
      property ? base::read_be<std::uint32_t>(*property, 0) : Result<std::uint32_t>(1U);
  to.insert(to.end(), cell && cell.value() == 2 ? sizeof(std::uint32_t) : 0, std::byte(0));
  const std::vector<std::byte> last = cells({static_cast<std::uint32_t>(value)});
  to.insert(to.end(), last.begin(), last.end());
}

// The tree is another board's, or of a kernel that has renamed its nodes.
Error no_such_node(std::string_view path) {
  return {Code::BOARD_TREE, Stage::kTree, std::string(path) + " is not in the tree"};
}

}  // namespace

Result<void> give_zcu102_a_clock(fdt::Tree& tree) {
  constexpr std::string_view kUart = "/axi/serial@ff000000";
  // "fixed-clock", the reference that the board's crystal makes.
  constexpr std::string_view kClock = "/pss_ref_clk";
  const auto handle = tree.property(kClock, "phandle");
  if (!tree.has_node(kUart) || !handle) {
    return no_such_node(handle ? kUart : kClock);
  }
  std::vector<std::byte> clocks(handle->begin(), handle->end());
  clocks.insert(clocks.end(), clocks.begin(), clocks.begin() + sizeof(std::uint32_t));
  HR_TRYV(tree.set(kUart, "clocks", clocks));
  for (const char* name : {"power-domains", "pinctrl-0", "pinctrl-names"}) {
    HR_TRYV(tree.remove_property(kUart, name));
  }
  return base::success();
}

Result<void> give_pi3_psci(fdt::Tree& tree) {
  const std::vector<std::string> nodes = tree.children("/cpus");
  if (nodes.empty()) {
    return no_such_node("/cpus");
  }
  for (const std::string& node : nodes) {
    if (tree.property(node, "enable-method")) {
      HR_TRYV(tree.set_string(node, "enable-method", "psci"));
      HR_TRYV(tree.remove_property(node, "cpu-release-addr"));
    }
  }
  HR_TRYV(tree.set_string("/psci", "compatible", "arm,psci-1.0"));
  return tree.set_string("/psci", "method", "smc");
}

Result<void> fit_raspi4b(fdt::Tree& tree) {
  constexpr auto kMissing = std::to_array<std::string_view>({
      "brcm,bcm2711-l2-intc",
      "brcm,bcm2711-pcie",
      "brcm,bcm2711-rng200",
      "brcm,bcm2711-thermal",
      "brcm,bcm2711-genet-v5",
      "brcm,bcm2711-hdmi-i2c",
      "brcm,brcm2711-dvp",
      "brcm,bcm2711-hdmi0",
      "brcm,bcm2711-hdmi1",
  });
  std::vector<std::string> nodes;
  tree.for_each_property([&](const std::string& path, std::string_view name, base::ByteView value) {
    const std::string_view text = base::text_of(value);
    if (name == "compatible" &&
        std::ranges::find(kMissing, text.substr(0, text.find('\0'))) != kMissing.end()) {
      nodes.push_back(path);
    }
  });
  if (nodes.empty()) {
    return no_such_node("brcm,bcm2711-pcie");
  }
  for (const std::string& node : nodes) {
    HR_TRYV(tree.set_string(node, "status", "disabled"));
  }
  HR_TRYV(tree.remove_node("/soc/serial@7e201000/bluetooth"));
  return tree.set_string("/chosen", "stdout-path", "serial0:115200n8");
}

Result<void> fill_in(fdt::Tree& tree, const BootFacts& facts) {
  tree.remove_nodes_of_type("memory");
  HR_TRYV(tree.set_string("/memory@0", "device_type", "memory"));
  std::vector<std::byte> reg;
  add_cells(reg, tree, "#address-cells", facts.memory.start().raw());
  add_cells(reg, tree, "#size-cells", facts.memory.size_bytes());
  HR_TRYV(tree.set("/memory@0", "reg", reg));
  HR_TRYV(tree.set_u64("/chosen", "linux,initrd-start", facts.initrd.start().raw()));
  HR_TRYV(tree.set_u64("/chosen", "linux,initrd-end", facts.initrd.end().raw()));
  return tree.set_string("/chosen", "bootargs", facts.command_line);
}

}  // namespace hyprelay::rehearse
