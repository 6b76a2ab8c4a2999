// SPDX-License-Identifier: BSD-2-Clause
// What a hypervisor holds of the kernel that runs below it, beyond that kernel's end: pages that it
// goes on writing to, and what it gives to nobody twice. Pure: facts in, answer out.
#pragma once

#include "base/result.hpp"
#include "compat/evidence.hpp"
#include "handoff/machine.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace hyprelay::handoff {

// How a handoff ends below it.
enum class Outlives : std::uint8_t {
  // Memory of the old kernel is written to, or the next kernel dies of the refusal.
  kKexecAndCrash,
  // The same, but a crash kernel has memory of its own, and registers anew.
  kKexec,
};

struct Registered {
  // One clause: "Xen keeps shared_info, ...".
  std::string what;
  Outlives outlives = Outlives::kKexecAndCrash;
};

// nullopt: nobody is there who keeps anything, or the running kernel has not spoken to him.
//   Xen: on ARM it has no soft reset, so that shared_info stays mapped (XENMEM_add_to_physmap is
//   refused with EBUSY, and Linux has a BUG there), vcpu_info cannot be registered again, and the
//   runstate area is written at every switch [xen/arch/arm/domain.c, xen/common/domain.c of 4.17;
//   linux/arch/arm/xen/enlighten.c xen_guest_init; seen: tests/boot/guest.cmake].
//   Hyper-V: on arm64 Linux's handlers for kexec are empty, so that the message and event pages of
//   the SynIC stay, and VMBus connected [linux/drivers/hv/hv_common.c hv_setup_kexec_handler;
//   linux/drivers/hv/hv.c]. Without hv_vmbus there is nothing but the guest's id.
//   A KVM, Gunyah, Bao and Xvisor above have nothing of the guest's memory: KVM's stolen time is in
//   a page of the monitor's [linux/Documentation/virt/kvm/arm/pvtime.rst].
// A kernel of which nobody knows whether it speaks to its hypervisor is taken for one that does.
std::optional<Registered> registered_with(const Machine& machine, const compat::Evidence& evidence);

// Error: RESIDENT_KEEPS.
base::Result<void> check_registered(const std::optional<Registered>& registered,
                                    compat::Handover handover);

}  // namespace hyprelay::handoff
