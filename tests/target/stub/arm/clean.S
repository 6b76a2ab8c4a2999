/* SPDX-License-Identifier: BSD-2-Clause */
/* The installer's walk through the caches with an operation that counts: QEMU has none to clean. */
#include "bare/asm.h"
#include "bare/arm/mmu_off.h"

        .macro COUNT_LINE register
        add     r0, r0, #1
        add     r1, r1, \register
        .endm

/*
 * void hr_count_lines(Word result[2])
 * In:       r0 = result; Hyp mode; a stack.
 * Out:      result[0] = operations, result[1] = the sum of what they were given.
 * Clobbers: r0-r3, r12, flags, CSSELR.
 */
FUNC hr_count_lines, .text.hr_count_lines
        push    {r4-r11, lr}
        mov     r12, r0
        mov     r0, #0
        mov     r1, #0
        CLEAN_ALL COUNT_LINE
        str     r0, [r12]
        str     r1, [r12, #4]
        pop     {r4-r11, pc}
END hr_count_lines
