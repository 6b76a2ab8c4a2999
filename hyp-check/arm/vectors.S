/* SPDX-License-Identifier: BSD-2-Clause */
#include "bare/asm.h"

/*
 * hr_check_vectors: HVBAR or VBAR while hyp-check runs. An HVC of hr_check_call that is UNDEFINED is
 * an answer; everything else is reported.
 * In:       an exception
 * Out:      hr_check_undefined in SVC mode; or as hr_report
 * Clobbers: as hr_check_call; or everything
 */
TABLE hr_check_vectors, 5
        b       hr_vectors
        b       .Lundefined
        b       hr_vectors + 0x08
        b       hr_vectors + 0x0c
        b       hr_vectors + 0x10
        b       hr_vectors + 0x14
        b       hr_vectors + 0x18
        b       hr_vectors + 0x1c
.Lundefined:
        mrs     r0, cpsr
        and     r0, r0, #PSR_MODE
        cmp     r0, #PSR_MODE_UND
        bne     .Lreport
        /* LR_und is 4 behind the instruction in ARM state [arm/ddi0406c B1.9.1]. */
        adr     r1, .Lsites
        ldr     r0, .Lsites
        add     r0, r0, r1
        cmp     lr, r0
        bls     .Lreport
        ldr     r0, .Lsites_end
        add     r0, r0, r1
        cmp     lr, r0
        bhi     .Lreport
        cps     #PSR_MODE_SVC
        b       hr_check_undefined
.Lreport:
        b       hr_vectors + 0x04
.Lsites:
        .word   hr_check_sites - .Lsites
.Lsites_end:
        .word   hr_check_sites_end - .Lsites
END hr_check_vectors
