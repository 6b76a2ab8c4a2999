/* SPDX-License-Identifier: BSD-2-Clause */
/* arm: back up through the common ABI, and what a called function needs. A32. */
        .syntax unified
        .arch_extension virt
        .section .text.new, "ax", %progbits
        .arm

/*
 * rise: back up through SOFT_RESTART.
 * In:       SVC, a stack; a resident that speaks the common ABI.
 * Out:      returns in HYP with the same sp; r0 = 0, or in SVC with r0 = -1 when it was refused.
 * Clobbers: r0, r1, r3.
 */
        .globl  rise
        .type   rise, %function
rise:
/* [rise] */
        push    {r4-r11, lr}
        mov     r1, sp                  /* r1 to r14 of SVC arrive as they are; SP_hyp is another */
        ldr     r3, =1f                 /* bit 0 would say Thumb */
        mov     r0, #2                  /* SOFT_RESTART */
        hvc     #0
        pop     {r4-r11, pc}            /* refused: r0 = -1 */
1:      mov     sp, r1
        pop     {r4-r11, pc}            /* in HYP, r0 = 0 */
/* [end] */
        .size   rise, . - rise

/*
 * give_stack: for functions that are called at HYP.
 * In:       r0 = top of a stack; HYP.
 * Out:      SP_hyp = r0.
 * Clobbers: nothing.
 */
        .globl  give_stack
        .type   give_stack, %function
give_stack:
        mov     sp, r0
        bx      lr
        .size   give_stack, . - give_stack

        .section .note.GNU-stack, "", %progbits
