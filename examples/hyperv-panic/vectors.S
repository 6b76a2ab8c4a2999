/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * reporter_vectors: VBAR_EL1 of a program whose every exception is the end.
 * In:       EL1, whatever happened.
 * Out:      in reporter_panic.
 * Clobbers: everything; the stack is one of its own.
 */
        .section .text.reporter_vectors, "ax", %progbits
        .globl  reporter_vectors
        .type   reporter_vectors, %function
        .p2align 11
reporter_vectors:
        .rept   16
        b       .Lpanic
        .p2align 7
        .endr
.Lpanic:
        mov     x2, sp
        adrp    x3, .Lstack_top
        add     x3, x3, :lo12:.Lstack_top
        msr     spsel, #1
        mov     sp, x3
        mrs     x0, esr_el1
        mrs     x1, elr_el1
        mrs     x3, far_el1
        b       reporter_panic
        .size   reporter_vectors, . - reporter_vectors

/*
 * void reporter_flush(const void* from, unsigned long size)
 * In:       x0 = first byte, x1 = how many.
 * Out:      no line of a cache has any of them (DC CIVAC, by the smallest line of CTR_EL0).
 * Clobbers: x0 to x3, flags.
 */
        .section .text.reporter_flush, "ax", %progbits
        .globl  reporter_flush
        .type   reporter_flush, %function
reporter_flush:
        mrs     x2, ctr_el0
        ubfx    x2, x2, #16, #4
        mov     x3, #4
        lsl     x2, x3, x2
        sub     x3, x2, #1
        add     x1, x0, x1
        bic     x0, x0, x3
        dsb     sy
.Lnext_line:
        cmp     x0, x1
        b.hs    .Lflushed
        dc      civac, x0
        add     x0, x0, x2
        b       .Lnext_line
.Lflushed:
        dsb     sy
        ret
        .size   reporter_flush, . - reporter_flush

        .section .bss.reporter_stack, "aw", %nobits
        .balign 16
        .space  2048
.Lstack_top:
        .section .note.GNU-stack, "", %progbits
