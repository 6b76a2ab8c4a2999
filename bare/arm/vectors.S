/* SPDX-License-Identifier: BSD-2-Clause */
#include "bare/asm.h"

/*
 * hr_vectors: HVBAR or VBAR: every exception is reported. Other tables may branch to its slots.
 * In:       an exception; MMU on or off
 * Out:      hr_report
 * Clobbers: r0
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
        b       hr_report
        .endr
END hr_vectors

/*
 * hr_report: where a slot that has no other use ends, of this table or another.
 * In:       r0 = slot; the exception's registers; hr_exception_stack_end: top of a stack for this alone
 * Out:      does not return; hr_exception(slot, pc, syndrome, address). The pc of an exception
 *           taken to PL1 is the preferred return address as the mode's LR holds it.
 * Clobbers: everything: nothing of the interrupted program is needed again
 */
FUNC hr_report
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
        b       hr_exception
.Lreport_offset:
        .word   hr_exception_stack_end - .
END hr_report
