/* SPDX-License-Identifier: BSD-2-Clause */
/* Counting the instructions behind an HVC; contracts of the TRY functions in try.h. */
#include "tests/target/harness/arm/try.h"

#define EVENT_INSTRUCTIONS 0x08000008 /* INST_RETIRED, NSH: in Hyp mode too */

/* r8 and r9 of the frame: the counter before and after. */
TRY(hr_count_nothing, mrc PMXEVCNTR(r8); mrc PMXEVCNTR(r9))
TRY(hr_count_hvc_0, mrc PMXEVCNTR(r8); hvc #0; mrc PMXEVCNTR(r9))
TRY(hr_count_hvc_native, mrc PMXEVCNTR(r8); hvc #HR_HVC_IMMEDIATE; mrc PMXEVCNTR(r9))

/*
 * hr_count_land: the function of a restart.
 * In:       Hyp mode, any registers.
 * Out:      r9 = the counter; goes on in hr_target_land_hyp.
 * Clobbers: r9.
 */
FUNC hr_count_land, .text.hr_try
        mrc     PMXEVCNTR(r9)
        b       hr_target_land_hyp
END hr_count_land

/*
 * hr_count_function: the function of a call at HYP.
 * In:       anything.
 * Out:      nothing.
 * Clobbers: nothing.
 */
FUNC hr_count_function, .text.hr_try
        bx      lr
END hr_count_function

/*
 * void hr_count_begin(void)
 * In:       Hyp mode or PL1.
 * Out:      counter 0 counts instructions, at every privilege level.
 * Clobbers: r0.
 */
FUNC hr_count_begin, .text.hr_try
        mov     r0, #0
        mcr     PMSELR(r0)
        ldr     r0, =EVENT_INSTRUCTIONS
        mcr     PMXEVTYPER(r0)
        mov     r0, #1
        mcr     PMCNTENSET(r0)
        mcr     PMCR(r0)
        isb
        bx      lr
END hr_count_begin
