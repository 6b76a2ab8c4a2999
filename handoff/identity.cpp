// SPDX-License-Identifier: BSD-2-Clause
#include "handoff/identity.hpp"

#include "base/number_text.hpp"
#include "fdt/facts.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>

namespace hyprelay::handoff {
namespace {

using base::ByteView;

constexpr std::string_view kEthernet[] = {"mac-address", "local-mac-address"};
constexpr std::string_view kBluetooth[] = {"local-bd-address"};

bool is_address(const std::optional<ByteView>& value) {
  return value && value->size() == 6 &&
         std::ranges::any_of(*value, [](std::byte byte) { return byte != std::byte{0}; });
}

std::string address_text(ByteView address) {
  std::string text;
  for (const std::byte& byte : address) {
    text.append(text.empty() ? "" : ":").append(base::hex_bytes({&byte, 1}));
  }
  return text;
}

void note_identity(SourceTree& source, const std::string& what, const std::string& value) {
  source.notes.push_back(source.name + ": " + what + " of the running machine: " + value);
}

// The given tree's node for a port of the running one.
std::optional<std::string> same_port(const fdt::Tree& given, const fdt::Tree& running,
                                     const std::string& path) {
  for (const std::string& alias : running.property_names("/aliases")) {
    if (alias.starts_with("ethernet") && running.resolve(alias) == path &&
        given.property("/aliases", alias)) {
      return given.resolve(alias);
    }
  }
  return given.resolve(path);
}

template <std::size_t kCount>
base::Result<void> add_addresses(SourceTree& source, const fdt::Tree& running,
                                 const std::string_view (&names)[kCount]) {
  for (const std::string& path : running.nodes_with(names)) {
    const auto port = same_port(source.tree, running, path);
    const auto has_one = [&](std::string_view name) {
      return is_address(source.tree.property(*port, name));
    };
    // One of the user's own goes first, under whichever name.
    if (!port || std::ranges::any_of(names, has_one)) {
      continue;
    }
    for (const std::string_view name : names) {
      if (const auto address = running.property(path, name); is_address(address)) {
        HR_TRYV(source.tree.set(*port, name, *address));
        note_identity(source, *port + ":" + std::string(name), address_text(*address));
      }
    }
  }
  return base::success();
}

base::Result<void> add_text(SourceTree& source, const fdt::Tree& running, const std::string& path,
                            const std::string& name) {
  const auto value = running.string_property(path, name);
  if (!source.tree.property(path, name) && value && value.value() && !value.value()->empty()) {
    HR_TRYV(source.tree.set_string(path, name, *value.value()));
    note_identity(source, path + (path == "/" ? "" : ":") + name, *value.value());
  }
  return base::success();
}

// Not one that leads elsewhere, or to a node that is off.
base::Result<void> add_console(SourceTree& source, const fdt::Tree& running) {
  HR_TRY(here, fdt::chosen_console(source.tree));
  if (!here.text.empty()) {
    return base::success();
  }
  SourceTree with = source;
  HR_TRYV(add_text(with, running, "/chosen", "stdout-path"));
  HR_TRY(there, fdt::chosen_console(with.tree));
  if (there.is_there) {
    source = std::move(with);
  }
  return base::success();
}

}  // namespace

base::Result<void> add_identity(SourceTree& source, const fdt::Tree& running) {
  HR_TRYV(add_text(source, running, "/", "serial-number"));
  HR_TRYV(add_addresses(source, running, kEthernet));
  HR_TRYV(add_addresses(source, running, kBluetooth));
  return add_console(source, running);
}

}  // namespace hyprelay::handoff
