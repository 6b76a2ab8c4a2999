/* SPDX-License-Identifier: BSD-2-Clause */
/* arm64: what a bootloader of the years of Linux 3.8 to 4.6 brought along. */
        .section .text.old, "ax", %progbits

/*
 * old_vectors: the resident. GET: x0 = 0, SET: any other x0.
 * In:       slot +400 by HVC from EL1, x0.
 * Out:      by ERET; x0 = VBAR_EL2, or VBAR_EL2 = x0.
 * Clobbers: x1, flags of nobody.
 */
        .balign 2048
        .globl  old_vectors
        .type   old_vectors, %function
old_vectors:
/* [old-resident] */
        .rept   8
        b       .
        .balign 128
        .endr
        mrs     x1, esr_el2             /* +400: from below; x1 is lost */
        lsr     x1, x1, #26
        cmp     x1, #0x16
        b.ne    2f
        cbz     x0, 1f
        msr     vbar_el2, x0            /* all but 0: VBAR_EL2 := x0, and no way to say no */
        eret
1:      mrs     x0, vbar_el2            /* 0: x0 := VBAR_EL2 */
2:      eret
        .balign 128
        .rept   7
        b       .
        .balign 128
        .endr
/* [end] */
        .size   old_vectors, . - old_vectors

/*
 * old_install: makes it resident.
 * In:       EL2.
 * Out:      VBAR_EL2 = old_vectors, nothing traps, EL1 is AArch64.
 * Clobbers: x0.
 */
        .globl  old_install
        .type   old_install, %function
old_install:
        adrp    x0, old_vectors
        add     x0, x0, :lo12:old_vectors
        msr     vbar_el2, x0
        mov     x0, #1 << 31            /* HCR_EL2.RW */
        msr     hcr_el2, x0
        isb
        ret
        .size   old_install, . - old_install

/*
 * old_rise: back up through a resident with GET and SET: own vectors, and an HVC into them.
 * In:       EL1, a stack; a resident that sets its vectors to x0.
 * Out:      returns at EL2 with the same sp, the old vectors lost.
 * Clobbers: x0, x1.
 */
        .globl  old_rise
        .type   old_rise, %function
old_rise:
/* [old-rise] */
        stp     x29, x30, [sp, #-16]!
        adrp    x0, up_vectors          /* must be 2 KiB aligned: nobody checks */
        add     x0, x0, :lo12:up_vectors
        hvc     #0                      /* VBAR_EL2 := x0 */
        mov     x1, sp
        hvc     #0                      /* to up_vectors + 400, at EL2 */
        .balign 2048
up_vectors:
        .rept   8
        b       .
        .balign 128
        .endr
        mov     sp, x1
        ldp     x29, x30, [sp], #16
        ret
        .balign 128
        .rept   7
        b       .
        .balign 128
        .endr
/* [end] */
        .size   old_rise, . - old_rise

        .section .note.GNU-stack, "", %progbits
