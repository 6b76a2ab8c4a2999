/* SPDX-License-Identifier: BSD-2-Clause */
/* clang-format off */
/* The part of compat/issue.h that is arm64's. PICK_SITE clobbers x2, x3 and the flags. */
#ifndef HR_COMPAT_ARM64_ISSUE_H
#define HR_COMPAT_ARM64_ISSUE_H

        .macro PICK_SITE immediate, to
        mov     w2, #\immediate
        cmp     w1, w2
        adr     x3, .Lsite_\immediate
        csel    \to, x3, \to, eq
        .endm

#endif
