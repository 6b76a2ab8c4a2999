/* SPDX-License-Identifier: BSD-2-Clause */
/* What a kernel does to memory through its caches; for hr_relay_test_execute. */
#include "bare/asm.h"

#define STEP 16 /* bytes; no line is shorter [arm/ddi0406, CTR.DminLine] */

        .arm

/*
 * hr_relay_test_dirty(Word start, Word size): a word of each line is written, to what it is, and stays in the cache.
 * In:       r0 = start, r1 = bytes, multiples of 16; MMU and caches on, the range mapped for writing
 * Out:      every line of the range is dirty
 * Clobbers: r1, r3, r12, flags
 */
FUNC hr_relay_test_dirty, .text.hr_relay_test_dirty
        mov     r3, r0
        add     r1, r0, r1
.Ldirty_line:
        ldr     r12, [r3]
        str     r12, [r3], #STEP
        cmp     r3, r1
        blo     .Ldirty_line
        bx      lr
END hr_relay_test_dirty

/*
 * hr_relay_test_store(Word start, Word size): the same, and then it is all brought to memory, as what a kernel loads.
 * In:       as hr_relay_test_dirty
 * Out:      no line of the range is dirty; while it is mapped, caches may have copies again
 * Clobbers: r0 to r3, r12, flags
 */
FUNC hr_relay_test_store, .text.hr_relay_test_dirty
        mov     r2, r1
        mov     r3, r0
        add     r1, r0, r1
.Lstore_line:
        ldr     r12, [r3]
        str     r12, [r3], #STEP
        cmp     r3, r1
        blo     .Lstore_line
        mov     r1, r2
        b       hr_cache_flush
END hr_relay_test_store
