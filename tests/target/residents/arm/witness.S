/* SPDX-License-Identifier: BSD-2-Clause */
#include "bare/asm.h"
#include "bare/arm/kernel.h"

        .arm
/*
 * hr_image_start: a zImage.
 * In:       as a kernel
 * Out:      does not return; hr_witness_main(r0, r1, r2, mode)
 * Clobbers: everything
 */
FUNC hr_image_start, .head
        KERNEL_HEADER hr_image_end, .Lbegin
.Lbegin:
        mrs     r3, cpsr
        and     r3, r3, #PSR_MODE
        adr     r4, hr_image_start
        ldr     r5, =hr_image_stack
        add     sp, r4, r5
        bl      hr_witness_main
        b       .
        .ltorg
END hr_image_start
