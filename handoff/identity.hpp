// SPDX-License-Identifier: BSD-2-Clause
// What firmware writes into every tree that it hands to a kernel, and the file of a tree therefore
// lacks. Pure. Private to handoff.
#pragma once

#include "base/result.hpp"
#include "handoff/source_tree.hpp"

namespace hyprelay::handoff {

// Copies from the running machine's tree what the given one has no value for, with a note for each:
// - the serial number (/serial-number [linux/arch/arm/kernel/setup.c init_machine_late]);
// - mac-address and local-mac-address of an Ethernet port, which is the same one when it has the
//   same alias ethernetN, or else the same path [U-Boot: boot/fdt_support.c fdt_fixup_ethernet;
//   linux/net/core/of_net.c], and local-bd-address of a Bluetooth device of the same path. Zeroes
//   are no address;
// - the console (/chosen/stdout-path), where that leads to a node of the given tree.
// Errors: those of edits.
base::Result<void> add_identity(SourceTree& source, const fdt::Tree& running);

}  // namespace hyprelay::handoff
