/* SPDX-License-Identifier: BSD-2-Clause */
/* clang-format off */
/*
 * What code that chooses an HVC at run time is made of: the immediate is part of the instruction, so
 * there is one HVC, a site, for each row of abi/immediate.def.
 *
 *   PICK_SITE immediate, to     to := the site, when r1 is the immediate. Clobbers r2, flags
 *   SITE immediate, back        the site: the HVC, then to back
 */
#ifndef HR_COMPAT_ARM_ISSUE_H
#define HR_COMPAT_ARM_ISSUE_H

#include "bare/asm.h"
#include "compat/hr_hvc.h"

        .macro PICK_SITE immediate, to
        movw    r2, #\immediate
        cmp     r1, r2
        it      eq
        adreq   \to, .Lsite_\immediate
        .endm

        .macro SITE immediate, back
.Lsite_\immediate:
        HR_HVC(\immediate)
        b       \back
        .endm

#endif
