/* SPDX-License-Identifier: BSD-2-Clause */
/* The installer's walk through the caches with an operation that counts: QEMU has none to clean. */
#include "bare/asm.h"
#include "bare/arm64/mmu_off.h"

        .macro COUNT_LINE register
        add     x0, x0, #1
        add     x1, x1, \register
        .endm

/*
 * void hr_count_lines(Word result[2])
 * In:       x0 = result; EL2.
 * Out:      result[0] = operations, result[1] = the sum of what they were given.
 * Clobbers: x0-x13, flags, CSSELR_EL1.
 */
FUNC hr_count_lines, .text.hr_count_lines
        mov     x13, x0
        mov     x0, #0
        mov     x1, #0
        CLEAN_ALL COUNT_LINE
        stp     x0, x1, [x13]
        ret
END hr_count_lines
