// SPDX-License-Identifier: BSD-2-Clause
#include "handoff/evidence.hpp"

#include "acpi/facts.hpp"
#include "compat/text.hpp"
#include "fdt/facts.hpp"
#include "fdt/tree.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hyprelay::handoff {
namespace {

using compat::CallerLevel;
using compat::Evidence;
using compat::KernelBoot;
using compat::KvmState;
using compat::NamedHypervisor;
using compat::PsciMethod;
using compat::Tri;

constexpr Tri tri(bool known) {
  return known ? Tri::kYes : Tri::kNo;
}

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

bool has(const std::vector<std::string>& names, std::string_view name) {
  return std::ranges::find(names, name) != names.end();
}

bool is_running_at_el2(const Machine& machine) {
  // [linux/arch/arm64/kernel/cpufeature.c]: the capability of that name is found exactly when the
  // kernel itself runs at EL2.
  return std::ranges::any_of(machine.hyp.log, [](const std::string& line) {
    return line.starts_with("CPU features: detected") &&
           contains(line, "Virtualization Host Extensions");
  });
}

// [linux/arch/arm64/kvm/arm.c, linux/arch/arm/kvm/arm.c]: "Hyp mode", later "Hyp nVHE mode",
// "Protected nVHE mode", "VHE mode", later "VHE+NV2 mode". "hVHE" is an nVHE whose hypervisor uses
// the registers of VHE: the kernel is at EL1.
void take_kvm_log(const Machine& machine, Evidence& e) {
  for (const std::string& line : machine.hyp.log) {
    if (!line.starts_with("kvm [")) {
      continue;
    }
    if (contains(line, "HYP mode not available")) {
      e.kvm = KvmState::kAbsent;
    }
    if (contains(line, "mode initialized successfully")) {
      const bool protects = contains(line, "Protected");
      const bool vhe = contains(line, "VHE") && !contains(line, "nVHE") && !contains(line, "hVHE");
      e.kvm = KvmState::kInitialised;
      e.pkvm = tri(protects);
      e.vhe = tri(vhe);
    }
  }
}

void take_kvm(const Machine& machine, Evidence& e) {
  take_kvm_log(machine, e);
  const HypFacts& hyp = machine.hyp;
  if (e.kvm == KvmState::kUnknown && hyp.kvm_device) {
    e.kvm = *hyp.kvm_device ? KvmState::kInitialised : KvmState::kAbsent;
  }
  if (e.kvm == KvmState::kInitialised && hyp.kvm_descriptors) {
    if (*hyp.kvm_descriptors != 0) {
      e.kvm = KvmState::kAlive;
    } else {
      e.kvm = KvmState::kIdle;
    }
  }
}

void take_boot(const Machine& machine, Evidence& e) {
  switch (machine.boot_mode) {
    case Mode::kHYP:
    case Mode::kEL2:
      e.boot = KernelBoot::kHyp;
      e.virtualization = Tri::kYes;
      break;
    case Mode::kSVC:
    case Mode::kEL1:
      e.boot = KernelBoot::kBelow;
      break;
    default:
      break;
  }
  if (is_running_at_el2(machine)) {
    e.vhe = Tri::kYes;
  }
}

void take_level(const Machine& machine, Evidence& e) {
  if (machine.arch == Arch::kArm || e.boot == KernelBoot::kBelow || e.vhe == Tri::kNo) {
    // A 32-bit Linux leaves HYP on its way in, whatever it was booted in.
    e.level = CallerLevel::kBelow;
    e.vhe = machine.arch == Arch::kArm ? Tri::kUnknown : Tri::kNo;
  } else if (e.vhe == Tri::kYes) {
    e.level = CallerLevel::kHyp;
  }
}

// MIDR implementer and part of the ARMv7-A CPUs that never have the virtualization extension:
// Cortex-A5, A8, A9 [arm/ddi0433, arm/ddi0344, arm/ddi0388: Main ID Register]. That others have it
// is not to be concluded: firmware and hypervisors hide it.
bool never_has_hyp(std::uint32_t cpu_id) {
  const std::uint32_t part = arm_part(cpu_id);
  return part == 0xc05 || part == 0xc08 || part == 0xc09;
}

void take_cpus(const Machine& machine, Evidence& e) {
  const auto& ids = machine.hyp.cpu_ids;
  if (e.virtualization == Tri::kUnknown && !ids.empty() &&
      std::ranges::all_of(ids, never_has_hyp)) {
    e.virtualization = Tri::kNo;
  }
}

// Where Gunyah is the machine's own hypervisor, its host has no /hypervisor node, but memory that
// is not to be touched [linux/arch/arm64/boot/dts/qcom/hamoa.dtsi, gunyah-hyp@80000000]. A kernel
// that was started at EL2 there has taken Gunyah's place, and kept the reservation.
bool reserves_for_gunyah(const fdt::Tree& tree) {
  return std::ranges::any_of(tree.children("/reserved-memory"), [](const std::string& path) {
    return path.starts_with("/reserved-memory/gunyah-hyp");
  });
}

PsciMethod method_of(base::Conduit conduit) {
  switch (conduit) {
    case base::Conduit::kNone:
      return PsciMethod::kNone;
    case base::Conduit::kSmc:
      return PsciMethod::kSmc;
    case base::Conduit::kHvc:
      return PsciMethod::kHvc;
  }
  __builtin_unreachable();
}

// nullptr: the machine has none, or only root may read it.
const std::vector<std::byte>* fixed_table(const Machine& machine) {
  const auto fixed = machine.acpi.find(acpi::kFixed);
  return fixed != machine.acpi.end() && fixed->second ? &*fixed->second : nullptr;
}

// Where the kernel runs by ACPI, its tree is a stub of the boot stage's and says nothing of PSCI.
void take_acpi(const Machine& machine, Evidence& e) {
  if (!machine.acpi.contains(acpi::kFixed) || e.psci == PsciMethod::kSmc ||
      e.psci == PsciMethod::kHvc) {
    return;
  }
  const auto* const fixed = fixed_table(machine);
  const auto conduit = fixed != nullptr ? acpi::psci_conduit(*fixed) : base::Conduit::kNone;
  e.psci = fixed != nullptr && conduit ? method_of(conduit.value()) : PsciMethod::kUnknown;
}

base::Result<void> take_tree(const Machine& machine, Evidence& e) {
  if (machine.device_tree.empty()) {
    return base::success();
  }
  HR_TRY(tree, fdt::Tree::from_bytes(machine.device_tree, machine.device_tree_source));
  HR_TRY(conduit, fdt::psci_conduit(tree));
  e.psci = method_of(conduit);
  if (!tree.has_node("/hypervisor")) {
    e.hypervisor = e.boot == KernelBoot::kBelow && reserves_for_gunyah(tree)
                       ? NamedHypervisor::kGunyah
                       : NamedHypervisor::kNone;
    return base::success();
  }
  const auto compatible = tree.property("/hypervisor", "compatible");
  std::string_view names = compatible ? base::text_of(*compatible) : std::string_view();
  while (!names.empty()) {
    const std::string_view name = names.substr(0, names.find('\0'));
    compat::take_hypervisor_name(name, e);
    names.remove_prefix(std::min(names.size(), name.size() + 1));
  }
  return base::success();
}

// By the table where it is there; else what a file of another version saved of it.
std::string acpi_hypervisor(const Machine& machine) {
  const auto* const fixed = fixed_table(machine);
  const auto name = fixed != nullptr ? acpi::hypervisor(*fixed) : machine.hyp.acpi_hypervisor;
  return name ? name.value() : "";
}

void take_xen(std::string_view release, Evidence& e) {
  compat::take_hypervisor_name(std::string("xen,xen-").append(release), e);
}

// A kernel that has asked for the vendor's UID says whose it was: a KVM from 5.12 on
// [linux/drivers/firmware/smccc/kvm_guest.c], Hyper-V [linux/arch/arm64/hyperv/mshyperv.c]. What
// only quotes such a line does not begin with it.
void take_logged_name(const Machine& machine, Evidence& e) {
  if (e.boot == KernelBoot::kHyp) {
    return;
  }
  for (const std::string& line : machine.hyp.log) {
    if (line.starts_with("smccc: KVM: hypervisor services detected")) {
      e.hypervisor = NamedHypervisor::kKvm;
    } else if (line.starts_with("Hyper-V: privilege flags")) {
      e.hypervisor = NamedHypervisor::kHyperV;
    }
  }
  if (const auto release = logged_xen(machine)) {
    take_xen(*release, e);
  }
}

// Where there is ACPI the tree is a stub of the boot stage's, so what these say comes after it.
void take_other_names(const Machine& machine, Evidence& e) {
  const std::string acpi = acpi_hypervisor(machine);
  if (machine.hyp.hypervisor_type == "xen" || acpi.starts_with("XenVMM")) {
    e.hypervisor = NamedHypervisor::kXen;
    const auto release = e.hypervisor_release == 0 ? logged_xen(machine) : std::nullopt;
    if (release) {
      take_xen(*release, e);
    }
  } else if (acpi.starts_with("MsHyperV")) {
    e.hypervisor = NamedHypervisor::kHyperV;
  } else if (e.hypervisor == NamedHypervisor::kNone || e.hypervisor == NamedHypervisor::kUnknown) {
    take_logged_name(machine, e);
  }
}

void take_symbols(const Machine& machine, Evidence& e) {
  // A list in which no wrapper of any era is was cut short, or is of a kernel built without stub.
  if (!machine.hyp.symbols || machine.hyp.symbols->empty()) {
    return;
  }
  const auto& symbols = *machine.hyp.symbols;
  e.symbol_get = tri(has(symbols, "__hyp_get_vectors"));
  e.symbol_reset = tri(has(symbols, "__hyp_reset_vectors"));
  e.symbol_kvm = tri(has(symbols, "__kvm_hyp_vector"));
}

// The tables that are there and hidden: "FACP, APIC".
std::string hidden_tables(const Machine& machine) {
  std::string names;
  for (const auto& [name, bytes] : machine.acpi) {
    if (!bytes) {
      names.append(names.empty() ? "" : ", ").append(name);
    }
  }
  return names;
}

}  // namespace

