/* SPDX-License-Identifier: BSD-2-Clause */
/* The header, and first instructions. Always A32, below C in A32 or T32. */
        .syntax unified
        .section .text.start, "ax", %progbits
        .arm

/*
 * _start: a zImage [linux/Documentation/arm/booting.rst].
 * In:       SVC or HYP, MMU and D-cache off, A32; r2 = device tree.
 * Out:      calls start_main() with a stack; sleeps when that returns.
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
        bl      start_main
.Lsleep:
        wfi
        b       .Lsleep
.Lstack:
        .word   stack_top - .Lhere - 4
        .size   _start, . - _start

/*
 * secondary_start: where PSCI starts another CPU.
 * In:       SVC or HYP, MMU and caches off, A32; r0 = context, which is the top of its stack.
 * Out:      calls secondary_main(context); sleeps when that returns.
 * Clobbers: everything.
 */
        .globl  secondary_start
        .type   secondary_start, %function
        .hidden secondary_start
secondary_start:
        mov     sp, r0
        bl      secondary_main
        b       .Lsleep
        .size   secondary_start, . - secondary_start

        .section .note.GNU-stack, "", %progbits
