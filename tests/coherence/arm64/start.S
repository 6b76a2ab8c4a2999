/* SPDX-License-Identifier: BSD-2-Clause */
#include "tests/coherence/arm64/macros.h"

#define SYS_EXIT 0x18
#define EC_SVC 0x15
#define EC_HVC 0x16

/*
 * test_start: QEMU begins here. Calls every case, then ends the guest.
 * In:       EL2 or EL1, as LEVEL says; MMU and caches off
 * Out:      does not return
 * Clobbers: everything
 */
        .section .text.test_start, "ax"
        .global test_start
        .type   test_start, %function
test_start:
        ldr     x0, =test_vectors
        msr     SYSTEM(vbar), x0
        isb
        ldr     x21, =test_cases
        ldr     x22, =test_cases_end
1:      cmp     x21, x22
        b.hs    2f
        ldr     x0, [x21], #8
        blr     x0
        b       1b
2:      ldr     x1, =test_exit
        mov     x0, #SYS_EXIT
        hlt     #0xf000
        b       .
        .ltorg
        .size   test_start, . - test_start

        /* An instruction that faults is skipped; a call returns. */
        .macro VECTORS name
        .section .text.\name, "ax"
        .balign 0x800
        .global \name
        .type   \name, %function
\name:
        .rept   16
        .balign 0x80
        mrs     x16, SYSTEM(esr)
        lsr     x16, x16, #26
        cmp     x16, #EC_SVC
        b.eq    1f
        cmp     x16, #EC_HVC
        b.eq    1f
        mrs     x16, SYSTEM(elr)
        add     x16, x16, #4
        msr     SYSTEM(elr), x16
1:      eret
        .endr
        .balign 0x80
        .size   \name, . - \name
        .endm
        VECTORS test_vectors
        VECTORS other_vectors

        .section .rodata, "a"
        .balign 16
test_exit:
        .quad   0x20026, 0 /* ADP_Stopped_ApplicationExit */
        /* Device (never executable); this program's memory as write-back, uncached, Device. */
        .balign 4096
        /* test_table: level 1, 1 GiB an entry. */
        .global test_table
test_table:
        .quad   0x0060000000000409
        .quad   0x0000000040000701
        .quad   0x0060000040000705
        .quad   0x0060000040000409
        .balign 4096
