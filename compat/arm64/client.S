/* SPDX-License-Identifier: BSD-2-Clause */
/* The out-of-line client of compat/hr_call.h for arm64, either endianness. */
#include "compat/issue.h"

        /* What hr_issue keeps on the stack: x18, x30, x29. */
        .equ    FRAME, 32
        .equ    FRAME_X29, 16

/*
 * hr_word hr_issue(struct hr_registers* registers, hr_word immediate)
 * In:       x0 = registers (x0 to x17), x1 = immediate; below EL2; a stack.
 * Out:      x0 = HR_ISSUE_DONE, registers stored; or HR_ISSUE_UNSUPPORTED.
 * Clobbers: x1-x17, flags. x18 and x30 are restored: some residents lose them. A resident may not
 *           return at all.
 */
FUNC hr_issue, .text.hr_issue
        stp     x18, x30, [sp, #-FRAME]!
        str     x29, [sp, #FRAME_X29]
        mov     x18, #0                 /* the site; x18 is on the stack */
#define HR_IMMEDIATE(value, ...) PICK_SITE value, x18;
#include "abi/immediate.def"
#undef HR_IMMEDIATE
        cbz     x18, .Lunsupported
        bl      .Lcall                  /* comes back however the call ends: with the status */
.Lreturn:
        ldr     x29, [sp, #FRAME_X29]
        ldp     x18, x30, [sp], #FRAME
        ret
.Lunsupported:
        mov     x0, #HR_ISSUE_UNSUPPORTED
        b       .Lreturn
.Lcall:
        stp     x0, x30, [sp, #-16]!    /* the frame of hr_smccc_hvc */
        LOAD_X2_X17 x0
        ldp     x0, x1, [x0]
        br      x18
#define HR_IMMEDIATE(value, ...) SITE value, hr_smccc_store;
#include "abi/immediate.def"
#undef HR_IMMEDIATE
END hr_issue
