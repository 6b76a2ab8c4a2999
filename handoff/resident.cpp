// SPDX-License-Identifier: BSD-2-Clause
#include "handoff/resident.hpp"

#include "compat/text.hpp"
#include "compat/way.hpp"
#include "handoff/evidence.hpp"

#include <algorithm>

namespace hyprelay::handoff {
namespace {

using compat::ChosenBy;
using compat::Dialect;
using compat::DialectSet;
using compat::Evidence;
using compat::Handover;
using compat::KernelBoot;
using compat::Known;
using compat::Release;
using compat::release_of;
using compat::Tri;
using compat::Verdict;
using compat::Way;

// The first releases whose kexec ends at HYP/EL2 [docs/dialects.md sections 4.1 and 4.2], and the
// first of arm64 whose crash kernel is started there.
constexpr Release kArmAtTop = release_of(4, 12);
constexpr Release kArm64AtTop = release_of(4, 8);
constexpr Release kArm64CrashAtTop = release_of(4, 19);
// The first release of 32-bit ARM whose KVM leaves HYP before a kexec; 4.12 has calls that the stub
// does not mistake.
constexpr Release kArmDetaches = release_of(4, 8);

// Of the ways that a load takes by itself (abi/way.def), the first that serves everybody who may be
// there.
const Way* way_through(DialectSet candidates) {
  const auto serving = [candidates](const Way& way) {
    return way.chosen_by == ChosenBy::kEVIDENCE && (candidates - way.serves()).empty();
  };
  const auto way = std::ranges::find_if(compat::ways(), serving);
  return candidates.empty() || way == compat::ways().end() ? nullptr : &*way;
}

bool any_way_through(DialectSet candidates) {
  return std::ranges::any_of(compat::ways(), [candidates](const Way& way) {
    return way.chosen_by == ChosenBy::kEVIDENCE && candidates.contains(way.dialect);
  });
}

std::string names_of(DialectSet set) {
  // More names than these help nobody.
  constexpr unsigned kMost = 8;
  if (set.count() > kMost) {
    return std::to_string(set.count()) + " residents";
  }
  std::string names;
  for (const compat::DialectRow& row : compat::kDialects) {
    if (row.dialect != Dialect::kUNKNOWN && set.contains(row.dialect)) {
      names += (names.empty() ? "" : ", ") + std::string(compat::text_of(row.dialect));
    }
  }
  return names;
}

std::optional<Vectors> vectors_at(const Machine& machine, std::uint64_t address) {
  // Between the start of the code and _stext is the head of the image, whose symbols kallsyms does
  // not list: less than this, of which the linear mapping's offset is a multiple
  // [linux/arch/arm/kernel/vmlinux.lds.S, linux/arch/arm64/kernel/vmlinux.lds.S].
  constexpr std::uint64_t kGrain = 0x200000;
  const HypAddresses& known = machine.hyp.addresses;
  if (address == 0 || known.stext == 0 || known.kernel_code == 0) {
    return std::nullopt;
  }
  const std::uint64_t offset = (known.stext - known.kernel_code) & ~(kGrain - 1);
  const std::uint64_t physical = address - offset;
  const bool arm = machine.arch == Arch::kArm;
  const auto caller = arm ? compat::CallerArch::kARM : compat::CallerArch::kARM64;
  if (!compat::are_vectors(physical, caller) || physical < known.kernel_code ||
      (arm && physical >> 32 != 0)) {
    return std::nullopt;
  }
  return Vectors{physical, address};
}

// Why the evidence is not enough to look for a way at all; empty when it is.
std::string missing_evidence(const Evidence& evidence, const Verdict& verdict) {
  if (evidence.boot == KernelBoot::kUnknown) {
    return "the mode that the running kernel was started in is not known";
  }
  if (verdict.contradiction) {
    return evidence.boot == KernelBoot::kBelow
               ? "what the machine tells of HYP/EL2 contradicts itself"
               : "release and kallsyms of the running kernel contradict each other";
  }
  if (!any_way_through(verdict.candidates)) {
    return "";
  }
  if (evidence.boot == KernelBoot::kBelow) {
    return verdict.dialect != Dialect::kUNKNOWN
               ? ""
               : "the running kernel was started below HYP/EL2, and nothing tells who is there";
  }
  if (evidence.release == 0) {
    return "the release of the running kernel is not known";
  }
  if (evidence.symbol_get == Tri::kUnknown) {
    return "the running kernel's kallsyms could not be read, and its release alone is not enough";
  }
  return "";
}

void take_way(const Machine& machine, const Verdict& verdict, ResidentChoice& choice) {
  const Way* const way = way_through(verdict.candidates);
  if (way == nullptr) {
    choice.dialect = verdict.dialect;
    if (verdict.dialect != Dialect::kNONE) {
      choice.why_not =
          any_way_through(verdict.candidates)
              ? "the evidence leaves " + names_of(verdict.candidates)
              : "no way up through " + names_of(verdict.candidates) + " is known to be safe";
    }
    return;
  }
  choice.dialect = way->dialect;
  if (way->known == Known::kNOTHING) {
    return;
  }
  const auto vectors = way->known == Known::kSTUB ? stub_vectors(machine) : kvm_vectors(machine);
  if (!vectors) {
    choice.why_not = "where the vectors of " + std::string(compat::text_of(way->dialect)) +
                     " lie is not known: kallsyms or /proc/iomem do not tell";
    return;
  }
  choice.vectors = *vectors;
  if (way->known == Known::kSTUB) {
    choice.vectors.virtual_address = 0;  // the stub runs with HYP's MMU off
  }
}

// By the stub's call, if it was started at HYP/EL2.
bool release_leaves_at_top(const Machine& machine, Handover handover) {
  const Release release = compat::parse_release(machine.kernel_release);
  if (machine.arch == Arch::kArm) {
    return release >= kArmAtTop;
  }
  return release >= (handover == Handover::kCrash ? kArm64CrashAtTop : kArm64AtTop);
}

bool kernel_leaves_at_top(const Machine& machine, Handover handover) {
  const Mode top = machine.arch == Arch::kArm ? Mode::kHYP : Mode::kEL2;
  return machine.boot_mode == top && release_leaves_at_top(machine, handover);
}

// A KVM that protects its guests keeps EL2 until reset: a kexec and a crash end at EL1. Whether it
// came to that, the kernel's log tells [linux/Documentation/admin-guide/kernel-parameters.txt,
// kvm-arm.mode; linux/arch/arm64/kvm/hyp/nvhe/hyp-init.S refuses the stub's calls].
bool asks_for_protected_kvm(const Machine& machine) {
  return machine.command_line.find("kvm-arm.mode=protected") != std::string::npos;
}

// Jailhouse needs a kernel that was started at HYP/EL2, whatever is known of that, and one that
// leaves there does so by the stub's call. Of an unknown release nobody knows that it does not.
bool is_parked_by_jailhouse(const Machine& machine, const Evidence& evidence, Handover handover) {
  return evidence.jailhouse == Tri::kYes && evidence.boot != KernelBoot::kBelow &&
         (evidence.release == 0 || release_leaves_at_top(machine, handover));
}

}  // namespace

std::optional<Vectors> stub_vectors(const Machine& machine) {
  return vectors_at(machine, machine.hyp.addresses.stub_vectors);
}

std::optional<Vectors> kvm_vectors(const Machine& machine) {
  return vectors_at(machine, machine.hyp.addresses.kvm_vectors);
}

bool should_leave_at_top(const Machine& machine, Handover handover) {
  return kernel_leaves_at_top(machine, handover) && !asks_for_protected_kvm(machine);
}

Entry entry_of(const Machine& machine, const Evidence& evidence, Handover handover) {
  // A kernel that runs at EL2 itself cannot hand over anywhere else.
  if (evidence.vhe == Tri::kYes) {
    return Entry::kTop;
  }
  if (evidence.pkvm == Tri::kYes) {
    return Entry::kBelow;
  }
  if (kernel_leaves_at_top(machine, handover)) {
    // Or it did not get the protected KVM that was asked for.
    return evidence.pkvm == Tri::kNo || !asks_for_protected_kvm(machine) ? Entry::kTop
                                                                         : Entry::kUnknown;
  }
  const bool unknown = evidence.boot == KernelBoot::kUnknown ||
                       (evidence.boot == KernelBoot::kHyp && evidence.release == 0);
  return unknown ? Entry::kUnknown : Entry::kBelow;
}

bool hangs_when_it_leaves(const Machine& machine, Handover handover) {
  const Release release = compat::parse_release(machine.kernel_release);
  return machine.arch == Arch::kArm && handover == Handover::kKexec && release >= kArmDetaches &&
         release < kArmAtTop && machine.hyp.kvm_descriptors.value_or(0) != 0;
}

base::Result<ResidentChoice> choose_resident(const Machine& machine, Handover handover) {
  HR_TRY(evidence, evidence_of(machine));
  return choose_resident(machine, evidence, handover);
}

base::Result<ResidentChoice> choose_resident(const Machine& machine, Evidence evidence,
                                             Handover handover) {
  ResidentChoice choice;
  choice.dialect = Dialect::kNONE;
  if (is_parked_by_jailhouse(machine, evidence, handover)) {
    return base::Error(base::Code::RESIDENT_PARKS, base::Stage::kPlan, "Jailhouse is enabled");
  }
  choice.entry = entry_of(machine, evidence, handover);
  if (choice.entry == Entry::kTop) {
    return choice;
  }
  choice.dialect = Dialect::kUNKNOWN;
  evidence.handover = handover;
  evidence.level = compat::CallerLevel::kBelow;
  const Verdict verdict = compat::consider(evidence);
  choice.confidence = verdict.confidence;
  choice.reasons = compat::reasons(verdict, evidence);
  choice.why_not = missing_evidence(evidence, verdict);
  if (choice.why_not.empty()) {
    take_way(machine, verdict, choice);
  }
  return choice;
}

std::optional<NamedRange> resident_memory(const Vectors& vectors) {
  // The code that answers a call follows the table: 100 bytes in a stub, some 2 KiB in a KVM of
  // 32-bit ARM.
  constexpr std::uint64_t kCode = 0x1000;
  constexpr std::uint64_t kPage = 0x1000;
  // No physical address has more bits [arm/ddi0487 D8.1, FEAT_LPA].
  constexpr std::uint64_t kNoMemoryHere = std::uint64_t{1} << 52;
  if (vectors.physical == 0 || vectors.physical >= kNoMemoryHere) {
    return std::nullopt;
  }
  const auto code = base::PhysRange::from_size(base::PhysAddr(vectors.physical), kCode);
  return NamedRange{code.value_or(base::PhysRange()).widened_to(kPage),
                    "the resident, until the relay has climbed"};
}

}  // namespace hyprelay::handoff
