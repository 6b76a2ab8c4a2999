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
        add     r3, r2, #2
        lsr     r0, r0, r3
        lsr     r1, r1, r3
        sub     r1, r1, r0                      /* r1 := lines, less one */
        lsl     r0, r0, r3                      /* r0 := first line */
        mov     r2, #1
        lsl     r2, r2, r3                      /* r2 := bytes per line */
        and     r3, r1, #15                      /* those before a multiple of 16 of them are left */
        sub     r1, r1, r3
        add     r3, r3, #1
.Lflush_line:
        mcr     DCCIMVAC(r0)
        add     r0, r0, r2
        subs    r3, r3, #1
        bne     .Lflush_line
        cmp     r1, #0
        beq     .Lflush_done
        /* Tens of megabytes pass here twice between two kernels. */
.Lflush_lines:
        .rept   16
        mcr     DCCIMVAC(r0)
        add     r0, r0, r2
        .endr
        subs    r1, r1, #16
        bne     .Lflush_lines
.Lflush_done:
        dsb
        bx      lr
END hr_cache_flush
