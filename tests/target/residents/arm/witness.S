/* SPDX-License-Identifier: BSD-2-Clause */
#include "bare/asm.h"

        .arm
/*
 * hr_witness_start: a zImage [linux/arm/booting section 6], whose size table says that nothing grows.
 * In:       as a kernel
 * Out:      does not return; hr_witness_main(r0, r1, r2, mode)
 * Clobbers: everything
 */
FUNC hr_witness_start, .head
        b       .Lbegin
        .rept   8
        nop
        .endr
        .word   0x016f2818                      /* magic */
        .word   0                               /* start */
        .word   hr_witness_image_end            /* end */
        .word   0x04030201                      /* little endian */
        .word   0x45454545                      /* a table follows */
        .word   .Ltable - hr_witness_start
.Lbegin:
        mrs     r3, cpsr
        and     r3, r3, #PSR_MODE
        adr     r4, hr_witness_start
        ldr     r5, =hr_witness_stack
        add     sp, r4, r5
        bl      hr_witness_main
        b       .
        .ltorg
.Ltable:
        .word   6, 0x5a534c4b, .Linflated - hr_witness_start, 0, 0x8000, 0x1000
        .word   0, 0
.Linflated:
        .word   0x10000
END hr_witness_start
