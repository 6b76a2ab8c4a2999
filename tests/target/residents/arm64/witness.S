/* SPDX-License-Identifier: BSD-2-Clause */
#include "bare/asm.h"

/*
 * hr_witness_start: an Image [linux/arm64/booting section 4].
 * In:       as a kernel
 * Out:      does not return; hr_witness_main(x0, x1, x2, CurrentEL, x3)
 * Clobbers: everything
 */
FUNC hr_witness_start, .head
        b       .Lbegin
        nop
        .quad   0                               /* text_offset */
        .quad   hr_witness_end                  /* image_size */
        .quad   0xa                             /* little endian, 4 KiB pages, anywhere */
        .quad   0, 0, 0
        .ascii  "ARM\144"
        .word   0
.Lbegin:
        mov     x4, x3
        mrs     x3, CurrentEL
        adrp    x5, hr_witness_stack
        add     x5, x5, :lo12:hr_witness_stack
        mov     sp, x5
        bl      hr_witness_main
        b       .
END hr_witness_start
