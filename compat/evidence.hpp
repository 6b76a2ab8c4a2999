// SPDX-License-Identifier: BSD-2-Clause
// What is known about HYP/EL2 without having asked it. Plain data; every field may be unknown, and
// its first enumerator says so. Environment: everywhere, also freestanding.
#pragma once

#include "compat/collision.hpp"
#include "compat/dialect.hpp"

#include <cstdint>
#include <string_view>

namespace hyprelay::compat {

enum class Tri : std::uint8_t { kUnknown, kNo, kYes };

// The level that would make the call: the kernel's for a program in user space.
enum class CallerLevel : std::uint8_t { kUnknown, kBelow, kHyp };

// The method of the tree's /psci node, or of ACPI's FADT; kSmc says nothing about HYP.
enum class PsciMethod : std::uint8_t { kUnknown, kNone, kSmc, kHvc };

// Who the tree's /hypervisor node, or the FADT's hypervisor identity, names. kNone: the tree was
// read and has no such node.
enum class NamedHypervisor : std::uint8_t { kUnknown, kNone, kXen, kHyperV, kGunyah, kKvm };

// The mode that the kernel in question said it was started in. kernel in question: the one that
// runs, or that ran before the handover.
enum class KernelBoot : std::uint8_t { kUnknown, kBelow, kHyp };

// KVM in that kernel. kAbsent: not built, or its log says that it did not initialise.
enum class KvmState : std::uint8_t { kUnknown, kAbsent, kInitialised, kIdle, kAlive };

// What happened to that kernel since: a kexec runs its reboot notifiers, a crash does not.
enum class Handover : std::uint8_t { kRunning, kKexec, kCrash };

struct Evidence {
  CallerArch arch = CallerArch::kARM;
  CallerLevel level = CallerLevel::kUnknown;
  // ID_PFR1[15:12], ID_AA64PFR0_EL1[11:8].
  Tri virtualization = Tri::kUnknown;
  PsciMethod psci = PsciMethod::kUnknown;
  NamedHypervisor hypervisor = NamedHypervisor::kUnknown;
  // Of the hypervisor: "xen,xen-4.17" is 4017. 0: unknown.
  Release hypervisor_release = 0;
  // /sys/devices/jailhouse/enabled; kNo also when there is no such file.
  Tri jailhouse = Tri::kUnknown;

  KernelBoot boot = KernelBoot::kUnknown;
  // 0: unknown.
  Release release = 0;
  // The kernel is, or is not, from a tree with calls of its own (HVC immediates, the proposal of
  // January 2017). Unknown: not, as long as the release is known.
  Tri private_tree = Tri::kUnknown;
  KvmState kvm = KvmState::kUnknown;
  // The kernel itself runs at EL2.
  Tri vhe = Tri::kUnknown;
  Tri pkvm = Tri::kUnknown;
  Handover handover = Handover::kRunning;
  // In its kallsyms: __hyp_get_vectors, __hyp_reset_vectors, __kvm_hyp_vector.
  Tri symbol_get = Tri::kUnknown;
  Tri symbol_reset = Tri::kUnknown;
  Tri symbol_kvm = Tri::kUnknown;

  // What somebody who should know says: --resident, or the loader through the baton. It replaces
  // all evidence about kernels and hypervisors; what the CPU itself shows still counts.
  Dialect declared = Dialect::kUNKNOWN;
  // The declaration may be wrong about KVM's state: its siblings (probe.hpp) count as well.
  bool declared_loosely = false;

  // The caller survives an Undefined Instruction exception.
  bool undef_handler = false;
  AddressFacts addresses;
};

// "6.1.0-50-armmp" -> 6001. 0 when it does not begin with two numbers.
Release parse_release(std::string_view text);

// What one string of the compatible property of /hypervisor says, if anything: "xen,xen-4.17"
// [linux/Documentation/devicetree/bindings/arm/xen.txt] and the bindings of the others.
void take_hypervisor_name(std::string_view compatible, Evidence& evidence);

}  // namespace hyprelay::compat
