/* SPDX-License-Identifier: BSD-2-Clause */
#include "tests/coherence/arm/macros.h"

#define SYS_EXIT 0x18

/*
 * test_start: as arm64's.
 * In:       HYP or SVC, as LEVEL says; MMU and caches off
 * Out:      does not return
 * Clobbers: everything
 */
        .arch_extension virt
        .section .text.test_start, "ax"
        .global test_start
        .type   test_start, %function
test_start:
        ldr     r0, =test_vectors
        mcr     p15, OPC1, r0, c12, c0, 0
        isb
        ldr     r9, =test_cases
        ldr     r11, =test_cases_end
1:      cmp     r9, r11
        bhs     2f
        ldr     r0, [r9], #4
        blx     r0
        b       1b
2:      mov     r0, #SYS_EXIT
        ldr     r1, =0x20026 /* ADP_Stopped_ApplicationExit */
        svc     #0x123456
        b       .
        .ltorg
        .size   test_start, . - test_start

        .macro VECTORS name
        .section .text.\name, "ax"
        .balign 32
        .global \name
        .type   \name, %function
\name:
        b       .
        b       .
        b       1f              /* a call returns */
        b       .
        b       2f              /* data abort: the instruction is skipped */
        b       .
        b       .
        b       .
#if LEVEL == 2
1:      eret
2:      mrs     r8, elr_hyp
        add     r8, r8, #4
        msr     elr_hyp, r8
        eret
#else
1:      movs    pc, lr
2:      subs    pc, lr, #4
#endif
        .size   \name, . - \name
        .endm
        VECTORS test_vectors
        VECTORS other_vectors

        .section .rodata, "a"
        .balign 4096
        /* test_table: level 1, 1 GiB an entry. */
        .global test_table
test_table:
        .word   0x00000409, 0x00600000
        .word   0x40000701, 0
        .word   0x40000705, 0x00600000
        .word   0x40000409, 0x00600000
        .balign 4096
