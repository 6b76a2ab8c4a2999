// SPDX-License-Identifier: BSD-2-Clause
#include "cli/flow.hpp"

#include "fdt/facts.hpp"
#include "handoff/bundle.hpp"
#include "handoff/crash.hpp"
#include "handoff/json.hpp"
#include "handoff/linux/crash_facts.hpp"
#include "handoff/linux/gather.hpp"
#include "handoff/linux/hyp_facts.hpp"
#include "handoff/patch.hpp"
#include "relay/embedded.hpp"

#include <algorithm>
#include <utility>

namespace hyprelay::cli {
namespace {

namespace linux_host = handoff::linux_host;

using base::Code;
using base::Error;
using base::Stage;
using handoff::SegmentKind;

namespace {

compat::Handover handover_of(const Request& request) {
  return request.panic ? compat::Handover::kCrash : compat::Handover::kKexec;
}

}  // namespace

base::Result<handoff::Machine> find_machine(const Request& request, handoff::Arch arch,
                                            const std::optional<fdt::Tree>& given) {
  if (request.machine_of_tree) {
    return given ? handoff::machine_of_tree(*given, arch, request.reserved)
                 : Error(Code::MACHINE_NO_TREE, Stage::kMachine);
  }
  if (!request.machine) {
    const linux_host::Root root = linux_host::Root::live();
    HR_TRY(machine, linux_host::gather(root));
    if (!request.resident && !handoff::leaves_at_top(machine, handover_of(request))) {
      machine.hyp = linux_host::gather_hyp_facts(root);
    }
    if (request.panic) {
      machine.crash = linux_host::gather_crash_facts(root, machine);
    }
    return std::move(machine);
  }
  HR_TRY(file, linux_host::InputFile::open(*request.machine));
  HR_TRY(bytes, file.read());
  return handoff::machine_from_json(linux_host::text_of(bytes), *request.machine);
}

// The tree of --dtb, which is read before the machine is asked anything: mistakes in what the user
// gave come first.
base::Result<std::optional<fdt::Tree>> read_given_tree(const Request& request) {
  if (!request.dtb) {
    return std::optional<fdt::Tree>();
  }
  HR_TRY(file, linux_host::InputFile::open(*request.dtb));
  HR_TRY(bytes, file.read());
  HR_TRY(tree, fdt::Tree::from_bytes(bytes, *request.dtb));
  return std::optional<fdt::Tree>(std::move(tree));
}

struct ChosenTree {
  fdt::Tree tree;
  std::string source;
  bool memory_added = false;
};

base::Result<ChosenTree> choose_tree(const Request& request, const handoff::Machine& machine,
                                     std::optional<fdt::Tree> given) {
  if (!given && machine.device_tree.empty()) {
    return Error(Code::MACHINE_NO_TREE, Stage::kMachine);
  }
  if (!given) {
    HR_TRY(running, fdt::Tree::from_bytes(machine.device_tree, machine.device_tree_source));
    return ChosenTree{std::move(running), machine.device_tree_source, false};
  }
  ChosenTree chosen{std::move(*given), *request.dtb, false};
  if (!machine.device_tree.empty()) {
    HR_TRY(running, fdt::Tree::from_bytes(machine.device_tree, machine.device_tree_source));
    HR_TRY(added, add_missing_memory(chosen.tree, running));
    chosen.memory_added = added;
  }
  return chosen;
}

handoff::PatchRequest patch_request(const Prepared& prepared) {
  handoff::PatchRequest request;
  request.command_line = prepared.command_line;
  if (prepared.initrd) {
    const handoff::Placement* placement = prepared.plan.find(SegmentKind::kINITRD);
    // Before the plan exists, any range stands for the one to come: the tree's size does not depend
    // on where it is.
    request.initrd =
        placement == nullptr
            ? base::PhysRange::from_size(base::PhysAddr(0), prepared.initrd->size_bytes())
            : base::PhysRange::from_size(placement->memory.start(), placement->content_bytes);
  }
  if (prepared.crash) {
    const bool planned = !prepared.plan.placements.empty();
    request.command_line += handoff::old_kernel_arguments(
        prepared.image, planned ? &prepared.plan : nullptr, prepared.crash->region);
    request.crash = handoff::crash_tree(prepared.machine, prepared.plan);
  }
  return request;
}

// The code that answers a call follows the table: 100 bytes in a stub, some 2 KiB in a KVM of
// 32-bit ARM.
constexpr std::uint64_t kResidentCode = 0x1000;
constexpr std::uint64_t kResidentPage = 0x1000;
// No physical address has more bits [arm/ddi0487 D8.1, FEAT_LPA].
constexpr std::uint64_t kNoMemoryHere = std::uint64_t{1} << 52;

base::Result<handoff::PlanRequest> plan_request(const Prepared& prepared) {
  handoff::PlanRequest request;
  request.initrd_bytes = prepared.initrd ? prepared.initrd->size_bytes() : 0;
  request.tree_bytes = handoff::patched_size_bound(prepared.tree, patch_request(prepared));
  request.relay_bytes = prepared.relay.memory_bytes;
  HR_TRY(reserved, fdt::reserved_ranges(prepared.tree));
  for (const fdt::ReservedRange& one : reserved) {
    request.tree_reserved.push_back({one.range, one.name});
  }
  HR_TRY(memory, fdt::memory_ranges(prepared.tree));
  if (memory.empty()) {
    return Error(Code::TREE_NO_MEMORY, Stage::kTree, prepared.tree_source);
  }
  request.tree_memory = std::move(memory);
  const base::PhysAddr vectors(prepared.resident.vectors.physical);
  if (vectors.raw() != 0 && vectors.raw() < kNoMemoryHere) {
    const auto code = base::PhysRange::from_size(vectors, kResidentCode);
    request.needed_by_relay.push_back({code.value_or(base::PhysRange()).widened_to(kResidentPage),
                                       "the resident, until the relay has climbed"});
  }
  if (prepared.crash) {
    handoff::limit_to_region(request, prepared.crash->region, prepared.crash->header.bytes.size());
  }
  return request;
}

base::Result<PreparedCrash> prepare_crash(const handoff::Machine& machine) {
  PreparedCrash crash;
  HR_TRY(region, handoff::main_crash_region(machine));
  crash.region = region;
  HR_TRY(header, handoff::make_core_header(machine));
  crash.header = std::move(header);
  return crash;
}

base::Result<handoff::Plan> plan_of(Prepared& prepared) {
  if (!prepared.crash) {
    return handoff::make_plan(prepared.machine, prepared.image, prepared.plan_request);
  }
  constexpr std::size_t kMagic = 8;
  const std::uint64_t unpacked_bytes =
      prepared.initrd ? handoff::unpacked_size_guess(prepared.initrd->peek(kMagic),
                                                     prepared.initrd->size_bytes())
                      : 0;
  HR_TRY(plan, handoff::make_crash_plan(prepared.machine, prepared.image, prepared.plan_request,
                                        unpacked_bytes));
  const auto size =
      handoff::crash_size(prepared.machine, prepared.image, prepared.plan_request, unpacked_bytes);
  prepared.crash->recommended_bytes = size ? size.value().recommended_bytes : 0;
  prepared.crash->has_vmcore = handoff::may_have_vmcore(prepared.image);
  return plan;
}

base::Result<handoff::RelayImage> find_relay(handoff::Arch arch) {
  const base::ByteView bytes = handoff::embedded_relay(arch);
  if (bytes.empty()) {
    return Error(Code::SEAL_NO_RELAY, Stage::kSeal, handoff::arch_name(arch));
  }
  return handoff::read_relay_image(bytes);
}

// The nodes that the devicetree specification calls memory: children of the root with that
// device_type.
std::vector<std::string> memory_nodes(const fdt::Tree& tree) {
  std::vector<std::string> nodes;
  for (const std::string& node : tree.children("/")) {
    const auto type = tree.string_property(node, "device_type");
    if (type && type.value() == "memory") {
      nodes.push_back(node);
    }
  }
  return nodes;
}

bool same_property(const fdt::Tree& a, const fdt::Tree& b, std::string_view name) {
  const auto left = a.property("/", name);
  const auto right = b.property("/", name);
  return left.has_value() == right.has_value() && (!left || std::ranges::equal(*left, *right));
}

}  // namespace

base::Result<handoff::BatonFacts> baton_facts(const Prepared& prepared) {
  handoff::BatonFacts facts;
  HR_TRY(console, fdt::console(prepared.tree));
  facts.console = std::move(console);
  HR_TRY(gic, fdt::gic(prepared.tree));
  facts.gic = std::move(gic);
  HR_TRY(psci, fdt::psci_conduit(prepared.tree));
  facts.psci = psci;
  facts.resident = static_cast<std::uint32_t>(prepared.resident.dialect);
  facts.resident_vectors = prepared.resident.vectors.physical;
  facts.resident_virtual = prepared.resident.vectors.virtual_address;
  facts.require_hyp = prepared.request.require_hyp;
  facts.halt_on_failure = prepared.request.halt_on_failure;
  return facts;
}

std::string choose_command_line(const Request& request, handoff::Arch arch,
                                const std::string& running) {
  std::string line = running;
  if (request.command_line && !request.reuse_command_line) {
    line = *request.command_line;
  } else if (request.panic) {
    line = handoff::crash_command_line(running, arch, !request.command_line);
  }
  const auto add = [&line](const std::string& words) {
    line.append(line.empty() || words.empty() ? "" : " ").append(words);
  };
  if (request.command_line && request.reuse_command_line) {
    add(*request.command_line);
  }
  add(request.append.value_or(""));
  return line;
}

base::Result<handoff::ResidentChoice> find_resident(const Request& request,
                                                    const handoff::Machine& machine) {
  handoff::ResidentChoice choice;
  if (request.resident) {
    choice.dialect = static_cast<compat::Dialect>(*request.resident);
    choice.reasons = {"named by --resident"};
  } else {
    HR_TRY(chosen, handoff::choose_resident(machine, handover_of(request)));
    choice = std::move(chosen);
  }
  if (request.resident_vectors != 0) {
    choice.vectors = {request.resident_vectors, request.resident_virtual};
  }
  return choice;
}

base::Result<bool> add_missing_memory(fdt::Tree& tree, const fdt::Tree& running) {
  HR_TRY(there, fdt::memory_ranges(tree));
  if (!there.empty()) {
    return false;
  }
  if (!same_property(tree, running, "#address-cells") ||
      !same_property(tree, running, "#size-cells")) {
    return Error(Code::TREE_NO_MEMORY, Stage::kTree,
                 "/#address-cells differs from the running tree's");
  }
  // An empty node of the user's, to be filled in by a bootloader, goes first.
  for (const std::string& node : memory_nodes(tree)) {
    HR_TRYV(tree.remove_node(node));
  }
  for (const std::string& node : memory_nodes(running)) {
    HR_TRYV(tree.add_node(node));
    for (const char* property : {"device_type", "reg"}) {
      if (const auto value = running.property(node, property)) {
        HR_TRYV(tree.set(node, property, *value));
      }
    }
  }
  return true;
}

base::Result<Prepared> prepare(const Request& request) {
  HR_TRY(kernel_file, linux_host::InputFile::open(request.kernel));
  HR_TRY(kernel_bytes, kernel_file.read());
  HR_TRY(image, handoff::read_image(kernel_bytes, request.kernel));
  std::optional<linux_host::InputFile> initrd;
  if (request.initrd) {
    HR_TRY(file, linux_host::InputFile::open(*request.initrd));
    initrd = std::move(file);
  }
  HR_TRY(given_tree, read_given_tree(request));
  HR_TRY(machine, find_machine(request, image.arch, given_tree));
  if (image.arch != machine.arch) {
    return Error(Code::IMAGE_WRONG_ARCH, Stage::kImage, request.kernel);
  }
  HR_TRY(chosen, choose_tree(request, machine, std::move(given_tree)));
  HR_TRY(relay, find_relay(machine.arch));

  HR_TRY(resident, find_resident(request, machine));

  std::string command_line = choose_command_line(request, machine.arch, machine.command_line);
  // Moving the vector does not move the bytes that the image is a view of.
  Prepared prepared{request,
                    std::move(machine),
                    std::move(kernel_bytes),
                    image,
                    std::move(initrd),
                    std::move(chosen.tree),
                    std::move(chosen.source),
                    chosen.memory_added,
                    std::move(command_line),
                    relay,
                    std::move(resident),
                    {},
                    {},
                    {}};
  if (request.panic) {
    HR_TRY(crash, prepare_crash(prepared.machine));
    prepared.crash = std::move(crash);
  }
  HR_TRY(plan_input, plan_request(prepared));
  prepared.plan_request = std::move(plan_input);
  HR_TRY(plan, plan_of(prepared));
  prepared.plan = std::move(plan);
  return prepared;
}

base::Result<handoff::SealedHandoff> seal(Prepared& prepared) {
  handoff::PatchRequest patch = patch_request(prepared);
  HR_TRY(seeds, linux_host::fresh_seeds());
  patch.seeds = seeds;
  HR_TRY(tree, handoff::patch(prepared.tree, patch));
  std::vector<std::byte> initrd;
  if (prepared.initrd) {
    HR_TRY(bytes, prepared.initrd->read());
    initrd = std::move(bytes);
  }
  HR_TRY(facts, baton_facts(prepared));
  const base::ByteView elfcorehdr =
      prepared.crash ? prepared.crash->header.bytes : base::ByteView();
  return handoff::seal({prepared.machine, prepared.plan_request, prepared.plan,
                        prepared.image.bytes, initrd, elfcorehdr, tree, prepared.relay, facts});
}

}  // namespace hyprelay::cli
