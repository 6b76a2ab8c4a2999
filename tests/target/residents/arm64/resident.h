/* SPDX-License-Identifier: BSD-2-Clause */
/* clang-format off */
/*
 * What the residents share. Each defines
 *   hr_resident_enter    In: x19 = where to go at EL1; makes itself resident and goes there
 */
#ifndef TESTS_TARGET_RESIDENTS_ARM64_RESIDENT_H
#define TESTS_TARGET_RESIDENTS_ARM64_RESIDENT_H

#include "bare/asm.h"
#include "tests/target/residents/layout.h"

#define SCTLR_EE_HIGH 0x200 /* EE, in the upper half of SCTLR_EL1 and SCTLR_EL2 */

        /* SLOTS: HVC from below goes to .Lserve, all else to .Lruined. */
        .macro SLOTS
        .irp    number, 0, 1, 2, 3, 4, 5, 6, 7
        SLOT    0x80 * \number
        b       .Lruined
        .endr
        SLOT    0x400
        b       .Lserve
        .irp    number, 9, 10, 11, 12, 13, 14, 15
        SLOT    0x80 * \number
        b       .Lruined
        .endr
        SLOT    0x800
        .endm

        /* DROP: to EL1 at x19, as a kernel's kexec enters what it has loaded. */
        .macro DROP
        msr     elr_el2, x19
        mov     x0, #SPSR_EL1H_MASKED
        msr     spsr_el2, x0
        mov     x0, xzr
        mov     x1, xzr
        mov     x2, xzr
        mov     x3, xzr
        eret
        .endm

        /* RUINED: the real one would be gone for good. Semihosting's SYS_EXIT with status 99. */
        .macro RUINED
        mov     x0, #0x18
        adr     x1, .Lexit_block
        hlt     #0xf000
        b       .
        .balign 8
.Lexit_block:
        .quad   0x20026, 99
        .endm

#endif
