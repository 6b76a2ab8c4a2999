// SPDX-License-Identifier: BSD-2-Clause
// What reads a device tree before the kernel does.
#pragma once

#include "base/range.hpp"

#include <vector>

namespace hyprelay::fdt {

class Tree;

// Memory as the decompressor of a zImage finds it, which is not what Linux makes of the same tree:
// every node whose device_type is "memory", however deep and whatever its status, and all in the
// cells of the root [linux/arch/arm/boot/compressed/fdt_check_mem_start.c]. In the tree's order,
// without empty ranges; what does not fit 64 bits is left out.
std::vector<base::PhysRange> early_memory(const Tree& tree);

}  // namespace hyprelay::fdt
