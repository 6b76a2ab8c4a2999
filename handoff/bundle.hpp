// SPDX-License-Identifier: BSD-2-Clause
// A sealed handoff for somebody else to load: a bootloader, or QEMU's loader device. Pure: files
// are named and described here, and written by the caller.
#pragma once

#include "base/result.hpp"
#include "base/sha256.hpp"
#include "fdt/tree.hpp"
#include "handoff/baton.hpp"
#include "handoff/machine.hpp"
#include "handoff/seal.hpp"

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

namespace hyprelay::handoff {

// A machine that is known by its device tree alone: its memory, and the command line that the tree
// carries. `reserved`: what the bootloader still needs until the jump. Errors: TREE_*
// (TREE_OVERLAY: it describes no machine), MACHINE_NO_RAM.
base::Result<Machine> machine_of_tree(const fdt::Tree& tree, Arch arch,
                                      std::vector<NamedRange> reserved);

struct BundleFile {
  std::string name;  // "kernel.bin"
  SegmentKind kind;
  base::PhysRange memory;
  // A view of the handoff's bytes.
  base::ByteView content;
  base::Sha256Digest digest;
};

struct Bundle {
  Arch arch = Arch::kArm;
  base::PhysAddr entry;
  std::vector<BundleFile> files;
};

// The views live as long as the handoff.
Bundle make_bundle(const SealedHandoff& handoff);

// {"schema", "arch", "entry", "resident", "resident_vectors", "resident_virtual", "require_hyp",
//  "files": [{"name", "kind", "start", "size_bytes", "memory_bytes", "sha256"}],
//  "u_boot": [...], "qemu": [...]}
nlohmann::ordered_json to_json(const Bundle& bundle, const BatonFacts& facts);

// Commands of U-Boot's prompt, one per line: files are loaded from ${devtype} ${devnum}, caches and
// MMU go off, and the relay is entered in the mode that U-Boot runs in.
std::vector<std::string> u_boot_lines(const Bundle& bundle);
// Words of QEMU's command line, for files in `folder`. The entry is for whoever starts the CPU:
// "-device loader,addr=ENTRY,cpu-num=0".
std::vector<std::string> qemu_words(const Bundle& bundle, const std::string& folder);

}  // namespace hyprelay::handoff
