/* SPDX-License-Identifier: BSD-2-Clause */
/* Bits of system registers that are used. Source: [arm/ddi0487 D19.2]. */
#ifndef HR_COMPAT_ARM64_REGISTERS_H
#define HR_COMPAT_ARM64_REGISTERS_H

/* SCTLR_EL2: MMU, alignment check, data and unified caches; instruction cache. */
#define SCTLR_M_A_C 0x7
#define SCTLR_I 0x1000

#endif /* HR_COMPAT_ARM64_REGISTERS_H */
