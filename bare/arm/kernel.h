/* SPDX-License-Identifier: BSD-2-Clause */
/* clang-format off */
/* A program that boots as a kernel does. */
#ifndef HR_BARE_ARM_KERNEL_H
#define HR_BARE_ARM_KERNEL_H

        /*
         * KERNEL_HEADER end, enter: the first bytes of a zImage of \end bytes [linux/arm/booting section 6]
         * that is position independent (start 0), whose size table says that nothing grows, and whose
         * first instruction goes to \enter.
         */
        .macro KERNEL_HEADER end, enter
.Lkernel:
        b       \enter
        .rept   8
        nop
        .endr
        .word   0x016f2818                      /* magic */
        .word   0                               /* start: anywhere */
        .word   \end
        .word   0x04030201                      /* little endian */
        .word   0x45454545                      /* a table follows */
        .word   .Lkernel_sizes - .Lkernel
        .word   0
.Lkernel_sizes:
        /* KRNL_SIZE: where the inflated size stands, bss, TEXT_OFFSET, malloc. */
        .word   6, 0x5a534c4b, .Lkernel_inflated - .Lkernel, 0, 0x8000, 0x1000
        .word   0, 0
.Lkernel_inflated:
        .word   0x10000
        .endm

#endif
