/* SPDX-License-Identifier: BSD-2-Clause */
/* The header, and what C cannot say. */
        .section .text.start, "ax", %progbits

/*
 * _start: an Image [linux/Documentation/arm64/booting.rst].
 * In:       EL1, MMU and D-cache off; x0 = device tree.
 * Out:      calls hello_main() with a stack; sleeps when that returns.
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
        bl      hello_main
.Lsleep:
        wfi
        b       .Lsleep
        .size   _start, . - _start

/*
 * void flush(const void* from, hr_word size)
 * In:       x0 = first byte, x1 = how many.
 * Out:      no line of a cache has any of them (DC CIVAC, by the smallest line there can be).
 * Clobbers: x0, x1.
 */
        .globl  flush
        .type   flush, %function
flush:
        add     x1, x0, x1
        and     x0, x0, #-16
        dsb     sy
.Lnext_line:
        cmp     x0, x1
        b.hs    .Ldone
        dc      civac, x0
        add     x0, x0, #16
        b       .Lnext_line
.Ldone:
        dsb     sy
        ret
        .size   flush, . - flush

        .section .note.GNU-stack, "", %progbits
