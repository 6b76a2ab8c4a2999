/* SPDX-License-Identifier: BSD-2-Clause */
#include "bare/asm.h"

/*
 * void hr_cache_flush(uintptr_t start, size_t size): cleans and invalidates to the PoC every data
 * cache line that holds a byte of the range. Needs no memory but the instructions.
 * In:       r0 = start, r1 = bytes
 * Out:      complete (DSB)
 * Clobbers: r0 to r3, flags
 */
FUNC hr_cache_flush, .text.hr_cache_flush
        add     r1, r0, r1                      /* r1 := end */
        mrc     CTR(r2)
        ubfx    r2, r2, #16, #4                 /* DminLine: log2 of words */
        mov     r3, #4
        lsl     r2, r3, r2                      /* r2 := bytes per line */
        sub     r3, r2, #1
        bic     r0, r0, r3
        cmp     r0, r1
        bhs     .Lflush_done
.Lflush_line:
        mcr     DCCIMVAC(r0)
        add     r0, r0, r2
        cmp     r0, r1
        blo     .Lflush_line
.Lflush_done:
        dsb
        bx      lr
END hr_cache_flush
