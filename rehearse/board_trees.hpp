// SPDX-License-Identifier: BSD-2-Clause
// What the trees of Debian's kernel packages need before their boards come up in QEMU. Pure.
#pragma once

#include "base/range.hpp"
#include "fdt/tree.hpp"

#include <cstdint>
#include <string>

namespace hyprelay::rehearse {

// The UART's clocks come from firmware for power management, which nothing in QEMU is; without a
// clock its driver never binds, and there is no console.
base::Result<void> give_zcu102_a_clock(fdt::Tree& tree);

// As TF-A is to be asked: by SMC. The tree says what the board's first-stage firmware does, which
// is a spin table. [linux/Documentation/devicetree/bindings/arm/psci.yaml]
base::Result<void> give_pi3_psci(fdt::Tree& tree);

// QEMU's raspi4b is the board without its PCIe, Ethernet, HDMI, random numbers and thermometer
// [qemu/hw/arm/raspi4b.c, raspi4_modify_dtb, and what was seen to abort]: the kernel's drivers for
// them, which are not modules, would access what is not there. Its console is the PL011, which the
// tree gives to Bluetooth: with the small UART in its place a kernel of one CPU does not get past
// an interrupt that QEMU holds for as long as it is enabled.
base::Result<void> fit_raspi4b(fdt::Tree& tree);

// What a bootloader tells a kernel.
struct BootFacts {
  // Below 4 GiB, from 0 on.
  base::PhysRange memory;
  base::PhysRange initrd;
  std::string command_line;
};
base::Result<void> fill_in(fdt::Tree& tree, const BootFacts& facts);

}  // namespace hyprelay::rehearse
