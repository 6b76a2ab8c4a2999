/* SPDX-License-Identifier: BSD-2-Clause */
/* clang-format off */
/*
 * What the residents share. Each defines
 *   hr_resident_enter    In: r4 = where to go at SVC; makes itself resident and goes there
 * HR_RESIDENT_TE and HR_RESIDENT_EE: bits of HSCTLR, the state of whoever was built with them.
 */
#ifndef TESTS_TARGET_RESIDENTS_ARM_RESIDENT_H
#define TESTS_TARGET_RESIDENTS_ARM_RESIDENT_H

#include "bare/asm.h"
#include "tests/target/residents/layout.h"

#ifdef HR_RESIDENT_BIG_ENDIAN
#define HR_RESIDENT_EE SCTLR_EE
#else
#define HR_RESIDENT_EE 0
#endif
#define HR_RESIDENT_HSCTLR (HSCTLR_OFF | HSCTLR_TE | HR_RESIDENT_EE)

        /* SLOTS: HVC from below goes to .Lserve, all else to .Lruined. */
        .macro SLOTS
        BRANCH_WIDE .Lruined
        BRANCH_WIDE .Lruined
        BRANCH_WIDE .Lruined
        BRANCH_WIDE .Lruined
        BRANCH_WIDE .Lruined
        BRANCH_WIDE .Lserve
        BRANCH_WIDE .Lruined
        BRANCH_WIDE .Lruined
        .endm

        /* DROP: to SVC at r4, as a kernel's kexec enters what it has loaded. */
        .macro DROP
        msr     elr_hyp, r4
        movw    r0, #(PSR_A | PSR_I | PSR_F | PSR_MODE_SVC)
        msr     spsr_cxsf, r0
        mov     r0, #0
        mvn     r1, #0
        mov     r2, #0
        eret
        .endm

        /* RUINED: the real one would be gone for good. Semihosting's SYS_EXIT_EXTENDED, status 99. */
        .macro RUINED
        mov     r0, #0x20
        adr     r1, .Lexit_block
#ifdef __thumb__
        svc     #0xab
#else
        svc     #0x123456
#endif
        b       .
        .balign 4
.Lexit_block:
        .word   0x20026, 99
        .endm

#endif
