// SPDX-License-Identifier: BSD-2-Clause
// Any bytes: either refused with an error of stage tree, or a tree that every reader and the patch
// can use, and whose patched form is a tree again.
#include "fdt/facts.hpp"
#include "fdt/tree.hpp"
#include "handoff/patch.hpp"

#include <cstdint>
#include <cstdlib>

namespace {

using hyprelay::base::ByteView;
using hyprelay::base::PhysAddr;
using hyprelay::base::PhysRange;
using hyprelay::fdt::Tree;

void require(bool condition) {
  if (!condition) {
    std::abort();
  }
}

// A reader gives an answer or blames a property; nothing else.
template <class T>
void require_answer(const hyprelay::base::Result<T>& result) {
  require(result.has_value() || result.error().code() == hyprelay::base::Code::TREE_BAD_PROPERTY);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto tree = Tree::from_bytes(std::as_bytes(std::span(data, size)), "input");
  if (!tree) {
    require(tree.error().stage() == hyprelay::base::Stage::kTree);
    require(tree.error().code() != hyprelay::base::Code::TREE_INTERNAL);
    return 0;
  }
  require_answer(hyprelay::fdt::memory_ranges(tree.value()));
  require_answer(hyprelay::fdt::reserved_ranges(tree.value()));
  require_answer(hyprelay::fdt::console(tree.value()));
  require_answer(hyprelay::fdt::psci_conduit(tree.value()));
  require_answer(hyprelay::fdt::gic(tree.value()));

  hyprelay::handoff::PatchRequest request;
  request.command_line = "console=ttyAMA0 quiet";
  request.initrd = PhysRange::from_size(PhysAddr(0x48000000), 0x123456);
  const auto patched = hyprelay::handoff::patch(tree.value(), request);
  require(patched.has_value());
  require(patched.value().bytes().size() <=
          hyprelay::handoff::patched_size_bound(tree.value(), request));
  const auto again = Tree::from_bytes(patched.value().bytes(), "patched");
  require(again.has_value());
  const auto command_line = again.value().string_property("/chosen", "bootargs");
  require(command_line.has_value() && command_line.value() == request.command_line);
  return 0;
}
