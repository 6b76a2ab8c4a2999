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

        .section .bss.reporter_stack, "aw", %nobits
        .balign 16
        .space  2048
.Lstack_top:
        .section .note.GNU-stack, "", %progbits
