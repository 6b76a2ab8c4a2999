/* SPDX-License-Identifier: BSD-2-Clause */
/* Where things lie, for the programs, their linker script, and the tests that start them. */
#ifndef TESTS_TARGET_RESIDENTS_LAYOUT_H
#define TESTS_TARGET_RESIDENTS_LAYOUT_H

#define HR_RESIDENT_PROGRAM 0x40010000
#define HR_RESIDENT_VECTORS 0x40012000
/* The loader writes here, as one word of four bytes, where to go at SVC/EL1. */
#define HR_RESIDENT_NEXT 0x4001f000
/* KVM's: address at HYP/EL2 minus physical address. */
#define HR_RESIDENT_OFFSET 0x80000000
/* Where below.cpp moves itself and the bundle that it carries: the bundle must not belong there. */
#define HR_BELOW_STAGE 0x70000000
#define HR_BELOW_STAGE_SIZE 0x10000000

#endif
