// SPDX-License-Identifier: BSD-2-Clause
// Who is above the relay when the running kernel has handed over, and whether a climb through it is
// safe enough to be tried without anybody having named it. Pure: facts in, choice out.
#pragma once

#include "base/result.hpp"
#include "compat/probe.hpp"
#include "handoff/machine.hpp"
#include "handoff/registered.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace hyprelay::handoff {

// Where a table of vectors lies: physically, and in the kernel's linear mapping, where a captive
// KVM of 32-bit ARM has it too.
struct Vectors {
  std::uint64_t physical = 0;
  std::uint64_t virtual_address = 0;

  bool operator==(const Vectors&) const = default;
};

// Of the running kernel: __hyp_stub_vectors and __kvm_hyp_vector. nullopt when kallsyms or
// /proc/iomem do not tell, or what they tell cannot be a table of vectors. docs/climb.md has the
// arithmetic.
std::optional<Vectors> stub_vectors(const Machine& machine);
std::optional<Vectors> kvm_vectors(const Machine& machine);

// Where the relay is entered, as far as the machine's facts tell.
enum class Entry : std::uint8_t { kUnknown, kBelow, kTop };

// What the baton is told about the resident, and why.
struct ResidentChoice {
  // kNONE: the relay is entered at HYP/EL2, or there is nobody. kUNKNOWN: no climb.
  compat::Dialect dialect = compat::Dialect::kUNKNOWN;
  // Zeroes when they are not known, or not needed.
  Vectors vectors;
  compat::Confidence confidence = compat::Confidence::kNone;
  // One sentence each, as compat::reasons() says them; empty when the relay is entered at HYP/EL2.
  std::vector<std::string> reasons;
  // Why no climb will succeed; empty when none is needed, or one will be tried.
  std::string why_not;
  Entry entry = Entry::kUnknown;
  // What whoever is above holds of the running kernel; filled in by find_resident() (wishes.hpp).
  std::optional<Registered> registered = std::nullopt;
};

// True when a kernel of that release that was started at HYP/EL2 hands over there as well: 32-bit
// ARM from 4.12 on, arm64 from 4.8 on, in a crash from 4.19 on; but not an arm64 kernel whose
// command line asks for protected KVM. Who has taken HYP/EL2 since, only the evidence tells.
bool should_leave_at_top(const Machine& machine, compat::Handover handover);

// The same by the evidence. kTop: that release, or a kernel that itself runs at EL2, and no
// protected KVM. kUnknown: mode or release are not known, or protected KVM was asked for and
// nothing tells what became of it.
Entry entry_of(const Machine& machine, const compat::Evidence& evidence, compat::Handover handover);

// True when the kernel's own shutdown hangs because a virtual machine is alive: 32-bit ARM of 4.8
// to 4.11 takes KVM out of HYP before it stops the threads of virtual CPUs, and their next call of
// KVM is to the stub, which takes the address of a function for that of vectors
// [linux/arch/arm/kvm/ arm.c kvm_reboot, linux/arch/arm/kernel/hyp-stub.S]. A crash stops everybody
// first.
bool hangs_when_it_leaves(const Machine& machine, compat::Handover handover);

// A resident is chosen by evidence alone when
//   the kernel was started at HYP/EL2, so that nobody but its own stub or KVM can be there;
//   its release and its kallsyms are both known and agree, two witnesses to the dialect;
//   what is left are residents that one way of docs/climb.md serves, so that its first call harms
//   none of them; and
//   the address that this way compares the answer with is known.
// Errors: TREE_*; RESIDENT_PARKS (Jailhouse is enabled, and that kernel leaves by the stub's call,
// on which Jailhouse stops the CPU for good [jailhouse/hypervisor/arch/arm*/traps.c]).
base::Result<ResidentChoice> choose_resident(const Machine& machine, compat::Handover handover);
// The same with the evidence of that machine, for who has it.
base::Result<ResidentChoice> choose_resident(const Machine& machine, compat::Evidence evidence,
                                             compat::Handover handover);

// The memory that a resident with these vectors answers from: nothing may be loaded over it before
// the relay has climbed. nullopt: where it is, is not known.
std::optional<NamedRange> resident_memory(const Vectors& vectors);

}  // namespace hyprelay::handoff
