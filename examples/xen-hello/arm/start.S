/* SPDX-License-Identifier: BSD-2-Clause */
/* The header, and what C cannot say. Always A32, below C in A32 or T32. */
        .syntax unified
        .section .text.start, "ax", %progbits
        .arm

/*
 * _start: a zImage [linux/Documentation/arm/booting.rst].
 * In:       SVC, MMU and D-cache off, A32; r2 = device tree.
 * Out:      calls hello_main() with a stack; sleeps when that returns.
 * Clobbers: everything.
 */
        .globl  _start
        .type   _start, %function
_start:
        .rept   8
        nop
        .endr
        b       .Lenter
        .word   0x016f2818
        .word   0                       /* runs anywhere */
        .word   image_end - _start
.Lenter:
        cpsid   aif
        ldr     r0, .Lstack
        add     sp, pc, r0
.Lhere:
        bl      hello_main
.Lsleep:
        wfi
        b       .Lsleep
.Lstack:
        .word   stack_top - .Lhere - 4
        .size   _start, . - _start

/*
 * void flush(const void* from, hr_word size)
 * In:       r0 = first byte, r1 = how many.
 * Out:      no line of a cache has any of them (DCCIMVAC, by the smallest line there can be).
 * Clobbers: r0, r1.
 */
        .globl  flush
        .type   flush, %function
flush:
        add     r1, r0, r1
        bic     r0, r0, #15
        dsb
.Lnext_line:
        cmp     r0, r1
        mcrlo   p15, 0, r0, c7, c14, 1
        addlo   r0, r0, #16
        blo     .Lnext_line
        dsb
        bx      lr
        .size   flush, . - flush

        .section .note.GNU-stack, "", %progbits
