/* SPDX-License-Identifier: BSD-2-Clause */
/* clang-format off */
/*
 * A part of vectors.S: a trap that is no call. It goes back to PL1 as the Undefined Instruction exception
 * that a CPU without Hyp mode would take [arm/ddi0406c B1.9]. The kernel there reports the exact
 * instruction (or sends SIGILL). Resuming would trap for ever, skipping would corrupt its program, and
 * parking would lose the CPU without a word. The stub enables no trap itself. r0 is free (HTPIDR).
 */
/* [undefined] */
.Lundefined:
        mrs     r0, spsr                /* what the program was: */
        msr     spsr_und, r0            /* SPSR_und = the program that trapped */
        tst     r0, #PSR_T              /* LR_und = the next instruction: */
        mrs     r0, elr_hyp             /* (the flags stay) */
        addeq   r0, r0, #4              /* 4 bytes on in A32, */
        addne   r0, r0, #2              /* 2 in T32, whatever its size */
        msr     lr_und, r0              /* as the CPU would have set it */
        mrc     SCTLR(r0)               /* the handler is Thumb if SCTLR.TE says so */
        tst     r0, #SCTLR_TE           /* (kept in the flags until the ORRNE) */
        mrs     r0, spsr                /* SPSR_hyp = what the handler runs with: */
        bic     r0, r0, #0x07000000     /* no IT state, no Jazelle, */
        bic     r0, r0, #0x0000fe00     /* no more of the IT state, little endian, */
        bic     r0, r0, #(PSR_T | PSR_MODE) /* A32, and no mode: */
        orr     r0, r0, #(PSR_I | PSR_MODE_UND) /* Undefined mode, IRQ masked */
        orrne   r0, r0, #PSR_T          /* Thumb after all */
        msr     spsr_cxsf, r0           /* so far; the ERET restores it */
        mrc     SCTLR(r0)               /* big endian if SCTLR.EE says so */
        tst     r0, #SCTLR_EE           /* (kept in the flags) */
        mrs     r0, spsr                /* what there is so far, */
        orrne   r0, r0, #PSR_E          /* and big endian, */
        msr     spsr_cxsf, r0           /* is all of it */
        mrc     SCTLR(r0)               /* the vectors are at VBAR, */
        tst     r0, #SCTLR_V            /* unless SCTLR.V says 0xffff0000: */
        mrceq   VBAR(r0)                /* r0 := the one, */
        mvnne   r0, #0                  /* or the other: all ones */
        lslne   r0, r0, #16             /* but for the lower half */
        add     r0, r0, #4              /* ELR_hyp = their slot for UNDEF */
        msr     elr_hyp, r0             /* which the ERET leads to */
        mrc     HTPIDR(r0)              /* every register as the program had it */
        eret                            /* into the handler */
/* [end] */
