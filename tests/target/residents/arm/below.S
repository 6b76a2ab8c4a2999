/* SPDX-License-Identifier: BSD-2-Clause */
#include "bare/arm/kernel.h"
#include "tests/target/residents/arm/resident.h"

        .arm
/*
 * hr_image_start: a zImage.
 * In:       as a kernel
 * Out:      does not return; hr_below_main(r2, mode)
 * Clobbers: everything
 */
FUNC hr_image_start, .head
        KERNEL_HEADER hr_image_end, .Lbegin   /* whoever adds a bundle says so there */
.Lbegin:
        mov     r0, r2
        mrs     r1, cpsr
        and     r1, r1, #PSR_MODE
        adr     r4, hr_image_start
        ldr     r5, =hr_image_stack
        add     sp, r4, r5
        bl      hr_below_main
        b       .
        .ltorg
END hr_image_start

/*
 * void hr_below_call(r0 = function, r1 = stack, r2 = argument)
 * In:       Hyp mode, MMU and caches off; the function was written as data
 * Out:      does not return
 * Clobbers: r3
 */
FUNC hr_below_call, .text.hr_below_call
        mov     r3, #0
        dsb
        mcr     p15, 0, r3, c7, c5, 0           /* ICIALLU */
        dsb
        isb
        mov     sp, r1
        mov     r3, r0
        mov     r0, r2
        bx      r3
END hr_below_call

/*
 * void hr_below_drop(r0 = vectors, r1 = entry)
 * In:       Hyp mode, MMU and caches off; the vectors are the kernel's before, whose state of
 *           HSCTLR.TE their first word tells: a branch of ARM or of Thumb state
 * Out:      at SVC, as a kernel's kexec enters what it has loaded
 * Clobbers: everything
 */
FUNC hr_below_drop, .text.hr_below_drop
        mov     r4, r1
        ldr     r2, [r0]
        lsr     r2, r2, #24
        ldr     r3, =HSCTLR_OFF
        cmp     r2, #0xea                       /* b */
        orrne   r3, r3, #SCTLR_TE
        mcr     HSCTLR(r3)
        mcr     HVBAR(r0)
        mov     r2, #0
        dsb
        mcr     p15, 0, r2, c7, c5, 0           /* ICIALLU */
        dsb
        isb
        DROP
        .ltorg
END hr_below_drop
