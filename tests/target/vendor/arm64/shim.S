/* SPDX-License-Identifier: BSD-2-Clause */
/* The entry of residents that are written in C++: residents.hpp. */
#include "bare/asm.h"
#include "tests/target/harness/cpu.h"

        .weak   hr_of_ours_line         /* a BL to what is not there goes on behind itself */

/*
 * hr_of_ours_vectors: VBAR_EL2 of every resident of ours. An HVC comes to hr_of_ours_answer with all its
 * registers, and goes back with what that made of them; a trapped instruction on a cache line
 * (HCR_EL2.TPC) to hr_of_ours_line, if the program has that, and is passed over.
 * In:       EL2, by an HVC or that trap; a stack.
 * Out:      by ERET, every register as hr_of_ours_answer left it; in the harness's own vectors on the
 *           harness's HVC; at hr_target_land_hyp when the CPU is parked.
 * Clobbers: nothing.
 */
TABLE hr_of_ours_vectors, 11
        .irp    offset, 0x000, 0x080, 0x100, 0x180, 0x200, 0x280, 0x300, 0x380
SLOT \offset
        b       .
        .endr
SLOT 0x400
        b       .Lenter
        .irp    offset, 0x480, 0x500, 0x580, 0x600, 0x680, 0x700, 0x780
SLOT \offset
        b       .
        .endr
SLOT 0x800
.Lenter:
        sub     sp, sp, #256
        stp     x0, x1, [sp]
        STORE_X2_X17 sp
        STORE_X18_X29 sp
        str     x30, [sp, #240]
        mrs     x1, esr_el2
        lsr     x2, x1, #26
        cmp     x2, #0x18               /* a trapped MSR, MRS or system instruction */
        b.eq    .Lline
        and     x1, x1, #0xffff
        mov     x2, #HR_TARGET_HVC_BACK
        cmp     x1, x2
        b.eq    .Lleave
        mov     x0, sp
        bl      hr_of_ours_answer
        cbz     x0, hr_target_land_hyp
.Lback:
        LOAD_X2_X17 sp
        LOAD_X18_X29 sp
        ldr     x30, [sp, #240]
        ldp     x0, x1, [sp], #256
        eret
.Lline:
        ubfx    x2, x1, #5, #5          /* its register, which is not XZR */
        ldr     x0, [sp, x2, lsl #3]
        bl      hr_of_ours_line
        mrs     x0, elr_el2
        add     x0, x0, #4
        msr     elr_el2, x0
        b       .Lback
.Lleave:
        ldr     x0, =hr_target_hyp_vectors
        msr     vbar_el2, x0
        isb
        b       hr_target_hyp_vectors + 0x400
        .ltorg
END hr_of_ours_vectors
