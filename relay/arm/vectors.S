/* SPDX-License-Identifier: BSD-2-Clause */
#include "relay/asm.h"
#include "relay/layout.h"

/*
 * hr_vectors: HVBAR or VBAR while the relay runs: every exception is reported.
 * In:       an exception; MMU on or off
 * Out:      does not return; hr_relay_exception(slot, pc, syndrome, address). The pc of an
 *           exception taken to PL1 is the preferred return address as the mode's LR holds it.
 * Clobbers: everything: nothing of the interrupted program is needed again
 */
TABLE hr_vectors, 5
        b       .Lslot_0
        b       .Lslot_1
        b       .Lslot_2
        b       .Lslot_3
        b       .Lslot_4
        b       .Lslot_5
        b       .Lslot_6
        b       .Lslot_7
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
        adr     r4, .Lreport_offset
        ldr     r5, [r4]
        add     sp, r4, r5
        mov     r11, #0
        mov     lr, #0
        b       hr_relay_exception
.Lreport_offset:
        .word   hr_exception_stack + HR_RELAY_EXCEPTION_STACK_SIZE - .
END hr_vectors
