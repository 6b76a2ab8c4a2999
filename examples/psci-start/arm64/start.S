/* SPDX-License-Identifier: BSD-2-Clause */
/* The header, and first instructions. */
        .section .text.start, "ax", %progbits

/*
 * _start: an Image [linux/Documentation/arm64/booting.rst].
 * In:       EL1 or EL2, MMU and D-cache off; x0 = device tree.
 * Out:      calls start_main() with a stack; sleeps when that returns.
 * Clobbers: everything.
 */
        .globl  _start
        .type   _start, %function
_start:
        b       .Lenter
        .word   0
        .quad   0                       /* text_offset */
        .quad   image_end - _start
        .quad   0xa                     /* little endian, 4 KiB pages, anywhere */
        .quad   0, 0, 0
        .word   0x644d5241
        .word   0
.Lenter:
        msr     daifset, #0xf
        adrp    x0, stack_top
        add     x0, x0, :lo12:stack_top
        mov     sp, x0
        bl      start_main
.Lsleep:
        wfi
        b       .Lsleep
        .size   _start, . - _start

/*
 * secondary_start: where PSCI starts another CPU.
 * In:       EL1 or EL2, MMU and caches off; x0 = context, which is the top of its stack.
 * Out:      calls secondary_main(context); sleeps when that returns.
 * Clobbers: everything.
 */
        .globl  secondary_start
        .type   secondary_start, %function
        .hidden secondary_start
secondary_start:
        mov     sp, x0
        bl      secondary_main
        b       .Lsleep
        .size   secondary_start, . - secondary_start

        .section .note.GNU-stack, "", %progbits
