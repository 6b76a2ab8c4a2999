/* SPDX-License-Identifier: BSD-2-Clause */
/* Counting the instructions behind an HVC; contracts of the TRY functions in try.h. */
#include "tests/target/harness/arm64/try.h"

#define EVENT_INSTRUCTIONS 0x08000008 /* INST_RETIRED, NSH: at EL2 too */

/* x8 and x9 of the frame: the counter before and after. */
TRY(hr_count_nothing, mrs x8, pmevcntr0_el0; mrs x9, pmevcntr0_el0)
TRY(hr_count_hvc_0, mrs x8, pmevcntr0_el0; hvc #0; mrs x9, pmevcntr0_el0)
TRY(hr_count_hvc_native, mrs x8, pmevcntr0_el0; hvc #HR_HVC_IMMEDIATE; mrs x9, pmevcntr0_el0)
TRY(hr_count_hvc_1, mrs x8, pmevcntr0_el0; hvc #1; mrs x9, pmevcntr0_el0)
TRY(hr_count_hvc_2, mrs x8, pmevcntr0_el0; hvc #2; mrs x9, pmevcntr0_el0)

/*
 * hr_count_land: the function of a restart.
 * In:       EL2, any registers.
 * Out:      x9 = the counter; goes on in hr_target_land_hyp.
 * Clobbers: x9.
 */
FUNC hr_count_land, .text.hr_try
        mrs     x9, pmevcntr0_el0
        b       hr_target_land_hyp
END hr_count_land

/*
 * hr_count_function: the function of a call at EL2. HVC_CALL_FUNC lets it lose x9; TRY does not care.
 * In:       anything.
 * Out:      nothing.
 * Clobbers: nothing.
 */
FUNC hr_count_function, .text.hr_try
        ret
END hr_count_function

/*
 * void hr_count_begin(void)
 * In:       EL1 or EL2.
 * Out:      counter 0 counts instructions, at every level.
 * Clobbers: x0.
 */
FUNC hr_count_begin, .text.hr_try
        ldr     x0, =EVENT_INSTRUCTIONS
        msr     pmevtyper0_el0, x0
        mov     x0, #1
        msr     pmcntenset_el0, x0
        msr     pmcr_el0, x0
        isb
        ret
END hr_count_begin