std::optional<std::string_view> logged_xen(const Machine& machine) {
  constexpr std::string_view kBefore = "Xen ";
  constexpr std::string_view kBehind = " support found";
  for (const std::string& line : machine.hyp.log) {
    std::string_view rest = line;
    if (!rest.starts_with(kBefore)) {
      continue;
    }
    rest.remove_prefix(kBefore.size());
    const std::string_view release = rest.substr(0, rest.find(' '));
    if (rest.substr(release.size()).starts_with(kBehind)) {
      return release;
    }
  }
  return std::nullopt;
}

std::vector<std::string> left_out(const Machine& machine) {
  std::vector<std::string> sources;
  if (machine.hyp.log.empty() && machine.boot_mode == Mode::kUNKNOWN) {
    sources.emplace_back(
        "the kernel's log, which has lost its beginning, or is not for everybody to read");
  }
  if (machine.device_tree.empty() && !machine.acpi.empty()) {
    sources.emplace_back("the device tree: /sys/firmware/fdt is for root to read");
  }
  if (const std::string names = hidden_tables(machine); !names.empty()) {
    sources.push_back("ACPI's " + names + ": /sys/firmware/acpi/tables is for root to read");
  }
  if (machine.hyp.kvm_device == true && !machine.hyp.kvm_descriptors) {
    sources.emplace_back("virtual machines: the files that processes hold are for root to see");
  }
  return sources;
}

base::Result<compat::Evidence> evidence_of(const Machine& machine) {
  Evidence e;
  e.arch = machine.arch == Arch::kArm ? compat::CallerArch::kARM : compat::CallerArch::kARM64;
  e.release = compat::parse_release(machine.kernel_release);
  if (compat::is_marked_private(machine.kernel_release)) {
    e.private_tree = Tri::kYes;
  }
  take_boot(machine, e);
  take_kvm(machine, e);
  take_level(machine, e);
  take_cpus(machine, e);
  HR_TRYV(take_tree(machine, e));
  take_acpi(machine, e);
  take_other_names(machine, e);
  take_symbols(machine, e);
  if (machine.hyp.jailhouse) {
    e.jailhouse = tri(*machine.hyp.jailhouse);
  }
  return e;
}

}  // namespace hyprelay::handoff
