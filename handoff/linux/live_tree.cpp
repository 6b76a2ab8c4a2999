// SPDX-License-Identifier: BSD-2-Clause
#include "handoff/linux/live_tree.hpp"

#include "base/number_text.hpp"
#include "os/files.hpp"

#include <algorithm>
#include <filesystem>
#include <string_view>
#include <system_error>
#include <tuple>
#include <vector>

namespace hyprelay::handoff::linux_host {
namespace {

namespace fs = std::filesystem;

using base::Code;
using base::Error;
using base::Stage;

struct Entries {
  std::vector<std::string> properties;
  std::vector<std::string> nodes;
};

// The unit address of "cpu@10" as a number; nodes without one sort before the others.
std::uint64_t unit_address(std::string_view node) {
  const std::size_t at = node.find('@');
  node.remove_prefix(at == std::string_view::npos ? node.size() : at + 1);
  return base::take_number(node, 16).value_or(0);
}

base::Result<Entries> list(const std::string& directory) {
  Entries entries;
  std::error_code error;
  for (fs::directory_iterator it(directory, error), end; !error && it != end; it.increment(error)) {
    const std::string name = it->path().filename().string();
    if (it->is_directory(error)) {
      entries.nodes.push_back(name);
    } else if (name != "name") {
      // The kernel makes "name" up from the node's own name; it is no property of the blob.
      entries.properties.push_back(name);
    }
  }
  if (error) {
    return Error(Code::MACHINE_UNREADABLE, Stage::kMachine, directory);
  }
  return entries;
}

// A kernel numbers CPUs, serial ports and the like in the order of their nodes, and a directory has
// no order: by unit address is what the sources of device trees do. libfdt puts a new node before
// its siblings, hence the last comes first.
void sort_last_first(std::vector<std::string>& nodes) {
  std::ranges::sort(nodes, [](const std::string& a, const std::string& b) {
    return std::tuple(unit_address(a), std::string_view(a)) >
           std::tuple(unit_address(b), std::string_view(b));
  });
}

std::string below(const std::string& path, const std::string& name) {
  std::string whole = path;
  return whole.append("/").append(name);
}

base::Result<void> add_directory(fdt::Tree& tree, const std::string& directory,
                                 const std::string& node) {
  HR_TRY(entries, list(directory));
  std::ranges::sort(entries.properties, std::ranges::greater());
  for (const std::string& property : entries.properties) {
    HR_TRY(value, os::read_fact(below(directory, property)));
    HR_TRYV(tree.set(node.empty() ? "/" : node, property, value));
  }
  sort_last_first(entries.nodes);
  for (const std::string& child : entries.nodes) {
    const std::string path = below(node, child);
    HR_TRYV(tree.add_node(path));
    HR_TRYV(add_directory(tree, below(directory, child), path));
  }
  return base::success();
}

}  // namespace

base::Result<fdt::Tree> tree_from_directory(const std::string& path) {
  fdt::Tree tree = fdt::Tree::empty();
  HR_TRYV(add_directory(tree, path, ""));
  return tree;
}

}  // namespace hyprelay::handoff::linux_host
