/* SPDX-License-Identifier: BSD-2-Clause */
/* SMCCC out of line, compat/hr_smccc.h, for arm64, either endianness. */
#include "bare/asm.h"
#include "compat/hr_hvc.h"

/*
 * hr_word hr_smccc_hvc(const struct hr_registers* in, struct hr_registers* out)
 * In:       x0 = in, x1 = out (x0 to x17); below EL2; a stack.
 * Out:      x0 = HR_ISSUE_DONE, registers stored.
 * Clobbers: x1-x17, flags.
 */
FUNC hr_smccc_hvc, .text.hr_smccc
        stp     x1, x30, [sp, #-16]!    /* the frame of a call, as hr_issue makes it too: out comes first */
        LOAD_X2_X17 x0
        ldp     x0, x1, [x0]
        HR_HVC(0)
END hr_smccc_hvc

/*
 * hr_smccc_store: behind the HVC or SMC.
 * In:       x0 to x17 = results; [sp] = the frame.
 * Out:      as hr_smccc_hvc.
 * Clobbers: as hr_smccc_hvc.
 */
FUNC hr_smccc_store, .text.hr_smccc
        ldr     x30, [sp]               /* x30 := out */
        STORE_X0_X17 x30
        mov     x0, #HR_ISSUE_DONE
.Lreturn_status:
        ldp     x1, x30, [sp], #16
        ret
END hr_smccc_store

/*
 * hr_word hr_smccc_smc(const struct hr_registers* in, struct hr_registers* out)
 * In:       as hr_smccc_hvc; below EL3.
 * Out:      as hr_smccc_hvc.
 * Clobbers: as hr_smccc_hvc.
 */
FUNC hr_smccc_smc, .text.hr_smccc
        stp     x1, x30, [sp, #-16]!
        LOAD_X2_X17 x0
        ldp     x0, x1, [x0]
        HR_SMC
        b       hr_smccc_store
END hr_smccc_smc

/*
 * hr_issue_undefined: where a handler of Undefined Instruction exceptions resumes.
 * In:       sp = as it was at the HVC or SMC; the caller's level.
 * Out:      as hr_issue, hr_smccc_hvc, hr_smccc_smc: x0 = HR_ISSUE_UNDEFINED, the registers in memory
 *           untouched.
 * Clobbers: x1-x17, flags.
 */
FUNC hr_issue_undefined, .text.hr_smccc
        mov     x0, #HR_ISSUE_UNDEFINED
        b       .Lreturn_status
END hr_issue_undefined

/*
 * hr_issue_landed: where code that the HVC brought to EL2 goes on with its caller.
 * In:       sp = as SP_EL1 was at the HVC; EL2.
 * Out:      as hr_issue: x0 = HR_ISSUE_LANDED, the registers in memory untouched; at EL2.
 * Clobbers: x1-x17, flags.
 */
FUNC hr_issue_landed, .text.hr_smccc
        mov     x0, #HR_ISSUE_LANDED
        b       .Lreturn_status
END hr_issue_landed
