// SPDX-License-Identifier: BSD-2-Clause
// Any bytes: either refused with an error of stage tree, or a tree that every reader and the patch
// can use, whose patched form is a tree again, and that can be compared with a machine's, as the
// given tree and as the machine's own: what is carried over is then lost no more.
#include "fdt/facts.hpp"
#include "fdt/tree.hpp"
#include "handoff/patch.hpp"
#include "handoff/source_tree.hpp"
#include "handoff/tree_compare.hpp"
#include "tests/fuzz/fuzz.hpp"

#include <cstdint>

namespace {

using hyprelay::base::ByteView;
using hyprelay::base::PhysAddr;
using hyprelay::base::PhysRange;
using hyprelay::fdt::Tree;
using hyprelay::fuzz::require;

// A reader gives an answer or blames a property; nothing else.
template <class T>
void require_answer(const hyprelay::base::Result<T>& result) {
  require(result.has_value() || result.error().code() == hyprelay::base::Code::TREE_BAD_PROPERTY);
}

using hyprelay::handoff::Arch;
using hyprelay::handoff::Machine;
using hyprelay::handoff::SourceTree;

// A machine with memory, and memory of its firmware, in the places of the seeds.
Tree machine_tree() {
  Tree tree = Tree::empty();
  const auto at = [](std::uint64_t start, std::uint64_t size_bytes) {
    return *PhysRange::from_size(PhysAddr(start), size_bytes);
  };
  const bool made = tree.set_u32("/", "#address-cells", 2) && tree.set_u32("/", "#size-cells", 2) &&
                    tree.set_string("/memory", "device_type", "memory") &&
                    tree.set("/memory", "reg",
                             *in_root_cells(tree, std::vector{at(0x40000000, 0x80000000),
                                                              at(0x800000000, 0x60000000)})) &&
                    tree.set_u32("/reserved-memory", "#address-cells", 2) &&
                    tree.set_u32("/reserved-memory", "#size-cells", 2) &&
                    tree.set("/reserved-memory", "ranges", {}) &&
                    tree.set("/reserved-memory/optee", "reg",
                             *in_root_cells(tree, std::vector{at(0x4e000000, 0x200000)})) &&
                    tree.set("/reserved-memory/optee", "no-map", {}) &&
                    tree.add_memory_reservation(at(0x4a000000, 0x1000));
  require(made);
  return tree;
}

void compare(const Tree& given, const Tree& running) {
  for (const Arch arch : {Arch::kArm, Arch::kArm64}) {
    Machine machine;
    machine.arch = arch;
    machine.device_tree = running.packed();
    const auto found = hyprelay::handoff::compare_trees(given, machine, &running);
    require_answer(found);
    const auto source =
        hyprelay::handoff::choose_source_tree({.given = SourceTree{given, "given"}}, machine);
    if (!source) {
      require(source.error().stage() == hyprelay::base::Stage::kTree);
      require(source.error().code() != hyprelay::base::Code::TREE_INTERNAL);
      continue;
    }
    const auto after = hyprelay::handoff::compare_trees(source.value().tree, machine, &running);
    require(after.has_value() && after.value().hangs.empty() && after.value().lost.empty());
    require(Tree::from_bytes(source.value().tree.packed(), "chosen").has_value());
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto tree = Tree::from_bytes(hyprelay::fuzz::bytes_of(data, size), "input");
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

  static const Tree kMachine = machine_tree();
  compare(tree.value(), kMachine);
  compare(kMachine, tree.value());

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
