/* SPDX-License-Identifier: BSD-2-Clause */
/* The out-of-line client of compat/hr_client.h for arm: A32 and T32, either endianness. */
#include "compat/issue.h"

        /* Offsets in struct hr_registers. */
        .equ    R12, 12 * 4

        /* The registers of the call; the struct is at r0, and stays at [sp]. */
        .macro LOAD_REGISTERS
        mov     lr, r0
        ldr     r12, [lr, #R12]
        ldm     lr, {r0-r7}
        .endm

/*
 * hr_word hr_issue(struct hr_registers* registers, hr_word immediate)
 * In:       r0 = registers (r0 to r7 and r12 are used), r1 = immediate; below HYP; a stack.
 * Out:      r0 = HR_ISSUE_DONE, registers stored; or HR_ISSUE_UNSUPPORTED.
 * Clobbers: r1-r3, r12, flags. A resident may not return at all.
 */
FUNC hr_issue, .text.hr_issue
        push    {r4-r11, lr}
        push    {r0}
        mov     r8, #0                  /* the site */
#define HR_IMMEDIATE(value, ...) PICK_SITE value, r8;
#include "abi/immediate.def"
#undef HR_IMMEDIATE
        cmp     r8, #0
        beq     .Lunsupported
        LOAD_REGISTERS
        mov     pc, r8                  /* in the state that this is in */
#define HR_IMMEDIATE(value, ...) SITE value, .Lstore_registers;
#include "abi/immediate.def"
#undef HR_IMMEDIATE
.Lunsupported:
        mov     r0, #HR_ISSUE_UNSUPPORTED
        b       .Lreturn_status
END hr_issue

/*
 * hr_word hr_issue_smc(struct hr_registers* registers)
 * In:       r0 = registers; below Monitor mode; a stack.
 * Out:      r0 = HR_ISSUE_DONE, registers stored.
 * Clobbers: r1-r3, r12, flags.
 */
FUNC hr_issue_smc, .text.hr_issue
        push    {r4-r11, lr}
        push    {r0}
        LOAD_REGISTERS
        HR_SMC
.Lstore_registers:
        ldr     lr, [sp]                /* lr := registers */
        str     r12, [lr, #R12]
        stm     lr, {r0-r7}
        mov     r0, #HR_ISSUE_DONE
.Lreturn_status:
        add     sp, sp, #4
        pop     {r4-r11, pc}
END hr_issue_smc

/*
 * hr_issue_undefined: where a handler of Undefined Instruction exceptions resumes.
 * In:       sp = as it was at the HVC or SMC; the caller's mode.
 * Out:      as hr_issue: r0 = HR_ISSUE_UNDEFINED, the registers in memory untouched.
 * Clobbers: r1-r3, r12, flags.
 */
FUNC hr_issue_undefined, .text.hr_issue
        mov     r0, #HR_ISSUE_UNDEFINED
        b       .Lreturn_status
END hr_issue_undefined

/*
 * hr_issue_landed: where code that the HVC brought to Hyp mode goes on with its caller.
 * In:       sp = as SP_svc was at the HVC; Hyp mode.
 * Out:      as hr_issue: r0 = HR_ISSUE_LANDED, the registers in memory untouched; in Hyp mode.
 * Clobbers: r1-r3, r12, flags.
 */
FUNC hr_issue_landed, .text.hr_issue
        mov     r0, #HR_ISSUE_LANDED
        b       .Lreturn_status
END hr_issue_landed
