// SPDX-License-Identifier: BSD-2-Clause
// A board's tree, and what is done with it when another one is given.
#pragma once

#include "base/error_text.hpp"
#include "handoff/tree_compare.hpp"
#include "tests/unit/fdt/support.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hyprelay::handoff::testing {

inline base::PhysRange range(std::uint64_t start, std::uint64_t size_bytes) {
  return base::PhysRange::from_size(base::PhysAddr(start), size_bytes).value();
}

inline Machine machine_with(const fdt::Tree& running, Arch arch) {
  Machine machine;
  machine.arch = arch;
  machine.ram = fdt::memory_ranges(running).value();
  machine.device_tree = running.packed();
  machine.device_tree_source = "/sys/firmware/fdt";
  return machine;
}

inline std::vector<base::Code> codes_of(const std::vector<TreeFinding>& findings) {
  std::vector<base::Code> codes;
  std::ranges::transform(findings, std::back_inserter(codes), &TreeFinding::code);
  return codes;
}

inline TreeComparison compared(const fdt::Tree& given, const fdt::Tree& running, Arch arch) {
  auto comparison = compare_trees(given, machine_with(running, arch), &running);
  EXPECT_TRUE(comparison) << base::describe(comparison.error());
  return std::move(comparison).value();
}

// A virt machine of QEMU with four CPUs, firmware's memory and a second bank.
inline constexpr const char* kBoard = R"(/dts-v1/;
/memreserve/ 0x4f000000 0x1000;
/memreserve/ 0x48000000 0x3000;
/ {
  #address-cells = <2>; #size-cells = <2>;
  compatible = "acme,board-v2", "acme,soc";
  chosen { stdout-path = "serial0:115200n8";
           linux,initrd-start = <0x48000000>; linux,initrd-end = <0x48002fff>; };
  aliases { serial0 = "/serial@9000000"; };
  serial@9000000 { compatible = "arm,pl011"; reg = <0 0x9000000 0 0x1000>; };
  memory@40000000 { device_type = "memory"; reg = <0 0x40000000 0 0x40000000>; };
  cpus { #address-cells = <1>; #size-cells = <0>;
    cpu@0 { device_type = "cpu"; reg = <0>; enable-method = "psci"; };
    cpu@1 { device_type = "cpu"; reg = <1>; enable-method = "psci"; };
    cpu@2 { device_type = "cpu"; reg = <2>; enable-method = "psci"; };
    cpu@3 { device_type = "cpu"; reg = <3>; enable-method = "psci"; };
  };
  psci { compatible = "arm,psci-1.0"; method = "smc"; };
  reserved-memory { #address-cells = <2>; #size-cells = <2>; ranges;
    optee@4e000000 { reg = <0 0x4e000000 0 0x1000000>; no-map; };
    log@4d000000 { reg = <0 0x4d000000 0 0x10000>; };
    pool@44000000 { compatible = "shared-dma-pool"; reusable; reg = <0 0x44000000 0 0x1000000>; };
  };
};
)";

inline std::string replaced(std::string text, std::string_view what, std::string_view by) {
  for (std::size_t at = text.find(what); at != std::string::npos;
       at = text.find(what, at + by.size())) {
    text.replace(at, what.size(), by);
  }
  return text;
}

inline fdt::Tree without_reservations() {
  fdt::Tree tree = test::tree_of(kBoard);
  EXPECT_TRUE(tree.remove_node("/reserved-memory"));
  tree.remove_memory_reservations([](const base::PhysRange&) { return true; });
  return tree;
}

}  // namespace hyprelay::handoff::testing
