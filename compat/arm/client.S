/* SPDX-License-Identifier: BSD-2-Clause */
/* The out-of-line client of compat/hr_call.h for arm: A32 and T32, either endianness. */
#include "compat/issue.h"

        /* Offsets in struct hr_registers. */
        .equ    R12, 12 * 4

/*
 * hr_word hr_issue(struct hr_registers* registers, hr_word immediate)
 * In:       r0 = registers (r0 to r7 and r12 are used), r1 = immediate; below HYP; a stack.
 * Out:      r0 = HR_ISSUE_DONE, registers stored; or HR_ISSUE_UNSUPPORTED.
 * Clobbers: r1-r3, r12, flags. A resident may not return at all.
 */
FUNC hr_issue, .text.hr_issue
        push    {r8-r12, lr}
        mov     r8, #0                  /* the site */
#define HR_IMMEDIATE(value, ...) PICK_SITE value, r8;
#include "abi/immediate.def"
#undef HR_IMMEDIATE
        cmp     r8, #0
        beq     .Lunsupported
        bl      .Lcall                  /* comes back however the call ends: with the status */
.Lreturn:
        pop     {r8-r12, pc}
.Lunsupported:
        mov     r0, #HR_ISSUE_UNSUPPORTED
        b       .Lreturn
.Lcall:
        push    {r0, r4-r7, lr}         /* the frame of hr_smccc_hvc */
        ldr     r12, [r0, #R12]
        ldm     r0, {r0-r7}
        mov     pc, r8                  /* in the state that this is in */
#define HR_IMMEDIATE(value, ...) SITE value, .Lstore_registers;
#include "abi/immediate.def"
#undef HR_IMMEDIATE
.Lstore_registers:
        ldr     lr, [sp]                /* lr := registers */
        str     r12, [lr, #R12]
        b       hr_smccc_store
END hr_issue
