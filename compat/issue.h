/* SPDX-License-Identifier: BSD-2-Clause */
/* clang-format off */
/*
 * What code that chooses an HVC at run time is made of: the immediate is part of the instruction, so
 * there is one HVC, a site, for each row of abi/immediate.def.
 *
 *   PICK_SITE immediate, to     to := the site, when r1 (w1) is the immediate; else to is kept
 *   SITE immediate, back        the site: the HVC, then to back
 *
 * PICK_SITE is the architecture's own: arm/issue.h, arm64/issue.h.
 */
#ifndef HR_COMPAT_ISSUE_H
#define HR_COMPAT_ISSUE_H

#include "bare/asm.h"
#include "compat/hr_hvc.h"
#ifdef __arm__
#include "compat/arm/issue.h"
#else
#include "compat/arm64/issue.h"
#endif

        .macro SITE immediate, back
.Lsite_\immediate:
        HR_HVC(\immediate)
        b       \back
        .endm

#endif
