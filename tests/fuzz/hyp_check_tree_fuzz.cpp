// SPDX-License-Identifier: BSD-2-Clause
// Any bytes before hyp-check's own reader of trees: no read leaves them, every walk ends, and of
// what libfdt takes for a tree, it finds each node with the same properties.
#include "fdt/tree.hpp"
#include "hyp-check/core/console.hpp"
#include "hyp-check/core/options.hpp"
#include "hyp-check/core/tree.hpp"
#include "tests/fuzz/fuzz.hpp"

#include <algorithm>
#include <cstdint>
#include <set>
#include <string>

namespace {

namespace fdt = hyprelay::fdt;
using hyprelay::base::ByteView;
using hyprelay::fuzz::require;
using hyprelay::hyp_check::Tree;

// The seeds have a tenth of it. What is larger has been grown by the fuzzer, and only costs time.
constexpr unsigned kNodesMax = 500;

bool is_equal(ByteView one, ByteView other) {
  return std::ranges::equal(one, other);
}

// All that is asked of a node by the rest of hyp-check; returns how many children it has.
unsigned ask(const Tree& tree, const Tree::Node& node, unsigned& budget) {
  for (const char* name : {"reg", "compatible", "status", "#address-cells", "ranges", "method"}) {
    (void)tree.property(node, name);
    (void)tree.text(node, name);
    (void)tree.u32(node, name);
    (void)tree.word(node, name, 2);
    (void)tree.has_word(node, name, "arm,pl011");
  }
  (void)tree.is_available(node);
  for (std::size_t index = 0; index < 3; ++index) {
    (void)tree.mapped_register(node, index);
  }
  unsigned children = 0;
  auto child = tree.first_child(node);
  while (child && budget != 0) {
    ++children;
    --budget;
    ask(tree, *child, budget);
    child = tree.next_sibling(*child);
  }
  return children;
}

// The same path by both. A name with a slash or without a letter cannot be asked for; of two nodes
// that a path names, both readers take the first.
void compare(const Tree& tree, const fdt::Tree& oracle, const std::string& path, unsigned depth,
             unsigned& budget) {
  if (budget == 0) {
    return;
  }
  --budget;
  const auto node = tree.find(path);
  require(node.has_value());
  for (const std::string& name : oracle.property_names(path)) {
    const auto wanted = oracle.property(path, name);
    const auto found = tree.property(*node, name);
    require(wanted.has_value() == found.has_value());
    require(!found || is_equal(*found, *wanted));
  }
  const std::string prefix = path == "/" ? path : path + "/";
  std::set<std::string> children;
  for (const std::string& child : oracle.children(path)) {
    const std::string name = child.substr(child.rfind('/') + 1);
    const bool named = !name.empty() && child == prefix + name;
    if (named && depth + 1 < Tree::Node::kDepthMax && children.insert(child).second &&
        oracle.has_node(child)) {
      compare(tree, oracle, child, depth + 1, budget);
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const ByteView bytes = hyprelay::fuzz::bytes_of(data, size);
  const auto tree = Tree::from_bytes(bytes);
  const auto oracle = fdt::Tree::from_bytes(bytes, "input");
  if (!tree) {
    // Version 16 has no size of the structure block, which hyp-check wants to be told.
    require(!oracle || data[0x17] < 17);
    return 0;
  }
  require(tree->size_bytes() <= size);
  (void)hyprelay::hyp_check::find_uart(*tree);
  (void)hyprelay::hyp_check::evidence_of(*tree, {});
  (void)tree->find_compatible("arm,pl011");
  unsigned budget = kNodesMax;
  ask(*tree, *tree->find("/"), budget);
  if (oracle) {
    budget = kNodesMax;
    compare(*tree, oracle.value(), "/", 1, budget);
  }
  return 0;
}
