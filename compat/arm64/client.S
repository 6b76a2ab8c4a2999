/* SPDX-License-Identifier: BSD-2-Clause */
/* The out-of-line client of compat/hr_client.h for arm64, either endianness. */
#include "compat/issue.h"

        /* What hr_issue keeps on the stack: registers, x18, then x29 and x30. */
        .equ    FRAME, 32
        .equ    FRAME_X18, 8
        .equ    FRAME_X29, 16

/*
 * hr_word hr_issue(struct hr_registers* registers, hr_word immediate)
 * In:       x0 = registers (x0 to x17), x1 = immediate; below EL2; a stack.
 * Out:      x0 = HR_ISSUE_DONE, registers stored; or HR_ISSUE_UNSUPPORTED.
 * Clobbers: x1-x17, flags. x18 and x30 are restored: some residents lose them. A resident may not
 *           return at all.
 */
FUNC hr_issue, .text.hr_issue
        sub     sp, sp, #FRAME
        stp     x0, x18, [sp]
        stp     x29, x30, [sp, #FRAME_X29]
        mov     x18, #0                 /* the site; x0 and x18 are on the stack */
#define HR_IMMEDIATE(value, ...) PICK_SITE value, x18;
#include "abi/immediate.def"
#undef HR_IMMEDIATE
        cbz     x18, .Lunsupported
        mov     x30, x0
        LOAD_X0_X17 x30
        br      x18
#define HR_IMMEDIATE(value, ...) SITE value, .Lstore_registers;
#include "abi/immediate.def"
#undef HR_IMMEDIATE
.Lunsupported:
        mov     x0, #HR_ISSUE_UNSUPPORTED
        b       .Lreturn_status
END hr_issue

/*
 * hr_word hr_issue_smc(struct hr_registers* registers)
 * In:       x0 = registers; below EL3; a stack.
 * Out:      x0 = HR_ISSUE_DONE, registers stored.
 * Clobbers: x1-x17, flags.
 */
FUNC hr_issue_smc, .text.hr_issue
        sub     sp, sp, #FRAME
        stp     x0, x18, [sp]
        stp     x29, x30, [sp, #FRAME_X29]
        mov     x30, x0
        LOAD_X0_X17 x30
        HR_SMC
.Lstore_registers:
        ldr     x30, [sp]               /* x30 := registers */
        STORE_X0_X17 x30
        mov     x0, #HR_ISSUE_DONE
.Lreturn_status:
        ldr     x18, [sp, #FRAME_X18]
        ldp     x29, x30, [sp, #FRAME_X29]
        add     sp, sp, #FRAME
        ret
END hr_issue_smc

/*
 * hr_issue_undefined: where a handler of Undefined Instruction exceptions resumes.
 * In:       sp = as it was at the HVC or SMC; the caller's level.
 * Out:      as hr_issue: x0 = HR_ISSUE_UNDEFINED, the registers in memory untouched.
 * Clobbers: x1-x17, flags.
 */
FUNC hr_issue_undefined, .text.hr_issue
        mov     x0, #HR_ISSUE_UNDEFINED
        b       .Lreturn_status
END hr_issue_undefined

/*
 * hr_issue_landed: where code that the HVC brought to EL2 goes on with its caller.
 * In:       sp = as SP_EL1 was at the HVC; EL2.
 * Out:      as hr_issue: x0 = HR_ISSUE_LANDED, the registers in memory untouched; at EL2.
 * Clobbers: x1-x17, flags.
 */
FUNC hr_issue_landed, .text.hr_issue
        mov     x0, #HR_ISSUE_LANDED
        b       .Lreturn_status
END hr_issue_landed
