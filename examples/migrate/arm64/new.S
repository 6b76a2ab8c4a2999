/* SPDX-License-Identifier: BSD-2-Clause */
/* arm64: back up through the common ABI, and what a called function needs. */
        .section .text.new, "ax", %progbits

/*
 * rise: back up through SOFT_RESTART.
 * In:       EL1, a stack; a resident that speaks the common ABI.
 * Out:      returns at EL2 with the same sp; x0 = 0, or at EL1 with x0 = -1 when it was refused.
 * Clobbers: x0-x3.
 */
        .globl  rise
        .type   rise, %function
rise:
/* [rise] */
        stp     x29, x30, [sp, #-16]!
        mov     x1, sp                  /* x1 arrives as x0; SP_EL2 is another */
        adr     x3, 1f
        mov     x0, #2                  /* SOFT_RESTART */
        hvc     #0
        ldp     x29, x30, [sp], #16     /* refused: x0 = -1 */
        ret
1:      mov     sp, x0
        mov     x0, xzr
        ldp     x29, x30, [sp], #16
        ret                             /* at EL2, x0 = 0 */
/* [end] */
        .size   rise, . - rise

/*
 * give_stack: for functions that are called at EL2.
 * In:       x0 = top of a stack; EL2.
 * Out:      SP_EL2 = x0.
 * Clobbers: nothing.
 */
        .globl  give_stack
        .type   give_stack, %function
give_stack:
        mov     sp, x0
        ret
        .size   give_stack, . - give_stack

        .section .note.GNU-stack, "", %progbits
