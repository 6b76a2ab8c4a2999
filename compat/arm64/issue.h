/* SPDX-License-Identifier: BSD-2-Clause */
/* clang-format off */
/*
 * What code that chooses an HVC at run time is made of: the immediate is part of the instruction, so
 * there is one HVC, a site, for each row of abi/immediate.def.
 *
 *   PICK_SITE immediate, to     to := the site, when w1 is the immediate. Clobbers x2, x3, flags
 *   SITE immediate, back        the site: the HVC, then to back
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

#endif
