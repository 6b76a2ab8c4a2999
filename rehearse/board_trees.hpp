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

// What a bootloader tells a kernel.
struct BootFacts {
  // Of a tree whose root has one cell for addresses and one for sizes.
  base::PhysRange memory;
  base::PhysRange initrd;
  std::string command_line;
};
base::Result<void> fill_in(fdt::Tree& tree, const BootFacts& facts);

}  // namespace hyprelay::rehearse
