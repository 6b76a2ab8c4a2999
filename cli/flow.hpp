// SPDX-License-Identifier: BSD-2-Clause
// The way from arguments to a sealed handoff, for load and plan alike.
#pragma once

#include "base/result.hpp"
#include "fdt/tree.hpp"
#include "handoff/elfcorehdr.hpp"
#include "handoff/image.hpp"
#include "handoff/linux/files.hpp"
#include "handoff/machine.hpp"
#include "handoff/plan.hpp"
#include "handoff/relay_image.hpp"
#include "handoff/resident.hpp"
#include "handoff/seal.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace hyprelay::cli {

struct Request {
  std::string kernel;
  std::optional<std::string> initrd;
  std::optional<std::string> dtb;
  std::optional<std::string> command_line;
  bool reuse_command_line = false;
  // Follows whatever the command line is otherwise.
  std::optional<std::string> append;
  // For the running kernel's panic.
  bool panic = false;
  bool require_hyp = false;
  bool halt_on_failure = false;
  // --resident: a row of abi/dialect.def, instead of what the machine's facts say; and where its
  // vectors lie.
  std::optional<std::uint32_t> resident;
  std::uint64_t resident_vectors = 0;
  std::uint64_t resident_virtual = 0;
  // The machine is the one that --dtb describes, and these ranges of it are taken.
  bool machine_of_tree = false;
  std::vector<handoff::NamedRange> reserved;
  // A JSON file instead of the running machine.
  std::optional<std::string> machine;
};

// What is known of a crash kernel besides.
struct PreparedCrash {
  base::PhysRange region;
  handoff::CoreHeader header;
  // What `hyprelay crashkernel estimate` would say, by a guess of what the initrd unpacks to.
  std::uint64_t recommended_bytes = 0;
  // Of the kernel: may_have_vmcore().
  bool has_vmcore = true;
};

// Everything that is known before the content of the initrd is read.
struct Prepared {
  Request request;
  handoff::Machine machine;
  std::vector<std::byte> kernel_bytes;
  handoff::ImageView image;  // of kernel_bytes
  std::optional<handoff::linux_host::InputFile> initrd;
  fdt::Tree tree;
  // Where the tree comes from, for people.
  std::string tree_source;
  // The memory nodes of the running machine were copied into the user's tree.
  bool memory_added = false;
  std::string command_line;
  handoff::RelayImage relay;
  // --resident and --resident-vectors, and what the machine's facts say instead of either.
  handoff::ResidentChoice resident;
  handoff::PlanRequest plan_request;
  handoff::Plan plan;
  // Set with --panic only.
  std::optional<PreparedCrash> crash;
};

// Reads the files and the machine, and plans. Errors: of every stage up to the plan.
base::Result<Prepared> prepare(const Request& request);

// Patches the tree with fresh seeds and seals. Reads the initrd: once per Prepared. Errors: FILE_*,
// and those of patch and seal.
base::Result<handoff::SealedHandoff> seal(Prepared& prepared);

// What the relay is told besides the plan. Errors: TREE_*.
base::Result<handoff::BatonFacts> baton_facts(const Prepared& prepared);

// The next kernel's command line. With --panic the running kernel's is taken without what is its
// own alone, and with what a crash kernel needs unless the user adds to it. --command-line alone is
// all of it; with --reuse-cmdline it follows the running kernel's; without either the running
// kernel's is taken.
std::string choose_command_line(const Request& request, handoff::Arch arch,
                                const std::string& running);

// Who is at HYP/EL2 when the relay starts: what the user says, or what follows from the machine.
// Errors: TREE_*.
base::Result<handoff::ResidentChoice> find_resident(const Request& request,
                                                    const handoff::Machine& machine);

// Copies the memory nodes of `running` into `tree` when it has none that names any memory. False:
// there was nothing to do. Errors: TREE_NO_MEMORY (also when the two count addresses in different
// cells), TREE_*.
base::Result<bool> add_missing_memory(fdt::Tree& tree, const fdt::Tree& running);

}  // namespace hyprelay::cli
