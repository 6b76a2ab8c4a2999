/* SPDX-License-Identifier: BSD-2-Clause */
/* clang-format off */
/* What bare/asm.h says differently on arm64, and lists of registers, which arm's push and ldm take. */
#ifndef HR_BARE_ARM64_ASM_H
#define HR_BARE_ARM64_ASM_H

#include "bare/arm64/registers.h"

#define HR_FUNCTION
#define HR_TABLE_TYPE %function

        .macro ADDRESS_OF reg, symbol
        adrp    \reg, \symbol
        add     \reg, \reg, :lo12:\symbol
        .endm

        /* A slot that nothing should come through: stays in it, so that the PC tells which one. */
        .macro PARK offset
        SLOT    \offset
        wfe
        b       . - 4
        .endm

        .macro MOV32 reg, value
        movz    \reg, #((\value) & 0xffff)
        movk    \reg, #((\value) >> 16), lsl #16
        .endm

        /* The registers that a call preserves, x29 and x30 first, in a frame of 96 bytes and more. */
        .macro PUSH_PRESERVED bytes=96
        stp     x29, x30, [sp, #-\bytes]!
        stp     x19, x20, [sp, #16]
        stp     x21, x22, [sp, #32]
        stp     x23, x24, [sp, #48]
        stp     x25, x26, [sp, #64]
        stp     x27, x28, [sp, #80]
        .endm

        .macro POP_PRESERVED bytes=96
        ldp     x19, x20, [sp, #16]
        ldp     x21, x22, [sp, #32]
        ldp     x23, x24, [sp, #48]
        ldp     x25, x26, [sp, #64]
        ldp     x27, x28, [sp, #80]
        ldp     x29, x30, [sp], #\bytes
        .endm

        /*
         * Registers from memory and to it, each at its number times 8 from another register. Pairs are
         * written out, not counted: who debugs this reads them.
         */
        .macro LOAD_X2_X17 from
        ldp     x2, x3, [\from, #16]
        ldp     x4, x5, [\from, #32]
        ldp     x6, x7, [\from, #48]
        ldp     x8, x9, [\from, #64]
        ldp     x10, x11, [\from, #80]
        ldp     x12, x13, [\from, #96]
        ldp     x14, x15, [\from, #112]
        ldp     x16, x17, [\from, #128]
        .endm

        .macro STORE_X2_X17 to
        stp     x2, x3, [\to, #16]
        stp     x4, x5, [\to, #32]
        stp     x6, x7, [\to, #48]
        stp     x8, x9, [\to, #64]
        stp     x10, x11, [\to, #80]
        stp     x12, x13, [\to, #96]
        stp     x14, x15, [\to, #112]
        stp     x16, x17, [\to, #128]
        .endm

        .macro LOAD_X0_X17 from
        ldp     x0, x1, [\from]
        LOAD_X2_X17 \from
        .endm

        .macro STORE_X0_X17 to
        stp     x0, x1, [\to]
        STORE_X2_X17 \to
        .endm

        .macro LOAD_X18_X29 from
        ldp     x18, x19, [\from, #144]
        ldp     x20, x21, [\from, #160]
        ldp     x22, x23, [\from, #176]
        ldp     x24, x25, [\from, #192]
        ldp     x26, x27, [\from, #208]
        ldp     x28, x29, [\from, #224]
        .endm

        .macro STORE_X18_X29 to
        stp     x18, x19, [\to, #144]
        stp     x20, x21, [\to, #160]
        stp     x22, x23, [\to, #176]
        stp     x24, x25, [\to, #192]
        stp     x26, x27, [\to, #208]
        stp     x28, x29, [\to, #224]
        .endm

#endif
