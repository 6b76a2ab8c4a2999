/* SPDX-License-Identifier: BSD-2-Clause */
/* clang-format off */
/* A trap that is no call, as an exception of the program below: a part of vectors.S. */
#ifndef HR_STUB_ARM64_UNDEFINED_H
#define HR_STUB_ARM64_UNDEFINED_H

        /*
         * A trap that is no call: give it back to EL1 as the exception of an UNDEFINED instruction
         * that a CPU without EL2 would take [arm/ddi0487 D1.3]. The kernel there reports the exact
         * instruction (or sends SIGILL). Resuming would trap for ever, skipping would corrupt its
         * program, and parking would lose the CPU without a word. The stub enables no trap itself.
         * FAR_EL1 is UNKNOWN after such an exception: it keeps x1.
         */
        .macro INJECT_UNDEFINED id
.Linject_undefined_\id:
        /* With E2H the names of EL1 mean EL2, with RW clear EL1 is AArch32: somebody else's EL2. */
        mrs     x0, hcr_el2
        tbnz    x0, #HCR_E2H_BIT, .Lpark_trap_\id
        tbz     x0, #HCR_RW_BIT, .Lpark_trap_\id
        msr     far_el1, x1
        mrs     x0, elr_el2
        msr     elr_el1, x0
        mov     x0, #ESR_UNKNOWN
        msr     esr_el1, x0
        mrs     x1, spsr_el2            /* x1 := SPSR of the trap */
        msr     spsr_el1, x1
        mrs     x0, vbar_el1
        b       .Lfind_vector_\id
PARK 0x680
        /* From EL0: +400, AArch32 +600. From EL1: EL1t +000, EL1h +200. */
.Lfind_vector_\id:
        tbnz    x1, #SPSR_M_EL1_BIT, .Lfrom_el1_\id
        add     x0, x0, #0x400
        lsr     x1, x1, #SPSR_M_NRW_BIT
.Lfrom_el1_\id:
        and     x1, x1, #SPSR_M_SP
        add     x0, x0, x1, lsl #9
        msr     elr_el2, x0
        mov     x0, #SPSR_EL1H_MASKED
        msr     spsr_el2, x0
        mrs     x1, far_el1
        mrs     x0, far_el2
        eret
.Lpark_trap_\id:
        wfe
        b       .Lpark_trap_\id
        .endm

#endif /* HR_STUB_ARM64_UNDEFINED_H */
