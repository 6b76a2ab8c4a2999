// SPDX-License-Identifier: BSD-2-Clause
#include "hyp-check/core/console.hpp"

#include "hyp-check/core/words.hpp"

namespace hyprelay::hyp_check {
namespace {

constexpr std::size_t kPathMax = 128;

struct Path {
  char text[kPathMax];
  std::size_t size = 0;

  void append(std::string_view part) {
    for (const char c : part) {
      if (size < kPathMax) {
        text[size++] = c;
      }
    }
  }
  std::string_view view() const { return {text, size}; }
};

// "serial0:115200n8" or "/soc/serial@0:115200n8" without its options, an alias at its front
// resolved [devicetree specification section 3.6].
std::optional<Tree::Node> stdout_node(const Tree& tree) {
  const auto chosen = tree.find("/chosen");
  if (!chosen) {
    return std::nullopt;
  }
  std::string_view path = tree.text(*chosen, "stdout-path");
  path = path.empty() ? tree.text(*chosen, "linux,stdout-path") : path;
  path = before(path, ':');
  if (path.starts_with('/')) {
    return tree.find(path);
  }
  const std::string_view alias = before(path, '/');
  const auto aliases = tree.find("/aliases");
  if (!aliases || alias.empty()) {
    return std::nullopt;
  }
  Path resolved;
  resolved.append(tree.text(*aliases, alias));
  path.remove_prefix(alias.size());
  resolved.append(path);
  return tree.find(resolved.view());
}

UartFacts driver_for(const Tree& tree, const Tree::Node& node) {
  // A big-endian register file needs swapped accesses, which the drivers do not make.
  if (tree.property(node, "big-endian")) {
    return {};
  }
#define HR_UART(compatible, kind, shift, width)        \
  if (tree.has_word(node, "compatible", compatible)) { \
    return {HR_CONSOLE_##kind, 0, shift, width};       \
  }
#include "abi/uart.def"
#undef HR_UART
  return {};
}

}  // namespace

UartFacts find_uart(const Tree& tree) {
  const auto node = stdout_node(tree);
  UartFacts uart = node ? driver_for(tree, *node) : UartFacts();
  if (uart.kind == HR_CONSOLE_NONE) {
    return uart;
  }
  const auto registers = tree.mapped_register(*node, 0);
  uart.shift = tree.u32(*node, "reg-shift").value_or(uart.shift);
  uart.width = tree.u32(*node, "reg-io-width").value_or(uart.width);
  if (!registers || (uart.width != 1 && uart.width != 4) || uart.shift > 4) {
    return {};
  }
  uart.base = registers->start + tree.u32(*node, "reg-offset").value_or(0);
  return uart;
}

}  // namespace hyprelay::hyp_check
