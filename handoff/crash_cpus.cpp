// SPDX-License-Identifier: BSD-2-Clause
#include "handoff/crash_cpus.hpp"

#include "fdt/facts.hpp"
#include "handoff/platform_facts.hpp"

#include <algorithm>

namespace hyprelay::handoff {

std::uint32_t most_crash_cpus(const Machine& machine) {
  return machine.arch == Arch::kArm ? 1 : std::clamp(machine.cpus, 1u, kMostCrashCpus);
}

std::uint32_t startable_crash_cpus(const Machine& machine, const fdt::Tree& tree) {
  const std::uint32_t most = most_crash_cpus(machine);
  if (most == 1) {
    return most;
  }
  const auto cpus = fdt::cpus(tree);
  const auto by_other_means = [](const fdt::Cpu& cpu) { return cpu.enable_method != "psci"; };
  if (!cpus || std::ranges::any_of(cpus.value(), by_other_means)) {
    return 1;
  }
  // A tree that EFI firmware has left to ACPI has none.
  const auto platform = platform_facts(tree, machine);
  return platform && platform.value().psci != base::Conduit::kNone ? most : 1;
}

std::uint32_t crash_cpus_in(std::uint64_t region_bytes, std::uint64_t needed_bytes,
                            std::uint32_t most) {
  const std::uint64_t left = region_bytes - std::min(region_bytes, needed_bytes);
  return 1 + static_cast<std::uint32_t>(std::min<std::uint64_t>(left / kCrashCpuBytes, most - 1));
}

std::string few_cpus_note(std::uint32_t cpus, std::uint32_t most, const std::string& parameter) {
  return "the crash kernel starts " + std::to_string(cpus) + " of " + std::to_string(most) +
         " CPUs: " + parameter + " has memory for all of them, which compress the dump";
}

}  // namespace hyprelay::handoff
