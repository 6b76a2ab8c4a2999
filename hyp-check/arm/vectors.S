/* SPDX-License-Identifier: BSD-2-Clause */
#include "bare/asm.h"

        /* To `to` if lr is 4 behind a place in [begin, end), words that count from r1. r0 is lost. */
        .macro BRANCH_IF_IN begin, end, to
        ldr     r0, \begin
        add     r0, r0, r1
        cmp     lr, r0
        bls     1f
        ldr     r0, \end
        add     r0, r0, r1
        cmp     lr, r0
        bls     \to
1:
        .endm

/*
 * hr_check_vectors: HVBAR or VBAR while hyp-check runs. An HVC or SMC of hr_check_call or of
 * hr_smccc_call that is UNDEFINED is an answer; everything else is reported.
 * In:       an exception
 * Out:      hr_check_undefined or hr_issue_undefined, in the mode that it came from, SVC or Hyp; or as
 *           hr_report
 * Clobbers: as hr_check_call and hr_smccc_hvc; or everything
 */
TABLE hr_check_vectors, 5
        b       hr_vectors
        b       .Lundefined
        b       hr_vectors + 0x08
        b       hr_vectors + 0x0c
        b       hr_vectors + 0x10
        b       hr_vectors + 0x14
        b       hr_vectors + 0x18
        b       hr_vectors + 0x1c
.Lundefined:
        mrs     r2, cpsr
        and     r2, r2, #PSR_MODE
        cmp     r2, #PSR_MODE_HYP
        /* LR_und is 4 behind the instruction in ARM state [arm/ddi0406c B1.9.1]; Hyp mode has ELR_hyp, and
         * an lr that hr_smccc_hvc has on its stack. */
        mrseq   lr, elr_hyp
        addeq   lr, lr, #4
        cmpne   r2, #PSR_MODE_UND
        bne     .Lreport
        adr     r1, .Lsites
        BRANCH_IF_IN .Lsites, .Lsites_end, .Lcheck_undefined
        BRANCH_IF_IN .Lsmccc, .Lsmccc_end, .Lsmccc_undefined
.Lreport:
        b       hr_vectors + 0x04
.Lcheck_undefined:
        cps     #PSR_MODE_SVC
        b       hr_check_undefined
.Lsmccc_undefined:
        cmp     r2, #PSR_MODE_HYP
        beq     hr_issue_undefined
        cps     #PSR_MODE_SVC
        b       hr_issue_undefined
.Lsites:
        .word   hr_check_sites - .Lsites
.Lsites_end:
        .word   hr_check_sites_end - .Lsites
.Lsmccc:
        .word   hr_smccc_hvc - .Lsites
.Lsmccc_end:
        .word   hr_issue_undefined - .Lsites
END hr_check_vectors
