// SPDX-License-Identifier: BSD-2-Clause
#include "bench/scale/cases.hpp"

#include "base/error_text.hpp"
#include "bench/scale/inputs.hpp"
#include "handoff/elfcorehdr.hpp"
#include "handoff/evidence.hpp"
#include "handoff/json.hpp"
#include "handoff/tree_compare.hpp"

#include <cstdlib>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

namespace hyprelay::scale {
namespace {

using handoff::Arch;
using handoff::Machine;
using handoff::PlanRequest;

// What nobody looks at must still be computed.
void keep(const void* result) {
  asm volatile("" : : "r"(result) : "memory");
}

template <class Result>
auto must(Result&& result, const char* what) {
  if (!result) {
    std::cerr << "scale: " << what << ": " << base::describe(result.error()) << "\n";
    std::exit(1);
  }
  return std::forward<Result>(result).value();
}

const std::vector<std::int64_t> kRanges = {10, 100, 1000, 10000, 100000};
// What fits the 2 MiB that a boot protocol leaves to a tree.
const std::vector<std::int64_t> kNodes = {10, 100, 1000, 10000};
const std::vector<std::int64_t> kBytes = {1 << 20, 4 << 20, 16 << 20};

struct PlanInput {
  Bytes file;
  Machine machine;
  PlanRequest request;
};

std::function<void()> plan(Arch arch, std::int64_t pieces, std::int64_t reserved,
                           std::int64_t tree_reserved) {
  auto input = std::make_shared<PlanInput>();
  input->file = arch == Arch::kArm ? zimage(5 << 20) : arm64_image(32 << 20);
  input->machine = machine_with(arch, pieces, reserved);
  input->request = request_for(input->machine);
  for (const base::PhysRange& one : scattered(tree_reserved)) {
    input->request.tree_reserved.push_back({one, "/reserved-memory/firmware"});
  }
  const auto kernel = must(handoff::read_image(input->file, "kernel"), "kernel");
  return [input, kernel] {
    const auto made = must(make_plan(input->machine, kernel, input->request), "plan");
    const auto checked = check_plan(input->machine, kernel, input->request, made);
    if (!checked) {
      std::cerr << "scale: check: " << base::describe(checked.error()) << "\n";
      std::exit(1);
    }
  };
}

std::function<void()> parse(Bytes (*file)(std::int64_t), std::int64_t size_bytes) {
  auto kernel = std::make_shared<Bytes>(file(size_bytes));
  return [kernel] {
    const auto image = must(handoff::read_image(*kernel, "kernel"), "image");
    keep(&image);
  };
}

std::function<void()> prepare(std::int64_t reserved) {
  auto kernel = std::make_shared<Bytes>(arm64_image(32 << 20));
  return [kernel, input = prepare_input(reserved, *kernel, 32 << 20)] {
    must(handoff::prepare(input), "prepare");
  };
}

std::function<void()> seal(std::int64_t initrd_bytes, std::int64_t reserved) {
  auto kernel = std::make_shared<Bytes>(arm64_image(1 << 20));
  auto initrd = std::make_shared<Bytes>(zimage(initrd_bytes));
  auto planned = std::make_shared<handoff::Planned>(must(
      handoff::prepare(prepare_input(reserved, *kernel, static_cast<std::uint64_t>(initrd_bytes))),
      "prepare"));
  return [kernel, initrd, planned] {
    must(handoff::seal(*planned, *initrd, handoff::Seeds()), "seal");
  };
}

std::function<void()> patch(fdt::Tree source) {
  auto tree = std::make_shared<fdt::Tree>(std::move(source));
  return [tree] {
    handoff::PatchRequest request;
    request.command_line = "console=ttyAMA0 quiet";
    request.initrd = range(0x48000000, 0x2000000);
    request.seeds = handoff::Seeds();
    must(handoff::patch(*tree, request), "patch");
  };
}

std::function<void()> read_tree(const TreeSize& size) {
  auto blob = std::make_shared<Bytes>(tree_blob(size));
  return [blob] { must(fdt::Tree::from_bytes(*blob, "tree"), "tree"); };
}

std::function<void()> compare(const TreeSize& size) {
  auto running = std::make_shared<fdt::Tree>(tree_with(size));
  auto given = std::make_shared<fdt::Tree>(tree_with({.devices = size.devices}));
  return [running, given, machine = machine_with(Arch::kArm64, 1, 0)] {
    must(handoff::compare_trees(*given, machine, running.get()), "trees");
  };
}

std::function<void()> probe(std::int64_t facts) {
  Machine machine = machine_with(Arch::kArm, 1, 0);
  machine.kernel_release = "4.9.0";
  machine.boot_mode = handoff::Mode::kHYP;
  machine.hyp.symbols.emplace();
  for (std::int64_t i = 0; i < facts; ++i) {
    machine.hyp.log.push_back("kvm [1]: line " + std::to_string(i));
    machine.hyp.symbols->push_back("__hyp_symbol_" + std::to_string(i));
    machine.hyp.cpu_ids.push_back(0x410fc075);
  }
  return [machine] { must(choose_resident(machine, compat::Handover::kKexec), "resident"); };
}

std::function<void()> core_header(std::int64_t pieces, std::int64_t cpus) {
  Machine machine = machine_with(Arch::kArm64, pieces, 0);
  for (std::int64_t i = 0; i < cpus; ++i) {
    machine.crash.cpu_notes.push_back(
        range(0x41000000 + static_cast<std::uint64_t>(i) * 0x200, 0x1a8));
  }
  machine.crash.vmcoreinfo = range(0x40f00000, 0x400);
  for (const base::PhysRange& one : machine.ram) {
    machine.crash.mappings.push_back({one, 0xffff000000000000 + one.start().raw()});
  }
  return [machine] { must(handoff::make_core_header(machine), "elfcorehdr"); };
}

std::function<void()> write_plan(std::int64_t ranges) {
  const Bytes file = arm64_image(1 << 20);
  const auto kernel = must(handoff::read_image(file, "kernel"), "kernel");
  const Machine machine = machine_with(Arch::kArm64, 1, ranges);
  return [plan = must(make_plan(machine, kernel, request_for(machine)), "plan")] {
    const std::string text = handoff::to_json(plan).dump();
    keep(&text);
  };
}

std::function<void()> write_machine(std::int64_t ranges) {
  return [machine = machine_with(Arch::kArm64, 1, ranges)] {
    const std::string text = handoff::to_json(machine).dump();
    keep(&text);
  };
}

std::function<void()> read_machine(std::int64_t ranges) {
  return [text = handoff::to_json(machine_with(Arch::kArm64, 1, ranges)).dump()] {
    must(handoff::machine_from_json(text, "machine"), "machine");
  };
}

}  // namespace

std::vector<Case> all_cases(const Bytes& board) {
  return {
      {"patch_board",
       "bytes",
       {static_cast<std::int64_t>(board.size())},
       [board](std::int64_t) {
         return patch(must(fdt::Tree::from_bytes(board, "board"), "board"));
       }},
      {"image_arm", "bytes", kBytes, [](std::int64_t n) { return parse(zimage, n); }},
      {"image_arm64", "bytes", kBytes, [](std::int64_t n) { return parse(arm64_image, n); }},
      {"plan_arm_reserved", "ranges", kRanges,
       [](std::int64_t n) { return plan(Arch::kArm, 1, n, 0); }},
      {"plan_arm_ram", "ranges", kRanges, [](std::int64_t n) { return plan(Arch::kArm, n, 0, 0); }},
      {"plan_arm_tree", "ranges", kRanges,
       [](std::int64_t n) { return plan(Arch::kArm, 1, 0, n); }},
      {"plan_arm64_reserved", "ranges", kRanges,
       [](std::int64_t n) { return plan(Arch::kArm64, 1, n, 0); }},
      {"plan_arm64_ram", "ranges", kRanges,
       [](std::int64_t n) { return plan(Arch::kArm64, n, 0, 0); }},
      {"plan_arm64_tree", "ranges", kRanges,
       [](std::int64_t n) { return plan(Arch::kArm64, 1, 0, n); }},
      {"prepare", "ranges", kNodes, prepare},
      {"seal_bytes", "bytes", kBytes, [](std::int64_t n) { return seal(n, 0); }},
      {"seal_ranges", "ranges", kNodes, [](std::int64_t n) { return seal(1 << 20, n); }},
      {"tree_read", "devices", kNodes, [](std::int64_t n) { return read_tree({.devices = n}); }},
      {"patch_devices", "devices", kNodes,
       [](std::int64_t n) { return patch(tree_with({.devices = n})); }},
      {"patch_memreserve", "ranges", kNodes,
       [](std::int64_t n) { return patch(tree_with({.entries_reserved = n})); }},
      {"trees_compared", "ranges", kNodes,
       [](std::int64_t n) { return compare({.nodes_reserved = n}); }},
      {"trees_compared_devices", "devices", kNodes,
       [](std::int64_t n) { return compare({.devices = n}); }},
      {"probe", "facts", kRanges, probe},
      {"elfcorehdr",
       "ranges",
       {1, 4, 16, 64, 256, 1024},
       [](std::int64_t n) { return core_header(n, 4); }},
      {"elfcorehdr_cpus",
       "CPUs",
       {1, 4, 16, 64, 256, 1024},
       [](std::int64_t n) { return core_header(1, n); }},
      {"json_plan", "ranges", kRanges, write_plan},
      {"json_machine_write", "ranges", kRanges, write_machine},
      {"json_machine_read", "ranges", kRanges, read_machine},
  };
}

}  // namespace hyprelay::scale
