// SPDX-License-Identifier: BSD-2-Clause
#include "handoff/registered.hpp"

#include "handoff/evidence.hpp"

namespace hyprelay::handoff {
namespace {

using compat::NamedHypervisor;

// "Xen 4.17 support found" comes before the mode that the kernel was started in, and soon behind it
// in older kernels: a log that has the mode has lost nothing of this.
bool speaks_to_xen(const Machine& machine) {
  return machine.hyp.hypervisor_type == "xen" || logged_xen(machine).has_value() ||
         machine.boot_mode == Mode::kUNKNOWN;
}

}  // namespace

std::optional<Registered> registered_with(const Machine& machine,
                                          const compat::Evidence& evidence) {
  if (evidence.hypervisor == NamedHypervisor::kXen && speaks_to_xen(machine)) {
    return Registered{
        "Xen keeps shared_info, vcpu_info, runstate, event channels and grant frames of this "
        "kernel",
        Outlives::kKexecAndCrash};
  }
  if (evidence.hypervisor == NamedHypervisor::kHyperV && machine.hyp.vmbus.value_or(true)) {
    return Registered{"Hyper-V keeps the SynIC's pages of this kernel, and VMBus connected",
                      Outlives::kKexec};
  }
  return std::nullopt;
}

base::Result<void> check_registered(const std::optional<Registered>& registered,
                                    compat::Handover handover) {
  if (!registered ||
      (registered->outlives == Outlives::kKexec && handover == compat::Handover::kCrash)) {
    return base::success();
  }
  return base::Error(base::Code::RESIDENT_KEEPS, base::Stage::kPlan, registered->what);
}

}  // namespace hyprelay::handoff
