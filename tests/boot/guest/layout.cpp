// SPDX-License-Identifier: BSD-2-Clause
#include "tests/boot/guest/layout.hpp"

#include "fdt/tree.hpp"
#include "tests/boot/guest/kvm.hpp"
#include "tests/boot/guest/pl011.hpp"

#include <initializer_list>
#include <string_view>

namespace hyprelay::boot_guest {
namespace {

using base::Result;
using fdt::Tree;

constexpr std::uint32_t kClockHandle = 1;
constexpr std::uint32_t kGicHandle = 2;
// Interrupt specifiers of a GIC [linux/Documentation/devicetree/bindings/interrupt-controller/
// arm,gic-v3.yaml]: kind, number, trigger.
constexpr std::uint32_t kSpi = 0;
constexpr std::uint32_t kPpi = 1;
constexpr std::uint32_t kLevelHigh = 4;

// Properties are words of 32 bits, the highest byte first.
Result<void> set_words(Tree& tree, std::string_view path, std::string_view name,
                       std::initializer_list<std::uint64_t> words) {
  std::vector<std::byte> bytes;
  for (const std::uint64_t word : words) {
    for (int shift = 24; shift >= 0; shift -= 8) {
      bytes.push_back(static_cast<std::byte>(word >> shift));
    }
  }
  return tree.set(path, name, bytes);
}

// reg with two cells each.
Result<void> set_reg(Tree& tree, std::string_view path, std::uint64_t start, std::uint64_t size) {
  return set_words(tree, path, "reg", {start >> 32, start, size >> 32, size});
}

Result<void> add_cpu(Tree& tree) {
  HR_TRYV(set_words(tree, "/cpus", "#address-cells", {1}));
  HR_TRYV(set_words(tree, "/cpus", "#size-cells", {0}));
  HR_TRYV(tree.set_string("/cpus/cpu@0", "device_type", "cpu"));
  HR_TRYV(tree.set_string("/cpus/cpu@0", "compatible", "arm,armv8"));
  HR_TRYV(tree.set_string("/cpus/cpu@0", "enable-method", "psci"));
  HR_TRYV(set_words(tree, "/cpus/cpu@0", "reg", {0}));
  HR_TRYV(
      tree.set_string("/psci", "compatible", std::string_view("arm,psci-1.0\0arm,psci-0.2", 25)));
  HR_TRYV(tree.set_string("/psci", "method", "hvc"));
  HR_TRYV(tree.set_string("/timer", "compatible", "arm,armv8-timer"));
  return set_words(
      tree, "/timer", "interrupts",
      {kPpi, 13, kLevelHigh, kPpi, 14, kLevelHigh, kPpi, 11, kLevelHigh, kPpi, 10, kLevelHigh});
}

Result<void> add_gic(Tree& tree) {
  const char* const gic = "/intc@8000000";
  HR_TRYV(tree.set_string(gic, "compatible", "arm,gic-v3"));
  HR_TRYV(set_words(tree, gic, "#interrupt-cells", {3}));
  HR_TRYV(tree.set(gic, "interrupt-controller", {}));
  HR_TRYV(set_words(tree, gic, "phandle", {kGicHandle}));
  return set_words(tree, gic, "reg", {0, kDistributor, 0, 0x10000, 0, kRedistributor, 0, 0x20000});
}

Result<void> add_uart(Tree& tree) {
  HR_TRYV(tree.set_string("/clock", "compatible", "fixed-clock"));
  HR_TRYV(set_words(tree, "/clock", "#clock-cells", {0}));
  HR_TRYV(set_words(tree, "/clock", "clock-frequency", {24000000}));
  HR_TRYV(set_words(tree, "/clock", "phandle", {kClockHandle}));
  const char* const uart = "/pl011@9000000";
  HR_TRYV(tree.set_string(uart, "compatible", std::string_view("arm,pl011\0arm,primecell", 23)));
  HR_TRYV(set_reg(tree, uart, kUart, Pl011::kBytes));
  HR_TRYV(set_words(tree, uart, "interrupts", {kSpi, kUartSpi, kLevelHigh}));
  HR_TRYV(set_words(tree, uart, "clocks", {kClockHandle, kClockHandle}));
  HR_TRYV(tree.set_string(uart, "clock-names", std::string_view("uartclk\0apb_pclk", 16)));
  return tree.set_string("/chosen", "stdout-path", uart);
}

}  // namespace

Result<std::vector<std::byte>> make_tree(const TreeRequest& request) {
  Tree tree = Tree::empty();
  HR_TRYV(tree.set_string("/", "compatible", "linux,dummy-virt"));
  HR_TRYV(set_words(tree, "/", "#address-cells", {2}));
  HR_TRYV(set_words(tree, "/", "#size-cells", {2}));
  HR_TRYV(set_words(tree, "/", "interrupt-parent", {kGicHandle}));
  HR_TRYV(tree.set_string("/chosen", "bootargs", request.command_line));
  HR_TRYV(tree.set_u64("/chosen", "kaslr-seed", request.seed));
  if (request.initrd_bytes != 0) {
    HR_TRYV(tree.set_u64("/chosen", "linux,initrd-start", request.initrd_start));
    HR_TRYV(
        tree.set_u64("/chosen", "linux,initrd-end", request.initrd_start + request.initrd_bytes));
  }
  HR_TRYV(tree.set_string("/memory@40000000", "device_type", "memory"));
  HR_TRYV(set_reg(tree, "/memory@40000000", kMemory, request.memory_bytes));
  HR_TRYV(tree.add_node("/cpus"));
  HR_TRYV(add_cpu(tree));
  HR_TRYV(add_gic(tree));
  HR_TRYV(add_uart(tree));
  return tree.packed();
}

}  // namespace hyprelay::boot_guest
