/* SPDX-License-Identifier: BSD-2-Clause */
#include "bare/asm.h"

/*
 * void hr_cache_flush(uintptr_t start, size_t size): cleans and invalidates to the PoC every data
 * cache line that holds a byte of the range. Needs no memory but the instructions.
 * In:       r0 = start, r1 = bytes; the range may end at 2^32, so that its end is no address: it is
 *           gone through up to its last line
 * Out:      complete (DSB)
 * Clobbers: r0 to r3, flags
 */
FUNC hr_cache_flush, .text.hr_cache_flush
        cmp     r1, #0
        beq     .Lflush_done
        sub     r1, r1, #1
        add     r1, r0, r1                      /* r1 := last byte */
        mrc     CTR(r2)
        ubfx    r2, r2, #16, #4                 /* DminLine: log2 of words */
        mov     r3, #4
        lsl     r2, r3, r2                      /* r2 := bytes per line */
        sub     r3, r2, #1
        bic     r0, r0, r3
        bic     r1, r1, r3                      /* r1 := last line */
.Lflush_line:
        mcr     DCCIMVAC(r0)
        cmp     r0, r1
        add     r0, r0, r2
        bne     .Lflush_line
.Lflush_done:
        dsb
        bx      lr
END hr_cache_flush
