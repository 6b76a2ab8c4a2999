/* SPDX-License-Identifier: BSD-2-Clause */
/* What a kernel does to memory through its caches; for hr_relay_test_execute. */
#include "bare/asm.h"

#define STEP 16 /* bytes; no line is shorter [arm/ddi0487, CTR_EL0.DminLine] */

/*
 * hr_relay_test_dirty(Word start, Word size): a word of each line is written, to what it is, and stays in the cache.
 * In:       x0 = start, x1 = bytes, multiples of 16; MMU and caches on, the range mapped for writing
 * Out:      every line of the range is dirty
 * Clobbers: x1, x3, x4, flags
 */
FUNC hr_relay_test_dirty, .text.hr_relay_test_dirty
        mov     x3, x0
        add     x1, x0, x1
.Ldirty_line:
        ldr     x4, [x3]
        str     x4, [x3], #STEP
        cmp     x3, x1
        b.lo    .Ldirty_line
        ret
END hr_relay_test_dirty

/*
 * hr_relay_test_store(Word start, Word size): the same, and then it is all brought to memory, as what a kernel loads.
 * In:       as hr_relay_test_dirty
 * Out:      no line of the range is dirty; while it is mapped, caches may have copies again
 * Clobbers: x0 to x4, flags
 */
FUNC hr_relay_test_store, .text.hr_relay_test_dirty
        mov     x2, x1
        mov     x3, x0
        add     x1, x0, x1
.Lstore_line:
        ldr     x4, [x3]
        str     x4, [x3], #STEP
        cmp     x3, x1
        b.lo    .Lstore_line
        mov     x1, x2
        b       hr_cache_flush
END hr_relay_test_store
