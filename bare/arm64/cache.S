/* SPDX-License-Identifier: BSD-2-Clause */
#include "bare/asm.h"

/*
 * void hr_cache_flush(uintptr_t start, size_t size): cleans and invalidates to the PoC every data
 * cache line that holds a byte of the range. Needs no memory but the instructions.
 * In:       x0 = start, x1 = bytes; the range may end at 2^64, so that its end is no address: it is
 *           gone through up to its last line
 * Out:      complete (DSB)
 * Clobbers: x0 to x3, flags
 */
FUNC hr_cache_flush, .text.hr_cache_flush
        cbz     x1, .Lflush_done
        sub     x1, x1, #1
        add     x1, x0, x1                      /* x1 := last byte */
        mrs     x2, ctr_el0
        ubfx    x2, x2, #16, #4                 /* DminLine: log2 of words */
        mov     x3, #4
        lsl     x2, x3, x2                      /* x2 := bytes per line */
        sub     x3, x2, #1
        bic     x0, x0, x3
        bic     x1, x1, x3                      /* x1 := last line */
.Lflush_line:
        dc      civac, x0
        cmp     x0, x1
        add     x0, x0, x2
        b.ne    .Lflush_line
.Lflush_done:
        dsb     sy
        ret
END hr_cache_flush
