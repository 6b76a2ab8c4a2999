/* SPDX-License-Identifier: BSD-2-Clause */
/* clang-format off */
/*
 * A part of vectors.S: a trap that is no call. It goes back to EL1 as the exception of an UNDEFINED
 * instruction that a CPU without EL2 would take [arm/ddi0487 D1.3]. The kernel there reports the exact
 * instruction (or sends SIGILL). Resuming would trap for ever, skipping would corrupt its program, and
 * parking would lose the CPU without a word. The stub enables no trap itself. x0 is free (TPIDR_EL2).
 *
 * PSTATE in the handler is that of ARMv8.0: PAN, SSBS, DIT and TCO are 0, whatever SCTLR_EL1.SPAN and DSSBS
 * ask of an exception that the CPU takes itself. Until the handler's ERET brings back the program's, user
 * memory can be touched unnoticed there, no store is bypassed, and tags are checked. Looking all that up would
 * double this code, for a trap that the stub never enables.
 */
/* [undefined] */
.Lundefined:
        mrs     x0, hcr_el2             /* whose EL1 is it? */
        tbnz    x0, #HCR_E2H_BIT, .Lpark_trap /* the names of EL1 mean EL2: somebody else's EL2 */
        tbz     x0, #HCR_RW_BIT, .Lpark_trap /* EL1 is AArch32: the same */
        mrs     x0, elr_el2             /* what a CPU without EL2 would have set: */
        msr     elr_el1, x0             /* ELR_EL1 = the instruction that trapped */
        mov     x0, #ESR_UNKNOWN        /* no better class: */
        msr     esr_el1, x0             /* ESR_EL1 = an UNDEFINED instruction */
        mrs     x0, spsr_el2            /* what it was: */
        msr     spsr_el1, x0            /* SPSR_EL1 = the program that trapped, */
        and     x0, x0, #SPSR_M         /* whose mode chooses the slot of VBAR_EL1: */
        cbz     x0, .Lfrom_el0          /* 0 is EL0, AArch64 */
        cmp     x0, #SPSR_M_EL1H        /* 4 or 5 is EL1, 0x10 is AArch32 */
        mrs     x0, vbar_el1            /* (the flags stay) */
        b.lo    .Ldeliver               /* EL1 with SP_EL0: +000 */
        add     x0, x0, #0x200          /* the next group of slots, */
        b.eq    .Ldeliver               /* EL1 with SP_EL1: +200 */
        add     x0, x0, #0x400          /* EL0, AArch32: +600 */
        b       .Ldeliver
.Lfrom_el0:
        mrs     x0, vbar_el1            /* the third group: */
        add     x0, x0, #0x400          /* EL0, AArch64: +400 */
        /* falls through */
.Ldeliver:
        msr     elr_el2, x0             /* the ERET leads there, */
        mov     x0, #SPSR_EL1H_MASKED   /* as ARMv8.0 would enter it: */
        msr     spsr_el2, x0            /* at EL1 with SP_EL1, exceptions masked */
        mrs     x0, tpidr_el2           /* every register as the program had it */
        eret                            /* into the handler */

.Lpark_trap:
        wfe                             /* nobody to give it to: the CPU stays here, */
        b       .Lpark_trap             /* every register but x0 as evidence */
/* [end] */
