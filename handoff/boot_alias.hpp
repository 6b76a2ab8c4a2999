// SPDX-License-Identifier: BSD-2-Clause
// Machines whose memory has a second, lower address, at which kernels start: TI's Keystone 2. Linux
// calls it a boot alias in /proc/iomem, and what kexec_load takes are addresses in it
// [linux/kernel/kexec_core.c phys_to_boot_phys, Linux 43546d8669d6]. The next kernel is loaded,
// entered and unpacked by the alias; its tree names memory by the other address, to which it
// changes when it has read that [linux/arch/arm/mach-keystone/keystone.c keystone_pv_fixup].
// Private to handoff.
#pragma once

#include "base/range.hpp"
#include "base/result.hpp"
#include "handoff/machine.hpp"
#include "handoff/plan.hpp"

#include <cstdint>

namespace hyprelay::handoff {

// By how many bytes memory lies above its boot alias, one number for all of it
// [linux/arch/arm/include/asm/memory.h phys_to_idmap]; 0: there is no alias. MACHINE_MALFORMED
// (stage machine): an alias of no memory.
base::Result<std::uint64_t> boot_distance(const Machine& machine);

// The same machine by its boot addresses; unchanged where there is no alias. Memory without one is
// there as driver_ram: it is dumped if it can be, and nothing is put there.
base::Result<Machine> at_boot_addresses(const Machine& machine);

// A request for such a machine. What the decompressor reads of the tree stays as it stands there;
// needed_by_relay are boot addresses already. MACHINE_MALFORMED: the tree has no memory that has an
// alias.
base::Result<PlanRequest> at_boot_addresses(const PlanRequest& request, std::uint64_t distance);

}  // namespace hyprelay::handoff
