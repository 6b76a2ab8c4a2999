/* SPDX-License-Identifier: BSD-2-Clause */
/* The published opcode for Thumb, hvc #0xea1, as the data word that it was posted as. */
        .text
        .syntax unified
        .thumb
        .arch_extension virt
        hvc     #0xea1
        .word   0xf7e08ea1
        .section .note.GNU-stack, "", %progbits
