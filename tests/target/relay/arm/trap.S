/* SPDX-License-Identifier: BSD-2-Clause */
/* What the hardware says of cache maintenance and of translation tables: by its own traps and faults. */
#include "bare/asm.h"

#define HSR_EC_CP15 0x03 /* MCR or MRC of CP15, trapped */

        .arm

/*
 * hr_relay_test_line_vectors: HVBAR that counts what HCR.TPC traps.
 * In:       Hyp mode; +14: an operation on a line, whose address is in r0; anything else is the harness's
 * Out:      behind the instruction; hr_relay_test_lines: how many, the first and the last address
 * Clobbers: r12 on the way to the harness
 */
TABLE hr_relay_test_line_vectors, 5
        SLOT    0x14
        b       .Ltake_line
        SLOT    0x20
.Ltake_line:
        push    {r1, r2}
        mrc     HSR(r1)
        lsr     r1, r1, #HSR_EC_SHIFT
        cmp     r1, #HSR_EC_CP15
        bne     .Lnot_a_line
        ldr     r1, =hr_relay_test_lines
        ldr     r2, [r1]
        cmp     r2, #0
        streq   r0, [r1, #4]
        add     r2, r2, #1
        str     r2, [r1]
        str     r0, [r1, #8]
        mrs     r2, elr_hyp
        add     r2, r2, #4
        msr     elr_hyp, r2
        pop     {r1, r2}
        eret
.Lnot_a_line:
        pop     {r1, r2}
        ldr     r12, =(hr_target_hyp_vectors + 0x14)
        bx      r12
        .ltorg
END hr_relay_test_line_vectors

/*
 * Word hr_relay_test_execute(const uint64_t *root, Word address, Word first, Word second): calls the function at the
 * address with the MMU on, function(first, second). Nothing is written to memory meanwhile but by the function.
 * In:       r0 = tables for hr_mmu_on, r1 = function without a stack, r2, r3 = for it; Hyp or SVC mode
 * Out:      r0 = 0 when it ran, else HSR or IFSR of the prefetch abort; MMU and caches as they were
 * Clobbers: r1-r3, r12, flags; TTBCR = 0 at SVC
 */
FUNC hr_relay_test_execute, .text.hr_relay_test_execute
        push    {r4-r10, lr}
        mov     r4, r1
        adr     r5, .Lexecute_vectors
        mov     r9, r2
        mov     r10, r3
        mrs     r6, cpsr
        and     r6, r6, #PSR_MODE
        dsb                             /* the function may have been written just now */
        mcr     ICIALLU(r2)
        dsb
        isb
        cmp     r6, #PSR_MODE_HYP
        mrceq   HVBAR(r7)
        mrcne   VBAR(r7)
        mcreq   HVBAR(r5)
        mcrne   VBAR(r5)
        mrceq   HSCTLR(r8)
        mrcne   SCTLR(r8)
        isb
        bl      hr_mmu_on
        mov     r0, r9
        mov     r1, r10
        blx     r4
        mov     r0, #0
.Lexecuted:
        cmp     r6, #PSR_MODE_HYP
        mcreq   HSCTLR(r8)
        mcrne   SCTLR(r8)
        isb
        mov     r1, #0
        mcreq   TLBIALLH(r1)
        mcrne   TLBIALL(r1)
        mcrne   TTBCR(r1)
        mcreq   HVBAR(r7)
        mcrne   VBAR(r7)
        dsb
        isb
        pop     {r4-r10, pc}
        .balign 32
.Lexecute_vectors:
        .rept   3
        b       .
        .endr
        b       .Ltake_abort
        .rept   4
        b       .
        .endr
.Ltake_abort:
        cmp     r6, #PSR_MODE_HYP
        mrceq   HSR(r0)
        beq     .Lexecuted
        mrc     IFSR(r0)
        cps     #PSR_MODE_SVC
        b       .Lexecuted
END hr_relay_test_execute

/* hr_relay_test_lines: of the operations that were trapped, how many, the first and the last address. */
        .section .bss.hr_relay_test_lines, "aw", %nobits
        .balign 4
        .globl  hr_relay_test_lines
        .hidden hr_relay_test_lines
hr_relay_test_lines:
        .space  12
