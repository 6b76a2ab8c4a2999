/* SPDX-License-Identifier: BSD-2-Clause */
#include "bare/asm.h"

/*
 * hr_vectors: VBAR_EL2 or VBAR_EL1: every exception is reported.
 * In:       an exception; MMU on or off
 * Out:      hr_report
 * Clobbers: x0
 */
TABLE hr_vectors, 11
        .irp    number, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
        SLOT    0x80 * \number
        mov     x0, #\number
        b       hr_report
        .endr
        SLOT    0x800
END hr_vectors

/*
 * hr_report: where a slot that has no other use ends, of this table or another.
 * In:       x0 = slot; the exception's registers; hr_exception_stack_end: top of a stack for this alone
 * Out:      does not return; hr_exception(slot, pc, syndrome, address)
 * Clobbers: everything: nothing of the interrupted program is needed again
 */
FUNC hr_report
        adrp    x1, hr_exception_stack_end
        add     x1, x1, :lo12:hr_exception_stack_end
        mov     sp, x1
        mov     x29, xzr
        mov     x30, xzr
        mrs     x4, CurrentEL
        cmp     x4, #CURRENTEL_EL2
        b.ne    .Lreport_el1
        mrs     x1, elr_el2
        mrs     x2, esr_el2
        mrs     x3, far_el2
        b       hr_exception
.Lreport_el1:
        mrs     x1, elr_el1
        mrs     x2, esr_el1
        mrs     x3, far_el1
        b       hr_exception
END hr_report
