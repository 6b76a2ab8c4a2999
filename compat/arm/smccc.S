/* SPDX-License-Identifier: BSD-2-Clause */
/* SMCCC out of line, compat/hr_smccc.h, for arm: A32 and T32, either endianness. */
#include "bare/asm.h"
#include "compat/hr_hvc.h"

/*
 * hr_word hr_smccc_hvc(const struct hr_registers* in, struct hr_registers* out)
 * In:       r0 = in, r1 = out (r0 to r7 are used); below HYP; a stack.
 * Out:      r0 = HR_ISSUE_DONE, registers stored.
 * Clobbers: r1-r3, flags.
 */
FUNC hr_smccc_hvc, .text.hr_smccc
        push    {r1, r4-r7, lr}         /* the frame of a call, as hr_issue makes it too: out comes first */
        ldm     r0, {r0-r7}
        HR_HVC(0)
END hr_smccc_hvc

/*
 * hr_smccc_store: behind the HVC or SMC.
 * In:       r0 to r7 = results; [sp] = the frame.
 * Out:      as hr_smccc_hvc.
 * Clobbers: as hr_smccc_hvc.
 */
FUNC hr_smccc_store, .text.hr_smccc
        ldr     lr, [sp]                /* lr := out */
        stm     lr, {r0-r7}
        mov     r0, #HR_ISSUE_DONE
.Lreturn_status:
        add     sp, sp, #4
        pop     {r4-r7, pc}
END hr_smccc_store

/*
 * hr_word hr_smccc_smc(const struct hr_registers* in, struct hr_registers* out)
 * In:       as hr_smccc_hvc; below Monitor mode.
 * Out:      as hr_smccc_hvc.
 * Clobbers: as hr_smccc_hvc.
 */
FUNC hr_smccc_smc, .text.hr_smccc
        push    {r1, r4-r7, lr}
        ldm     r0, {r0-r7}
        HR_SMC
        b       hr_smccc_store
END hr_smccc_smc

/*
 * hr_issue_undefined: where a handler of Undefined Instruction exceptions resumes.
 * In:       sp = as it was at the HVC or SMC; the caller's mode.
 * Out:      as hr_issue, hr_smccc_hvc, hr_smccc_smc: r0 = HR_ISSUE_UNDEFINED, the registers in memory
 *           untouched.
 * Clobbers: r1-r3, r12, flags.
 */
FUNC hr_issue_undefined, .text.hr_smccc
        mov     r0, #HR_ISSUE_UNDEFINED
        b       .Lreturn_status
END hr_issue_undefined

/*
 * hr_issue_landed: where code that the HVC brought to Hyp mode goes on with its caller.
 * In:       sp = as SP_svc was at the HVC; Hyp mode.
 * Out:      as hr_issue: r0 = HR_ISSUE_LANDED, the registers in memory untouched; in Hyp mode.
 * Clobbers: r1-r3, r12, flags.
 */
FUNC hr_issue_landed, .text.hr_smccc
        mov     r0, #HR_ISSUE_LANDED
        b       .Lreturn_status
END hr_issue_landed
