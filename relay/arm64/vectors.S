/* SPDX-License-Identifier: BSD-2-Clause */
#include "relay/asm.h"
#include "relay/layout.h"

/*
 * hr_vectors: VBAR_EL2 or VBAR_EL1 while the relay runs: every exception is reported.
 * In:       an exception; MMU on or off
 * Out:      does not return; hr_relay_exception(slot, pc, syndrome, address)
 * Clobbers: everything: nothing of the interrupted program is needed again
 */
TABLE hr_vectors, 11
        .irp    number, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
        SLOT    0x80 * \number
        mov     x0, #\number
        b       .Lreport
        .endr
        SLOT    0x800
.Lreport:
        adrp    x1, hr_exception_stack
        add     x1, x1, :lo12:hr_exception_stack
        add     x1, x1, #HR_RELAY_EXCEPTION_STACK_SIZE
        mov     sp, x1
        mov     x29, xzr
        mov     x30, xzr
        mrs     x4, CurrentEL
        cmp     x4, #CURRENTEL_EL2
        b.ne    .Lreport_el1
        mrs     x1, elr_el2
        mrs     x2, esr_el2
        mrs     x3, far_el2
        b       hr_relay_exception
.Lreport_el1:
        mrs     x1, elr_el1
        mrs     x2, esr_el1
        mrs     x3, far_el1
        b       hr_relay_exception
END hr_vectors
