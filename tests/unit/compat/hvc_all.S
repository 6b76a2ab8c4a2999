/* SPDX-License-Identifier: BSD-2-Clause */
/* Every HVC twice: by the assembler's own mnemonic, then by HR_HVC. Then SMC, also twice. */
#include "compat/hr_hvc.h"
        .text
#ifdef __arm__
        .syntax unified
        .arch_extension sec
        .arch_extension virt
#ifdef __thumb__
        .thumb
#endif
#endif
        .set    immediate, 0
        .rept   65536
        hvc     #immediate
        .set    immediate, immediate + 1
        .endr
        .set    immediate, 0
        .rept   65536
        HR_HVC(immediate)
        .set    immediate, immediate + 1
        .endr
        smc     #0
        HR_SMC
        .section .note.GNU-stack, "", %progbits
