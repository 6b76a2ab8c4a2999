// SPDX-License-Identifier: BSD-2-Clause
#include "tests/unit/compat/worlds.hpp"

namespace hyprelay::compat::testing {
namespace {

constexpr std::uint32_t kReleases[] = {3007, 3008, 3009, 3010, 3011, 3013, 3014, 4000, 4004, 4006,
                                       4007, 4008, 4009, 4011, 4012, 4014, 4019, 5006, 5007, 5009,
                                       5010, 5011, 5012, 5015, 5016, 6001, 6006, 6012};

// The resident that a Linux of this release leaves below HYP/EL2, by the history of its source.
Dialect stub_of(CallerArch arch, Release release) {
  if (arch == CallerArch::kARM) {
    return release <= 4011   ? Dialect::kARM_STUB_3_7
           : release <= 5006 ? Dialect::kARM_STUB_4_12
                             : Dialect::kARM_STUB_5_7;
  }
  return release <= 4006   ? Dialect::kARM64_STUB_3_8
         : release == 4007 ? Dialect::kARM64_STUB_4_7
         : release <= 4011 ? Dialect::kARM64_STUB_4_8
         : release <= 5011 ? Dialect::kARM64_STUB_4_12
                           : Dialect::kARM64_STUB_5_12;
}

Dialect kvm_of(CallerArch arch, Release release) {
  if (arch == CallerArch::kARM) {
    return release <= 3013   ? Dialect::kARM_KVM_3_9
           : release <= 4007 ? Dialect::kARM_KVM_3_14
           : release <= 4011 ? Dialect::kARM_KVM_4_8
                             : Dialect::kARM_KVM_4_12;
  }
  return release <= 3013   ? Dialect::kARM64_KVM_3_11
         : release <= 4006 ? Dialect::kARM64_KVM_3_14
         : release <= 4011 ? Dialect::kARM64_KVM_4_7
         : release <= 5009 ? Dialect::kARM64_KVM_4_12
                           : Dialect::kARM64_KVM_5_10;
}

Evidence linux_facts(CallerArch arch, Release release, KvmState kvm, Handover handover) {
  Evidence e;
  e.arch = arch;
  e.level = CallerLevel::kBelow;
  e.virtualization = Tri::kYes;
  e.psci = PsciMethod::kSmc;
  e.hypervisor = NamedHypervisor::kNone;
  e.jailhouse = Tri::kNo;
  e.boot = KernelBoot::kHyp;
  e.release = release;
  e.private_tree = Tri::kNo;
  e.kvm = kvm;
  e.vhe = Tri::kNo;
  e.pkvm = Tri::kNo;
  e.handover = handover;
  e.symbol_get = release <= 4011 ? Tri::kYes : Tri::kNo;
  e.symbol_reset =
      release >= 4012 && (arch == CallerArch::kARM64 || release <= 5006) ? Tri::kYes : Tri::kNo;
  e.symbol_kvm = kvm == KvmState::kAbsent ? Tri::kNo : Tri::kYes;
  return e;
}

void add_linux(std::vector<World>& worlds, CallerArch arch, Release release) {
  const bool arm = arch == CallerArch::kARM;
  const bool has_kvm = arm ? release >= 3009 && release <= 5006 : release >= 3011;
  for (const Handover handover : {Handover::kRunning, Handover::kKexec, Handover::kCrash}) {
    const auto add = [&](KvmState kvm, bool resident) {
      const Dialect truth = resident ? kvm_of(arch, release) : stub_of(arch, release);
      worlds.push_back({truth, linux_facts(arch, release, kvm, handover)});
      // The same as user space sees it that cannot tell whether a virtual machine exists.
      if (kvm != KvmState::kAbsent) {
        worlds.push_back({truth, linux_facts(arch, release, KvmState::kInitialised, handover)});
      }
    };
    add(KvmState::kAbsent, false);
    if (has_kvm) {
      const bool for_ever = release <= 4007;
      add(KvmState::kIdle, for_ever);
      if (release >= 6012) {
        // Taken when KVM is initialised, unless kvm.enable_virt_at_load says no.
        add(KvmState::kIdle, handover != Handover::kKexec);
      }
      add(KvmState::kAlive, for_ever || handover != Handover::kKexec);
    }
  }
}

// A running kernel at EL2, the relay that it started there, protected KVM, Jailhouse above a
// kernel.
void add_later(std::vector<World>& worlds, CallerArch arch, Release release) {
  Evidence e = linux_facts(arch, release, KvmState::kAbsent, Handover::kRunning);
  e.jailhouse = Tri::kYes;
  worlds.push_back({Dialect::kJAILHOUSE, e});
  if (release >= 4012) {
    Evidence relay = linux_facts(arch, release, KvmState::kAbsent, Handover::kKexec);
    relay.level = CallerLevel::kHyp;
    worlds.push_back({Dialect::kNONE, relay});
  }
  if (arch == CallerArch::kARM64 && release >= 4006) {
    Evidence vhe = linux_facts(arch, release, KvmState::kIdle, Handover::kRunning);
    vhe.level = CallerLevel::kHyp;
    vhe.vhe = Tri::kYes;
    worlds.push_back({Dialect::kARM64_VHE, vhe});
    vhe.handover = Handover::kCrash;
    worlds.push_back({Dialect::kNONE, vhe});
  }
  if (arch == CallerArch::kARM64 && release >= 5016) {
    for (const KvmState kvm : {KvmState::kIdle, KvmState::kInitialised, KvmState::kAlive}) {
      Evidence protected_kvm = linux_facts(arch, release, kvm, Handover::kCrash);
      protected_kvm.pkvm = Tri::kYes;
      worlds.push_back({Dialect::kARM64_PKVM_5_16, protected_kvm});
    }
  }
}

void add_private(std::vector<World>& worlds) {
  const auto add = [&worlds](Dialect truth, CallerArch arch, Release release) {
    for (const KvmState kvm : {KvmState::kAbsent, KvmState::kInitialised}) {
      Evidence e = linux_facts(arch, release, kvm, Handover::kKexec);
      e.private_tree = Tri::kYes;
      worlds.push_back({truth, e});
    }
  };
  add(Dialect::kARM_RMK_2017, CallerArch::kARM, 4011);
  add(Dialect::kARM64_LEVAND_EARLY, CallerArch::kARM64, 3018);
  add(Dialect::kARM64_LEVAND_V15, CallerArch::kARM64, 3019);
}

// Somebody that the kernel, started below HYP/EL2, did not bring.
void add_above(std::vector<World>& worlds, Dialect truth, CallerArch arch, PsciMethod psci,
               NamedHypervisor hypervisor, Release hypervisor_release, Tri virtualization) {
  for (const Release release : {3010u, 4004u, 4014u, 6001u}) {
    Evidence e = linux_facts(arch, release, KvmState::kAbsent, Handover::kRunning);
    e.boot = KernelBoot::kBelow;
    e.psci = psci;
    e.hypervisor = hypervisor;
    e.hypervisor_release = hypervisor_release;
    e.virtualization = virtualization;
    if (truth == Dialect::kJAILHOUSE) {
      e.jailhouse = Tri::kYes;
    }
    worlds.push_back({truth, e});
  }
}

void add_foreign(std::vector<World>& worlds, CallerArch arch) {
  using enum PsciMethod;
  using enum Dialect;
  const bool arm = arch == CallerArch::kARM;
  const auto nobody = NamedHypervisor::kNone;
  const auto add = [&](Dialect truth, PsciMethod psci, NamedHypervisor named, Release release,
                       Tri virtualization) {
    add_above(worlds, truth, arch, psci, named, release, virtualization);
  };
  for (const Release xen : {4004u, 4009u}) {
    add(kXEN_4_9, PsciMethod::kHvc, NamedHypervisor::kXen, xen, Tri::kNo);
  }
  add(kXEN_4_10, PsciMethod::kHvc, NamedHypervisor::kXen, 4017, Tri::kNo);
  // Started by Xen itself, without "xen,enhanced" (boot.guest.arm64.xen_dom0less).
  add(kXEN_4_10, PsciMethod::kHvc, nobody, 0, Tri::kNo);
  for (const Dialect guest : {kSMCCC_SERVER, kSMCCC_UNDEF}) {
    add(guest, PsciMethod::kHvc, nobody, 0, Tri::kNo);
    add(guest, PsciMethod::kHvc, NamedHypervisor::kKvm, 0, Tri::kNo);
  }
  add(kQEMU_PSCI, PsciMethod::kHvc, nobody, 0, Tri::kNo);
  for (const Dialect guest : {kOKL4, kSEL4}) {
    add(guest, PsciMethod::kNone, nobody, 0, Tri::kYes);
  }
  // Nobody: firmware that left HYP/EL2 closed or empty, firmware with a service, FreeBSD, ours.
  add(kNONE, PsciMethod::kSmc, nobody, 0, Tri::kNo);
  add(kNONE, PsciMethod::kSmc, nobody, 0, Tri::kYes);
  add(kEMPTY, PsciMethod::kSmc, nobody, 0, Tri::kYes);
  add(kCOMMON, PsciMethod::kSmc, nobody, 0, Tri::kYes);
  add(kQHYPSTUB, PsciMethod::kSmc, nobody, 0, Tri::kYes);
  if (arm) {
    add(kXEN_2012, PsciMethod::kNone, NamedHypervisor::kXen, 0, Tri::kYes);
    add(kBAREBOX, PsciMethod::kSmc, nobody, 0, Tri::kYes);
    // An older kernel's remains, below a kernel that it started in SVC.
    for (const Dialect old : {kARM_STUB_3_7, kARM_KVM_3_9, kARM_KVM_3_14, kARM_KVM_4_8}) {
      add(old, PsciMethod::kSmc, nobody, 0, Tri::kYes);
    }
  } else {
    add(kHYPERV, PsciMethod::kHvc, NamedHypervisor::kHyperV, 0, Tri::kNo);
    add(kGUNYAH, PsciMethod::kHvc, NamedHypervisor::kGunyah, 0, Tri::kNo);
    add(kHAFNIUM, PsciMethod::kHvc, nobody, 0, Tri::kNo);
    add(kUBOOT_ARM64, PsciMethod::kSmc, nobody, 0, Tri::kYes);
    add(kARM64_FREEBSD, PsciMethod::kSmc, nobody, 0, Tri::kYes);
    // Crash kernels of 4.12 to 4.18 are started at EL1.
    add(kARM64_STUB_4_12, PsciMethod::kSmc, nobody, 0, Tri::kYes);
    add(kARM64_KVM_4_12, PsciMethod::kSmc, nobody, 0, Tri::kYes);
  }
}

}  // namespace

std::vector<World> all_worlds() {
  std::vector<World> worlds;
  for (const CallerArch arch : {CallerArch::kARM, CallerArch::kARM64}) {
    for (const Release release : kReleases) {
      if (arch == CallerArch::kARM || release >= 3008) {
        add_linux(worlds, arch, release);
        add_later(worlds, arch, release);
      }
    }
    add_foreign(worlds, arch);
  }
  add_private(worlds);
  return worlds;
}

Evidence masked(const Evidence& facts, unsigned known) {
  Evidence e = facts;
  const Evidence blank;
  const auto knows = [known](unsigned bit) { return (known >> bit & 1) != 0; };
  e.level = knows(0) ? e.level : blank.level;
  e.virtualization = knows(1) ? e.virtualization : blank.virtualization;
  e.psci = knows(2) ? e.psci : blank.psci;
  e.hypervisor = knows(3) ? e.hypervisor : blank.hypervisor;
  e.hypervisor_release = knows(3) && knows(1) ? e.hypervisor_release : 0;
  e.jailhouse = knows(4) ? e.jailhouse : blank.jailhouse;
  e.boot = knows(5) ? e.boot : blank.boot;
  e.release = knows(6) ? e.release : 0;
  // A private tree says so, or its release is not taken for mainline's.
  e.private_tree =
      knows(7) || (knows(6) && e.private_tree == Tri::kYes) ? e.private_tree : blank.private_tree;
  e.kvm = knows(8) ? e.kvm : blank.kvm;
  e.vhe = knows(9) ? e.vhe : blank.vhe;
  e.pkvm = knows(9) ? e.pkvm : blank.pkvm;
  if (!knows(10)) {
    e.symbol_get = e.symbol_reset = e.symbol_kvm = Tri::kUnknown;
  }
  return e;
}

}  // namespace hyprelay::compat::testing
