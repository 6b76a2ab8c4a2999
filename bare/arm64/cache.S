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
        add     x3, x2, #2
        lsr     x0, x0, x3
        lsr     x1, x1, x3
        sub     x1, x1, x0                      /* x1 := lines, less one */
        lsl     x0, x0, x3                      /* x0 := first line */
        mov     x2, #1
        lsl     x2, x2, x3                      /* x2 := bytes per line */
        and     x3, x1, #15                     /* those before a multiple of 16 of them are left */
        sub     x1, x1, x3
        add     x3, x3, #1
.Lflush_line:
        dc      civac, x0
        add     x0, x0, x2
        subs    x3, x3, #1
        b.ne    .Lflush_line
        cbz     x1, .Lflush_done
        /* Tens of megabytes pass here twice between two kernels. */
.Lflush_lines:
        .rept   16
        dc      civac, x0
        add     x0, x0, x2
        .endr
        subs    x1, x1, #16
        b.ne    .Lflush_lines
.Lflush_done:
        dsb     sy
        ret
END hr_cache_flush
