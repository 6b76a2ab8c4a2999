/* SPDX-License-Identifier: BSD-2-Clause */
/* clang-format off */
/*
 * What code that chooses an HVC at run time is made of: the immediate is part of the instruction, so
 * there is one HVC, a site, for each row of abi/immediate.def.
 *
 *   PICK_SITE immediate, to     to := the site, when w1 is the immediate. Clobbers x2, x3, flags
 *   SITE immediate, back        the site: the HVC, then to back
 *   LOAD_X0_X17 from            x0 to x17 from memory at register from, which is another one
 *   STORE_X0_X17 to             and to memory
 */
#ifndef HR_COMPAT_ARM64_ISSUE_H
#define HR_COMPAT_ARM64_ISSUE_H

#include "bare/asm.h"
#include "compat/hr_hvc.h"

        .macro PICK_SITE immediate, to
        mov     w2, #\immediate
        cmp     w1, w2
        adr     x3, .Lsite_\immediate
        csel    \to, x3, \to, eq
        .endm

        .macro SITE immediate, back
.Lsite_\immediate:
        HR_HVC(\immediate)
        b       \back
        .endm

        .macro LOAD_X0_X17 from
        ldp     x0, x1, [\from, #0]
        ldp     x2, x3, [\from, #16]
        ldp     x4, x5, [\from, #32]
        ldp     x6, x7, [\from, #48]
        ldp     x8, x9, [\from, #64]
        ldp     x10, x11, [\from, #80]
        ldp     x12, x13, [\from, #96]
        ldp     x14, x15, [\from, #112]
        ldp     x16, x17, [\from, #128]
        .endm

        .macro STORE_X0_X17 to
        stp     x0, x1, [\to, #0]
        stp     x2, x3, [\to, #16]
        stp     x4, x5, [\to, #32]
        stp     x6, x7, [\to, #48]
        stp     x8, x9, [\to, #64]
        stp     x10, x11, [\to, #80]
        stp     x12, x13, [\to, #96]
        stp     x14, x15, [\to, #112]
        stp     x16, x17, [\to, #128]
        .endm

#endif
