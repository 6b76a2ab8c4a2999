/* SPDX-License-Identifier: BSD-2-Clause */
/* arm: what a bootloader of the years of Linux 3.7 to 4.11 brought along. A32. */
        .syntax unified
        .arch_extension virt
        .section .text.old, "ax", %progbits
        .arm

/*
 * old_vectors: the resident. GET: r0 = -1, SET: any other r0.
 * In:       slot +14 by HVC from SVC, r0; or by any other trap, which it takes for a call.
 * Out:      by ERET; r0 = HVBAR, or HVBAR = r0.
 * Clobbers: flags.
 */
        .balign 32
        .globl  old_vectors
        .type   old_vectors, %function
old_vectors:
/* [old-resident] */
        .rept   5
        b       .
        .endr
        b       serve_old               /* +14: from below */
        b       .
        b       .
serve_old:
        cmn     r0, #1
        mrceq   p15, 4, r0, c12, c0, 0  /* -1: r0 := HVBAR */
        mcrne   p15, 4, r0, c12, c0, 0  /* all else: HVBAR := r0, and no way to say no */
        eret
/* [end] */
        .size   old_vectors, . - old_vectors

/*
 * old_install: makes it resident.
 * In:       HYP.
 * Out:      HVBAR = old_vectors, nothing traps.
 * Clobbers: r0.
 */
        .globl  old_install
        .type   old_install, %function
old_install:
        ldr     r0, =old_vectors
        mcr     p15, 4, r0, c12, c0, 0
        mov     r0, #0
        mcr     p15, 4, r0, c1, c1, 0   /* HCR */
        isb
        bx      lr
        .size   old_install, . - old_install

/*
 * old_rise: back up through a resident with GET and SET: own vectors, and an HVC into them.
 * In:       SVC, a stack; a resident that sets its vectors to r0.
 * Out:      returns in HYP with the same sp, the old vectors lost.
 * Clobbers: r0, r1.
 */
        .globl  old_rise
        .type   old_rise, %function
old_rise:
/* [old-rise] */
        push    {r4-r11, lr}
        ldr     r0, =up_vectors         /* must be 32-byte aligned: nobody checks */
        hvc     #0                      /* HVBAR := r0 */
        mov     r1, sp
        hvc     #0                      /* to up_vectors + 14, in HYP */
        .balign 32
up_vectors:
        .rept   5
        b       .
        .endr
        b       up
        b       .
        b       .
up:     mov     sp, r1
        pop     {r4-r11, pc}
/* [end] */
        .size   old_rise, . - old_rise

        .section .note.GNU-stack, "", %progbits
