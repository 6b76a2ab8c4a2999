/* SPDX-License-Identifier: BSD-2-Clause */
/* The entry of residents that are written in C++: residents.hpp. */
#include "bare/asm.h"
#include "tests/target/harness/cpu.h"

/*
 * hr_of_ours_vectors: HVBAR of every resident of ours. An HVC comes to hr_of_ours_answer with all its
 * registers, and goes back with what that made of them.
 * In:       Hyp mode, by an HVC; a stack.
 * Out:      by ERET, every register as hr_of_ours_answer left it; in the harness's own vectors on the
 *           harness's HVC; at hr_target_land_hyp when the CPU is parked.
 * Clobbers: nothing.
 */
TABLE hr_of_ours_vectors, 5
SLOT 0x00
        b       .
SLOT 0x04
        b       .
SLOT 0x08
        b       .
SLOT 0x0c
        b       .
SLOT 0x10
        b       .
SLOT 0x14
        b       .Lenter
SLOT 0x18
        b       .
SLOT 0x1c
        b       .
.Lenter:
        push    {r0-r12, lr}
        mrc     HSR(r1)
        uxth    r1, r1
        movw    r2, #HR_TARGET_HVC_BACK
        cmp     r1, r2
        beq     .Lleave
        mov     r0, sp
        bl      hr_of_ours_answer
        cmp     r0, #0
        beq     hr_target_land_hyp
        pop     {r0-r12, lr}
        eret
.Lleave:
        ldr     r0, =hr_target_hyp_vectors
        mcr     HVBAR(r0)
        isb
        b       hr_target_hyp_vectors + 0x14
        .ltorg
END hr_of_ours_vectors
