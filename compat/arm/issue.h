/* SPDX-License-Identifier: BSD-2-Clause */
/* clang-format off */
/* The part of compat/issue.h that is arm's. PICK_SITE clobbers r2 and the flags. */
#ifndef HR_COMPAT_ARM_ISSUE_H
#define HR_COMPAT_ARM_ISSUE_H

        .macro PICK_SITE immediate, to
        movw    r2, #\immediate
        cmp     r1, r2
        it      eq
        adreq   \to, .Lsite_\immediate
        .endm

#endif
