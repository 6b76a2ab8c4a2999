// SPDX-License-Identifier: BSD-2-Clause
// MMU and caches on, at HYP/EL2 as a bootloader has them, or at SVC/EL1 as a kernel has them.
#pragma once

#ifdef __arm__
#include "tests/target/stub/arm/arch.hpp"
#else
#include "tests/target/stub/arm64/arch.hpp"
#endif

namespace hyprelay::target {

// What is at an address p of RAM is at p + kAlias as well.
constexpr Word kAlias = 0x40000000;

// M, C and I of HSCTLR / SCTLR_EL2 with all below 2 GiB mapped where it is: U-Boot's 0x1005.
void hyp_mmu_on();

// What SVC/EL1 needs to set M, C and I of its SCTLR for the same; at HYP/EL2.
void prepare_pl1_mmu();

}  // namespace hyprelay::target
