// SPDX-License-Identifier: BSD-2-Clause
// What the EFI stub of a kernel leaves in the device tree that it hands to the kernel proper.
#pragma once

#include "base/range.hpp"

#include <optional>
#include <string>
#include <vector>

namespace hyprelay::fdt {

class Tree;

// Names of the properties of /chosen that the stub wrote: those that begin with "linux,uefi-"
// [linux/Documentation/arm/uefi.rst].
std::vector<std::string> efi_properties(const Tree& tree);

// Whether Linux takes its memory from the firmware's map and throws /memory away: only when it
// finds system table, address, size, size of a descriptor and version of the map; with one missing
// it boots as if there were no EFI [linux/drivers/firmware/efi/fdtparams.c efi_get_fdt_params,
// efi-init.c reserve_regions]. What the values are worth cannot be told from the tree.
bool has_efi_map(const Tree& tree);

// The pages in which that map lies, of 64 bits and a size of 32 [linux/Documentation/arm/uefi.rst].
// nullopt: there is none, or what is said of it is no memory.
std::optional<base::PhysRange> efi_map(const Tree& tree);

// Nothing but /chosen, and /hypervisor where Xen is: the stub made it because there was none, and
// Linux on arm64 asks ACPI what the machine is [linux/arch/arm64/kernel/acpi.c dt_is_stub]. One
// node more, and it does not.
bool is_stub(const Tree& tree);

}  // namespace hyprelay::fdt
