/* SPDX-License-Identifier: BSD-2-Clause */
#include "bare/asm.h"

/*
 * hr_check_vectors: VBAR_EL2 or VBAR_EL1 while hyp-check runs. An HVC of hr_check_call that is
 * UNDEFINED is an answer; everything else is reported.
 * In:       an exception
 * Out:      hr_check_undefined at EL1; or as hr_report
 * Clobbers: as hr_check_call; or everything
 */
TABLE hr_check_vectors, 11
        .irp    number, 0, 1, 2, 3
        SLOT    0x80 * \number
        mov     x0, #\number
        b       hr_report
        .endr
        SLOT    0x200                           /* synchronous, of the level it is taken to */
        mrs     x0, CurrentEL
        cmp     x0, #CURRENTEL_EL1
        b.ne    .Lreport
        mrs     x1, esr_el1
        lsr     x1, x1, #ESR_EC_SHIFT
        cbnz    x1, .Lreport                    /* EC 0: unknown reason */
        mrs     x1, elr_el1
        adrp    x0, hr_check_sites
        add     x0, x0, :lo12:hr_check_sites
        cmp     x1, x0
        b.lo    .Lreport
        adrp    x0, hr_check_sites_end
        add     x0, x0, :lo12:hr_check_sites_end
        cmp     x1, x0
        b.lo    hr_check_undefined
.Lreport:
        mov     x0, #4
        b       hr_report
        .irp    number, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
        SLOT    0x80 * \number
        mov     x0, #\number
        b       hr_report
        .endr
        SLOT    0x800
END hr_check_vectors
