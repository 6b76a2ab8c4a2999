/* SPDX-License-Identifier: BSD-2-Clause */
/* Sizes and offsets for assembly and C++. Offsets count words: 4 bytes on arm, 8 on arm64. */
#ifndef HYP_CHECK_LAYOUT_H
#define HYP_CHECK_LAYOUT_H

#define HR_CHECK_STACK_SIZE 0x1800
#define HR_CHECK_EXCEPTION_STACK_SIZE 0x800

/* struct Entry (core/arch.hpp): what start.S found. */
#define HR_CHECK_ENTRY_R 0       /* r0 to r3 */
#define HR_CHECK_ENTRY_PSR 4     /* arm: CPSR; arm64: DAIF | CurrentEL | SPSel */
#define HR_CHECK_ENTRY_CONTROL 5 /* SCTLR of the mode that was entered */
#define HR_CHECK_ENTRY_VECTORS 6 /* HVBAR, VBAR or VBAR_ELx, likewise */
#define HR_CHECK_ENTRY_QEMU_TREE 7
#define HR_CHECK_ENTRY_WORDS 8

/* Where QEMU's virt machine puts the tree for an ELF: at the start of memory [qemu/arm/virt]. */
#define HR_CHECK_QEMU_TREE 0x40000000

/* struct Registers (core/arch.hpp), every register of a call, is laid out in the twins. */
#ifdef __arm__
#include "hyp-check/arm/layout.h"
#else
#include "hyp-check/arm64/layout.h"
#endif

/* struct Landing (core/arch.hpp): what a SOFT_RESTART found at HYP/EL2, r0 or x0 first. */
#define HR_CHECK_LANDING_PSR HR_CHECK_NUMBERED
#define HR_CHECK_LANDING_CONTROL (HR_CHECK_LANDING_PSR + 1)
#define HR_CHECK_LANDING_VECTORS (HR_CHECK_LANDING_PSR + 2)
#define HR_CHECK_LANDING_WORDS (HR_CHECK_LANDING_PSR + 3)

/* What hr_check_call returns, and what hr_check_land leaves in its place. */
#define HR_CHECK_DONE 0
#define HR_CHECK_UNDEFINED 1
#define HR_CHECK_UNSUPPORTED 2
#define HR_CHECK_LANDED 3

#endif
