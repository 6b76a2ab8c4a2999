/* SPDX-License-Identifier: BSD-2-Clause */
#include "bare/asm.h"

        /* To `to` if x1 is in [begin, end). x0 is lost. */
        .macro BRANCH_IF_IN begin, end, to
        adrp    x0, \begin
        add     x0, x0, :lo12:\begin
        cmp     x1, x0
        b.lo    1f
        adrp    x0, \end
        add     x0, x0, :lo12:\end
        cmp     x1, x0
        b.lo    \to
1:
        .endm

/*
 * hr_check_vectors: VBAR_EL2 or VBAR_EL1 while hyp-check runs. An HVC or SMC of hr_check_call or of
 * hr_smccc_call that is UNDEFINED is an answer; everything else is reported.
 * In:       an exception
 * Out:      hr_check_undefined or hr_issue_undefined, at the level that it came from; or as hr_report
 * Clobbers: as hr_check_call and hr_smccc_hvc; or everything
 */
TABLE hr_check_vectors, 11
        .irp    number, 0, 1, 2, 3
        SLOT    0x80 * \number
        mov     x0, #\number
        b       hr_report
        .endr
        SLOT    0x200                           /* synchronous, of the level it is taken to */
        b       .Lsynchronous
        .irp    number, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
        SLOT    0x80 * \number
        mov     x0, #\number
        b       hr_report
        .endr
        SLOT    0x800
.Lsynchronous:
        mrs     x0, CurrentEL
        cmp     x0, #CURRENTEL_EL1
        b.ne    .Lsynchronous_el2
        mrs     x1, esr_el1
        lsr     x1, x1, #ESR_EC_SHIFT
        cbnz    x1, .Lreport                    /* EC 0: unknown reason */
        mrs     x1, elr_el1
        BRANCH_IF_IN hr_check_sites, hr_check_sites_end, hr_check_undefined
        BRANCH_IF_IN hr_smccc_hvc, hr_issue_undefined, hr_issue_undefined
        b       .Lreport
.Lsynchronous_el2:
        mrs     x1, esr_el2
        lsr     x1, x1, #ESR_EC_SHIFT
        cbnz    x1, .Lreport
        mrs     x1, elr_el2
        BRANCH_IF_IN hr_smccc_hvc, hr_issue_undefined, hr_issue_undefined
.Lreport:
        mov     x0, #4
        b       hr_report
END hr_check_vectors
