/* SPDX-License-Identifier: BSD-2-Clause */
#include "bare/arm64/kernel.h"
#include "tests/target/residents/arm64/resident.h"

/*
 * hr_image_start: an Image.
 * In:       as a kernel
 * Out:      does not return; hr_below_main(x0, CurrentEL)
 * Clobbers: everything
 */
FUNC hr_image_start, .head
        KERNEL_HEADER hr_image_end, .Lbegin   /* whoever adds a bundle says so there */
.Lbegin:
        mrs     x1, CurrentEL
        adrp    x4, hr_image_stack
        add     x4, x4, :lo12:hr_image_stack
        mov     sp, x4
        bl      hr_below_main
        b       .
END hr_image_start

/*
 * void hr_below_call(x0 = function, x1 = stack, x2 = argument)
 * In:       EL2, MMU and caches off; the function was written as data
 * Out:      does not return
 * Clobbers: x3
 */
FUNC hr_below_call, .text.hr_below_call
        dsb     sy
        ic      iallu
        dsb     sy
        isb
        mov     sp, x1
        mov     x3, x0
        mov     x0, x2
        br      x3
END hr_below_call

/*
 * void hr_below_drop(x0 = vectors, x1 = entry)
 * In:       EL2, MMU and caches off; the vectors are the kernel's before
 * Out:      at EL1, as a kernel's kexec enters what it has loaded
 * Clobbers: everything
 */
FUNC hr_below_drop, .text.hr_below_drop
        mov     x19, x1
        msr     vbar_el2, x0
        dsb     sy
        ic      iallu
        dsb     sy
        isb
        DROP
END hr_below_drop
