// SPDX-License-Identifier: BSD-2-Clause
// The console that stdout-path names, when it is of a kind that a few lines of polling code can
// drive.
#include "abi/hr_abi.h"
#include "fdt/facts.hpp"
#include "fdt/node.hpp"
#include "fdt/tree.hpp"

#include <string>
#include <utility>

namespace hyprelay::fdt {
namespace {

// A UART as its compatible alone describes it; reg-shift and reg-io-width override.
struct Driver {
  std::string_view compatible;
  std::uint32_t kind;
  std::uint32_t shift;
  std::uint32_t width_bytes;
};

constexpr Driver kDrivers[] = {
#define HR_UART(compatible, kind, shift, width) {compatible, HR_CONSOLE_##kind, shift, width},
#include "abi/uart.def"
#undef HR_UART
};

const Driver* driver_for(const Node& node) {
  // A big-endian register file needs swapped accesses, which the relay's drivers do not make.
  if (node.has("big-endian")) {
    return nullptr;
  }
  for (const Driver& driver : kDrivers) {
    if (node.is_compatible(driver.compatible)) {
      return &driver;
    }
  }
  return nullptr;
}

// "serial0:115200n8" or "/soc/serial@0:115200n8" without its options, an alias at its front
// resolved [devicetree specification section 3.6, linux/drivers/of/base.c
// of_find_node_opts_by_path].
base::Result<std::string> resolve(base::ByteView blob, std::string path) {
  path = path.substr(0, path.find(':'));
  if (path.starts_with('/')) {
    return path;
  }
  const std::optional<Node> aliases = Node::at_path(blob, "/aliases");
  const std::string alias = path.substr(0, path.find('/'));
  if (!aliases || alias.empty()) {
    return path;
  }
  HR_TRY(target, aliases->text(alias));
  return target ? *target + path.substr(alias.size()) : path;
}

base::Result<std::string> chosen_text(base::ByteView blob) {
  const std::optional<Node> chosen = Node::at_path(blob, "/chosen");
  if (!chosen) {
    return std::string();
  }
  HR_TRY(path, chosen->text("stdout-path"));
  if (!path) {
    HR_TRY(older, chosen->text("linux,stdout-path"));
    path = older;
  }
  return path.value_or("");
}

}  // namespace

base::Result<ChosenConsole> chosen_console(const Tree& tree) {
  HR_TRY(text, chosen_text(tree.bytes()));
  HR_TRY(path, resolve(tree.bytes(), text));
  const std::optional<Node> node = Node::at_path(tree.bytes(), path);
  return ChosenConsole{std::move(text), node && node->is_available()};
}

base::Result<Console> console(const Tree& tree) {
  Console console;
  HR_TRY(text, chosen_text(tree.bytes()));
  HR_TRY(path, resolve(tree.bytes(), std::move(text)));
  console.path = path;
  const std::optional<Node> node = Node::at_path(tree.bytes(), path);
  const Driver* driver = node ? driver_for(*node) : nullptr;
  if (driver == nullptr) {
    return console;
  }
  console.path = node->path();
  HR_TRY(registers, node->mapped_registers(1));
  HR_TRY(shift, node->u32("reg-shift"));
  HR_TRY(width_bytes, node->u32("reg-io-width"));
  HR_TRY(offset, node->u32("reg-offset"));
  if (registers.empty()) {
    return node->bad_property("reg");
  }
  const std::uint32_t width = width_bytes.value_or(driver->width_bytes);
  if (shift.value_or(0) > 4 || (width != 1 && width != 2 && width != 4)) {
    return node->bad_property(shift.value_or(0) > 4 ? "reg-shift" : "reg-io-width");
  }
  // Behind a bus that maps nothing into the CPU's space, or with accesses of 16 bits, there is a
  // console but none that the relay can drive.
  if (!registers.front() || width == 2) {
    return console;
  }
  console.kind = driver->kind;
  console.base = registers.front()->start() + offset.value_or(0);
  console.shift = shift.value_or(driver->shift);
  console.width_bytes = width;
  return console;
}

}  // namespace hyprelay::fdt
