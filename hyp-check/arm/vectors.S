/* SPDX-License-Identifier: BSD-2-Clause */
#include "relay/asm.h"
#include "hyp-check/layout.h"

/*
 * hr_check_vectors: HVBAR or VBAR while hyp-check runs. An HVC of hr_check_call that is UNDEFINED is
 * an answer; everything else is reported.
 * In:       an exception
 * Out:      hr_check_undefined in SVC mode; or does not return: hr_check_exception(slot, pc,
 *           syndrome, address), pc as the mode's LR or ELR_hyp holds it
 * Clobbers: as hr_check_call; or everything: nothing of the interrupted program is needed again
 */
TABLE hr_check_vectors, 5
        b       .Lslot_0
        b       .Lundefined
        b       .Lslot_2
        b       .Lslot_3
        b       .Lslot_4
        b       .Lslot_5
        b       .Lslot_6
        b       .Lslot_7
.Lundefined:
        mrs     r0, cpsr
        and     r0, r0, #PSR_MODE
        cmp     r0, #PSR_MODE_UND
        bne     .Lslot_1
        /* LR_und is 4 behind the instruction in ARM state [arm/ddi0406c B1.9.1]. */
        adr     r1, .Lsites
        ldr     r0, .Lsites
        add     r0, r0, r1
        cmp     lr, r0
        bls     .Lslot_1
        ldr     r0, .Lsites_end
        add     r0, r0, r1
        cmp     lr, r0
        bhi     .Lslot_1
        cps     #PSR_MODE_SVC
        b       hr_check_undefined
.Lsites:
        .word   hr_check_sites - .Lsites
.Lsites_end:
        .word   hr_check_sites_end - .Lsites
        .irp    number, 0, 1, 2, 3, 4, 5, 6, 7
.Lslot_\number:
        mov     r0, #\number
        b       .Lreport
        .endr
.Lreport:
        mrs     r4, cpsr
        and     r4, r4, #PSR_MODE
        cmp     r4, #PSR_MODE_HYP
        bne     .Lreport_pl1
        mrs     r1, elr_hyp
        mrc     HSR(r2)
        cmp     r0, #3                          /* slot 3: prefetch abort */
        mrceq   HIFAR(r3)
        mrcne   HDFAR(r3)
        b       .Lreport_stack
.Lreport_pl1:
        mov     r1, lr
        cmp     r0, #3
        mrceq   IFSR(r2)
        mrcne   DFSR(r2)
        mrceq   IFAR(r3)
        mrcne   DFAR(r3)
        cps     #PSR_MODE_SVC
.Lreport_stack:
        adr     r4, .Lstack
        ldr     r5, [r4]
        add     sp, r4, r5
        mov     r11, #0
        mov     lr, #0
        b       hr_check_exception
.Lstack:
        .word   hr_check_exception_stack_end - .
END hr_check_vectors
