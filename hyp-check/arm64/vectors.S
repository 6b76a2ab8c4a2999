/* SPDX-License-Identifier: BSD-2-Clause */
#include "relay/asm.h"
#include "hyp-check/layout.h"

/*
 * hr_check_vectors: VBAR_EL2 or VBAR_EL1 while hyp-check runs. An HVC of hr_check_call that is
 * UNDEFINED is an answer; everything else is reported.
 * In:       an exception
 * Out:      hr_check_undefined at EL1; or does not return: hr_check_exception(slot, pc, syndrome,
 *           address)
 * Clobbers: as hr_check_call; or everything: nothing of the interrupted program is needed again
 */
TABLE hr_check_vectors, 11
        .irp    number, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
        SLOT    0x80 * \number
        mov     x0, #\number
        b       .Lreport
        .endr
        SLOT    0x800
.Lreport:
        mrs     x4, CurrentEL
        cmp     x4, #CURRENTEL_EL2
        b.eq    .Lreport_el2
        mrs     x1, elr_el1
        mrs     x2, esr_el1
        mrs     x3, far_el1
        lsr     x4, x2, #ESR_EC_SHIFT
        cbnz    x4, .Lreport_stack              /* EC 0: unknown reason */
        adrp    x4, hr_check_sites
        add     x4, x4, :lo12:hr_check_sites
        cmp     x1, x4
        b.lo    .Lreport_stack
        adrp    x4, hr_check_sites_end
        add     x4, x4, :lo12:hr_check_sites_end
        cmp     x1, x4
        b.lo    hr_check_undefined
        b       .Lreport_stack
.Lreport_el2:
        mrs     x1, elr_el2
        mrs     x2, esr_el2
        mrs     x3, far_el2
.Lreport_stack:
        adrp    x4, hr_check_exception_stack_end
        add     x4, x4, :lo12:hr_check_exception_stack_end
        mov     sp, x4
        mov     x29, xzr
        mov     x30, xzr
        b       hr_check_exception
END hr_check_vectors
