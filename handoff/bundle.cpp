// SPDX-License-Identifier: BSD-2-Clause
#include "handoff/bundle.hpp"

#include "base/json.hpp"
#include "base/number_text.hpp"
#include "fdt/facts.hpp"
#include "handoff/json.hpp"
#include "handoff/plan_space.hpp"

namespace hyprelay::handoff {
namespace {

std::string file_name(SegmentKind kind) {
  switch (kind) {
    case SegmentKind::kKERNEL:
      return "kernel.bin";
    case SegmentKind::kINITRD:
      return "initrd.bin";
    case SegmentKind::kTREE:
      return "tree.dtb";
    case SegmentKind::kRELAY:
      return "relay.bin";
    case SegmentKind::kELFCOREHDR:
      return "elfcorehdr.bin";
  }
  __builtin_unreachable();
}

}  // namespace

base::Result<Machine> machine_of_tree(const fdt::Tree& tree, Arch arch,
                                      std::vector<NamedRange> reserved) {
  if (fdt::is_overlay(tree)) {
    return base::Error(base::Code::TREE_OVERLAY, base::Stage::kTree, "the given tree");
  }
  Machine machine;
  machine.arch = arch;
  machine.device_tree_source = "the given tree";
  machine.reserved = std::move(reserved);
  HR_TRY(memory, fdt::memory_ranges(tree));
  machine.ram = std::move(memory);
  if (machine.ram.empty()) {
    return base::Error(base::Code::MACHINE_NO_RAM, base::Stage::kMachine, "/memory");
  }
  HR_TRY(command_line, tree.string_property("/chosen", "bootargs"));
  machine.command_line = command_line.value_or("");
  return machine;
}

Bundle make_bundle(const SealedHandoff& handoff) {
  Bundle bundle{handoff.arch(), handoff.relay_entry(), {}};
  const base::Sha256Compress fastest = digest::engine_of_process().sha256;
  for (const SealedSegment& segment : handoff.segments()) {
    bundle.files.push_back({file_name(segment.kind), segment.kind, segment.memory, segment.content,
                            base::sha256(segment.content, fastest)});
  }
  return bundle;
}

nlohmann::ordered_json to_json(const Bundle& bundle, const BatonFacts& facts) {
  nlohmann::ordered_json json;
  json["schema"] = kJsonSchema;
  json["arch"] = arch_name(bundle.arch);
  json["entry"] = bundle.entry.raw();
  json["resident"] = dialect_name(facts.resident);
  json["resident_vectors"] = facts.resident_vectors;
  json["resident_virtual"] = facts.resident_virtual;
  json["require_hyp"] = facts.require_hyp;
  json["files"] = nlohmann::ordered_json::array();
  for (const BundleFile& file : bundle.files) {
    json["files"].push_back({{"name", file.name},
                             {"kind", segment_name(file.kind)},
                             {"start", file.memory.start().raw()},
                             {"size_bytes", file.content.size()},
                             {"memory_bytes", file.memory.size_bytes()},
                             {"sha256", base::hex_bytes(file.digest)}});
  }
  json["u_boot"] = u_boot_lines(bundle);
  json["qemu"] = qemu_words(bundle, ".");
  return json;
}

std::vector<std::string> u_boot_lines(const Bundle& bundle) {
  std::vector<std::string> lines;
  for (const BundleFile& file : bundle.files) {
    lines.push_back("load ${devtype} ${devnum} " + base::hex(file.memory.start()) + " " +
                    file.name);
  }
  // With the data cache U-Boot turns its MMU off and writes everything back; the relay wants both.
  lines.emplace_back("dcache off");
  lines.emplace_back("icache off");
  lines.push_back("go " + base::hex(bundle.entry));
  return lines;
}

std::vector<std::string> qemu_words(const Bundle& bundle, const std::string& folder) {
  // A comma of a value is written twice [QEMU, qemu-option.c get_opt_value].
  std::string path;
  for (const char c : folder) {
    path.append(c == ',' ? 2 : 1, c);
  }
  std::vector<std::string> words;
  for (const BundleFile& file : bundle.files) {
    std::string word = "loader,file=";
    word += path + "/" + file.name + ",addr=" + base::hex(file.memory.start());
    words.emplace_back("-device");
    words.push_back(word + ",force-raw=on");
  }
  return words;
}

}  // namespace hyprelay::handoff
