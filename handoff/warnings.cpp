// SPDX-License-Identifier: BSD-2-Clause
#include "handoff/warnings.hpp"

#include "base/error_text.hpp"
#include "base/number_text.hpp"
#include "fdt/facts.hpp"
#include "handoff/command_line.hpp"
#include "handoff/line_limit.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace hyprelay::handoff {
namespace {

std::string guess_warning(const InitrdSize& initrd) {
  return "what the initrd unpacks to is not known: " + initrd.not_measured +
         "; the region's size is judged by a guess";
}

// kexec_load's EINVAL on 32-bit ARM, in words and before it [linux/arch/arm/kernel/machine_kexec.c
// machine_kexec_prepare]. Whether the platform has code of its own nobody can tell from outside.
bool may_keep_its_cpus(const Machine& machine) {
  if (machine.arch != Arch::kArm || machine.cpus < 2 || machine.device_tree.empty() ||
      machine.kernel_release.empty()) {
    return false;
  }
  const auto tree = fdt::Tree::from_bytes(machine.device_tree, machine.device_tree_source);
  const auto conduit = tree ? fdt::psci_conduit(tree.value()) : tree.error();
  return conduit && conduit.value() == fdt::Conduit::kNone;
}

std::vector<std::string> crash_warnings(const Planned& planned,
                                        const std::optional<InitrdSize>& initrd) {
  std::vector<std::string> warnings;
  const FoundCrash& crash = *planned.found.crash;
  if (crash.header.left_out_bytes != 0) {
    warnings.push_back(
        base::size_text(crash.header.left_out_bytes) +
        " of memory above 4 GiB will not be in the dump: 32-bit Linux reads no 64-bit header");
  }
  if (planned.found.machine.arch == Arch::kArm && planned.found.machine.crash.mappings.empty()) {
    warnings.emplace_back(
        "the facts do not tell how far the running kernel's linear mapping reaches "
        "(crash.mappings): it was not checked that it can start what lies in its crash region");
  }
  if (const auto& registered = planned.found.resident.registered) {
    warnings.push_back(registered->what +
                       ": the crash kernel has memory of its own, but whether it is let in again "
                       "nobody has tried; save the dump where no such device is needed");
  }
  if (auto none = vmcore_warning(planned)) {
    warnings.push_back(std::move(*none));
  }
  if (auto small = region_warning(planned)) {
    warnings.push_back(std::move(*small));
  }
  if (initrd && !initrd->not_measured.empty()) {
    warnings.push_back(guess_warning(*initrd));
  }
  return warnings;
}

}  // namespace

std::vector<std::string> warnings_of(const Planned& planned,
                                     const std::optional<InitrdSize>& initrd,
                                     std::string_view line) {
  std::vector<std::string> warnings;
  const Found& found = planned.found;
  if (auto cut = command_line_warning(line, found.machine.arch)) {
    warnings.push_back(std::move(*cut));
  }
  for (const std::string& word : initrd_words(line)) {
    warnings.push_back("the command line has " + word +
                       ": the next kernel takes what lies there for its initrd, whatever is "
                       "loaded; leave the word out with --command-line");
  }
  if (hangs_when_it_leaves(found.machine,
                           found.crash ? compat::Handover::kCrash : compat::Handover::kKexec)) {
    warnings.emplace_back(
        "a virtual machine runs: hyprelay exec will refuse until all are stopped, because this "
        "kernel (4.8 to 4.11) would hang in its shutdown");
  }
  if (may_keep_its_cpus(found.machine)) {
    warnings.emplace_back(
        "the running machine has several CPUs and no PSCI: its kernel refuses the load unless the "
        "platform's own code can take them down; boot it with nr_cpus=1, or by firmware that has "
        "PSCI, if it does");
  }
  warnings.insert(warnings.end(), found.source.warnings.begin(), found.source.warnings.end());
  if (found.crash) {
    std::ranges::move(crash_warnings(planned, initrd), std::back_inserter(warnings));
  }
  return warnings;
}

std::optional<std::string> region_warning(const Planned& planned) {
  if (!planned.found.crash || planned.found.crash->region.size_bytes() >= planned.needed_bytes) {
    return std::nullopt;
  }
  return "the crash kernel may run out of memory: " +
         crashkernel_parameter(planned.recommended_bytes) + " is recommended";
}

std::optional<std::string> vmcore_warning(const Planned& planned) {
  if (!planned.found.crash || planned.found.crash->has_vmcore) {
    return std::nullopt;
  }
  const base::ErrorRow& row = base::row_of(base::Code::CRASH_NO_VMCORE);
  return std::string(row.sentence).append("; ").append(row.remedy);
}

}  // namespace hyprelay::handoff
