/* SPDX-License-Identifier: BSD-2-Clause */
/* clang-format off */
/* What bare/asm.h says differently on arm. */
#ifndef HR_BARE_ARM_ASM_H
#define HR_BARE_ARM_ASM_H

#include "bare/arm/registers.h"

        .syntax unified
        .arch_extension sec
        .arch_extension virt
/* BRANCH_WIDE: the branch of four bytes, which every slot of a vector table is. */
#ifdef __thumb__
        .thumb
#define BRANCH_WIDE b.w
#define HR_FUNCTION .thumb_func
#define HR_TABLE_TYPE %object /* bit 0 of the address of a Thumb function would be set */
#else
        .arm
#define BRANCH_WIDE b
#define HR_FUNCTION
#define HR_TABLE_TYPE %function
#endif

/* How far the pc that an instruction reads is ahead of it. */
#ifdef __thumb__
#define PC_AHEAD 4
#else
#define PC_AHEAD 8
#endif

        .macro ADDRESS_OF reg, symbol
        movw    \reg, #:lower16:(\symbol - (1f + PC_AHEAD))
        movt    \reg, #:upper16:(\symbol - (1f + PC_AHEAD))
1:      add     \reg, \reg, pc
        .endm

        .macro MOV32 reg, value
        movw    \reg, #((\value) & 0xffff)
        movt    \reg, #((\value) >> 16)
        .endm

#endif
