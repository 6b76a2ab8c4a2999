/* SPDX-License-Identifier: BSD-2-Clause */
#include "bare/asm.h"
#include "bare/arm64/kernel.h"

/*
 * hr_image_start: an Image.
 * In:       as a kernel
 * Out:      does not return; hr_witness_main(x0, x1, x2, CurrentEL, x3)
 * Clobbers: everything
 */
FUNC hr_image_start, .head
        KERNEL_HEADER hr_image_end, .Lbegin
.Lbegin:
        mov     x4, x3
        mrs     x3, CurrentEL
        adrp    x5, hr_image_stack
        add     x5, x5, :lo12:hr_image_stack
        mov     sp, x5
        bl      hr_witness_main
        b       .
END hr_image_start
