/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What every .S file of this folder begins with: the numbers of abi/, HVC, and
 *   FUNC name   begins a global function (hidden: it is for one link), in a section of its own
 *   END name    ends it
 * Functions of one file may branch into each other: each is kept when one is.
 */
/* clang-format off */
#ifndef HR_COMPAT_ASM_H
#define HR_COMPAT_ASM_H

#define HR_ASSEMBLY
#include "abi/hr_abi.h"
#include "compat/hr_hvc.h"

#ifdef __arm__
        .syntax unified
#endif

        .macro FUNC name
        .section .text.\name, "ax", %progbits
        .balign 4
        .globl \name
        .hidden \name
        .type \name, %function
#ifdef __thumb__
        .thumb_func
#endif
\name:
        .endm

        .macro END name
        .size \name, . - \name
        .endm

        /* Nothing here runs on a stack that would have to be executable. */
        .section .note.GNU-stack, "", %progbits

#endif /* HR_COMPAT_ASM_H */
