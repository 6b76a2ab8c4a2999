/* SPDX-License-Identifier: BSD-2-Clause */
/* The out-of-line client of compat/hr_client.h for arm64, either endianness. */
#include "bare/asm.h"
#include "compat/hr_hvc.h"

        /* What hr_issue keeps on the stack: registers, x18, then x29 and x30. */
        .equ    FRAME, 32
        .equ    FRAME_X18, 8
        .equ    FRAME_X29, 16

        /* The registers of the call; the struct is at x0, and stays at [sp]. */
        .macro LOAD_REGISTERS
        mov     x30, x0
        ldp     x0, x1, [x30, #0]
        ldp     x2, x3, [x30, #16]
        ldp     x4, x5, [x30, #32]
        ldp     x6, x7, [x30, #48]
        ldp     x8, x9, [x30, #64]
        ldp     x10, x11, [x30, #80]
        ldp     x12, x13, [x30, #96]
        ldp     x14, x15, [x30, #112]
        ldp     x16, x17, [x30, #128]
        .endm

        .macro ISSUE immediate
        mov     w2, #\immediate
        cmp     x1, x2
        b.ne    1f
        LOAD_REGISTERS
        HR_HVC(\immediate)
        b       .Lstore_registers
1:
        .endm

/*
 * hr_word hr_issue(struct hr_registers* registers, hr_word immediate)
 * In:       x0 = registers (x0 to x17), x1 = immediate; below EL2; a stack.
 * Out:      x0 = HR_ISSUE_DONE, registers stored; or HR_ISSUE_UNSUPPORTED.
 * Clobbers: x1-x17, flags. x18 and x30 are restored: some residents lose them. A resident may not
 *           return at all.
 */
FUNC hr_issue
        sub     sp, sp, #FRAME
        stp     x0, x18, [sp]
        stp     x29, x30, [sp, #FRAME_X29]
        ISSUE   0
        ISSUE   1
        ISSUE   2
        ISSUE   3
        ISSUE   HR_HVC_IMMEDIATE
        ISSUE   0xea1
        ISSUE   0x4a48
        ISSUE   0x6000
        mov     x0, #2                  /* HR_ISSUE_UNSUPPORTED */
        b       .Lreturn_status
END hr_issue

/*
 * hr_word hr_issue_smc(struct hr_registers* registers)
 * In:       x0 = registers; below EL3; a stack.
 * Out:      x0 = HR_ISSUE_DONE, registers stored.
 * Clobbers: x1-x17, flags.
 */
FUNC hr_issue_smc
        sub     sp, sp, #FRAME
        stp     x0, x18, [sp]
        stp     x29, x30, [sp, #FRAME_X29]
        LOAD_REGISTERS
        HR_SMC
.Lstore_registers:
        ldr     x30, [sp]               /* x30 := registers */
        stp     x0, x1, [x30, #0]
        stp     x2, x3, [x30, #16]
        stp     x4, x5, [x30, #32]
        stp     x6, x7, [x30, #48]
        stp     x8, x9, [x30, #64]
        stp     x10, x11, [x30, #80]
        stp     x12, x13, [x30, #96]
        stp     x14, x15, [x30, #112]
        stp     x16, x17, [x30, #128]
        mov     x0, #0                  /* HR_ISSUE_DONE */
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
FUNC hr_issue_undefined
        mov     x0, #1                  /* HR_ISSUE_UNDEFINED */
        b       .Lreturn_status
END hr_issue_undefined
