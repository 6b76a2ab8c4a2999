/* SPDX-License-Identifier: BSD-2-Clause */
/* What the hardware says of cache maintenance and of translation tables: by its own traps and faults. */
#include "bare/asm.h"

#define ESR_EC_SYSTEM 0x18 /* MSR, MRS or a system instruction, trapped */

/*
 * hr_relay_test_line_vectors: VBAR_EL2 that counts what HCR_EL2.TPCP traps.
 * In:       EL2; sync from EL1: an operation on a line, whose address is in x0; anything else is the harness's
 * Out:      behind the instruction; hr_relay_test_lines: how many, the first and the last address
 * Clobbers: x16, x17
 */
TABLE hr_relay_test_line_vectors, 11
        SLOT    0x400
        mrs     x16, esr_el2
        lsr     x16, x16, #ESR_EC_SHIFT
        cmp     x16, #ESR_EC_SYSTEM
        b.eq    .Ltake_line
        ldr     x16, =(hr_target_hyp_vectors + 0x400)
        br      x16
        SLOT    0x480
.Ltake_line:
        ldr     x16, =hr_relay_test_lines
        ldr     x17, [x16]
        cbnz    x17, .Lcount_line
        str     x0, [x16, #8]
.Lcount_line:
        add     x17, x17, #1
        str     x17, [x16]
        str     x0, [x16, #16]
        mrs     x17, elr_el2
        add     x17, x17, #4
        msr     elr_el2, x17
        eret
        .ltorg
        SLOT    0x800
END hr_relay_test_line_vectors

/*
 * Word hr_relay_test_execute(const uint64_t *root, Word address, Word first, Word second): calls the function at the
 * address with the MMU on, function(first, second). Nothing is written to memory meanwhile but by the function.
 * In:       x0 = tables for hr_mmu_on, x1 = function without a stack, x2, x3 = for it; EL2 or EL1
 * Out:      x0 = 0 when it ran, else ESR of the instruction abort; MMU and caches as they were
 * Clobbers: x1-x17, flags
 */
FUNC hr_relay_test_execute, .text.hr_relay_test_execute
        PUSH_PRESERVED
        mov     x19, x1
        adr     x20, .Lexecute_vectors
        mov     x24, x2
        mov     x25, x3
        dsb     sy                      /* the function may have been written just now */
        ic      iallu
        dsb     sy
        isb
        mrs     x21, CurrentEL
        cmp     x21, #CURRENTEL_EL2
        b.ne    .Lexecute_at_el1
        mrs     x22, vbar_el2
        mrs     x23, sctlr_el2
        msr     vbar_el2, x20
        isb
        bl      hr_mmu_on
        mov     x0, x24
        mov     x1, x25
        blr     x19
        mov     x0, #0
.Lexecuted_at_el2:
        msr     sctlr_el2, x23
        isb
        tlbi    alle2
        msr     vbar_el2, x22
        b       .Lexecuted
.Lexecute_at_el1:
        mrs     x22, vbar_el1
        mrs     x23, sctlr_el1
        msr     vbar_el1, x20
        isb
        bl      hr_mmu_on
        mov     x0, x24
        mov     x1, x25
        blr     x19
        mov     x0, #0
.Lexecuted_at_el1:
        msr     sctlr_el1, x23
        isb
        tlbi    vmalle1
        msr     vbar_el1, x22
.Lexecuted:
        dsb     nsh
        isb
        POP_PRESERVED
        ret
        .balign 2048
.Lexecute_vectors:
        .space  0x200
        cmp     x21, #CURRENTEL_EL2
        b.ne    .Labort_at_el1
        mrs     x0, esr_el2
        b       .Lexecuted_at_el2
.Labort_at_el1:
        mrs     x0, esr_el1
        b       .Lexecuted_at_el1
END hr_relay_test_execute

/* hr_relay_test_lines: of the operations that were trapped, how many, the first and the last address. */
        .section .bss.hr_relay_test_lines, "aw", %nobits
        .balign 8
        .globl  hr_relay_test_lines
        .hidden hr_relay_test_lines
hr_relay_test_lines:
        .space  24
