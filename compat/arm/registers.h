/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * CP15 registers and operations by name, as the operands of mrc and mcr, and the bits that are
 * used. Encodings: [arm/ddi0406c B3.17].
 */
#ifndef HR_COMPAT_ARM_REGISTERS_H
#define HR_COMPAT_ARM_REGISTERS_H

#define HSCTLR(rt) p15, 4, rt, c1, c0, 0
#define HDFAR(rt) p15, 4, rt, c6, c0, 0
#define TLBIALLH(rt) p15, 4, rt, c8, c7, 0
#define HVBAR(rt) p15, 4, rt, c12, c0, 0
#define HTPIDR(rt) p15, 4, rt, c13, c0, 2

/* MMU, alignment check, data and unified caches; instruction cache. */
#define HSCTLR_M_A_C 0x7
#define HSCTLR_I 0x1000

#endif /* HR_COMPAT_ARM_REGISTERS_H */
