/* SPDX-License-Identifier: BSD-2-Clause */
/* clang-format off */
/* A trap that is no call, as an exception of the program below: a part of vectors.S. */
#ifndef HR_STUB_ARM_UNDEFINED_H
#define HR_STUB_ARM_UNDEFINED_H

        /*
         * A trap that is no call: give it back to PL1 as the Undefined Instruction exception that a
         * CPU without Hyp mode would take [arm/ddi0406c B1.9]. The kernel there reports the exact
         * instruction (or sends SIGILL). Resuming would trap for ever, skipping would corrupt its
         * program, and parking would lose the CPU without a word. The stub enables no trap itself.
         */
        .macro INJECT_UNDEFINED
.Linject_undefined:
        mcr     HIFAR(r1)
        mrs     r1, spsr
        msr     spsr_und, r1
        mrs     r0, elr_hyp
        tst     r1, #PSR_T
        addeq   r0, r0, #4
        addne   r0, r0, #2
        msr     lr_und, r0
        /* r1 := the handler's PSR: IT, J, E, T cleared, then E and T as SCTLR says. */
        bic     r1, r1, #0x07000000
        bic     r1, r1, #0x0000fe00
        bic     r1, r1, #(PSR_T | PSR_MODE)
        orr     r1, r1, #(PSR_I | PSR_MODE_UND)
        mrc     SCTLR(r0)
        tst     r0, #SCTLR_TE
        orrne   r1, r1, #PSR_T
        tst     r0, #SCTLR_EE
        orrne   r1, r1, #PSR_E
        msr     spsr_cxsf, r1
        tst     r0, #SCTLR_V
        mrceq   VBAR(r0)
        mvnne   r0, #0
        lslne   r0, r0, #16             /* Hivecs: 0xffff0000 */
        add     r0, r0, #4
        msr     elr_hyp, r0
        mrc     HIFAR(r1)
        mrc     HDFAR(r0)
        eret
        .endm

#endif /* HR_STUB_ARM_UNDEFINED_H */
