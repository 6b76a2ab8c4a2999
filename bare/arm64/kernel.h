/* SPDX-License-Identifier: BSD-2-Clause */
/* clang-format off */
/* A program that boots as a kernel does. */
#ifndef HR_BARE_ARM64_KERNEL_H
#define HR_BARE_ARM64_KERNEL_H

        /*
         * KERNEL_HEADER end, enter: the first bytes of an Image of \end bytes [linux/arm64/booting section 4]
         * for any place in memory, whose first instruction goes to \enter.
         */
        .macro KERNEL_HEADER end, enter
        b       \enter
        .word   0
        .quad   0                               /* text_offset */
        .quad   \end                            /* image_size */
        .quad   0xa                             /* little endian, 4 KiB pages, anywhere */
        .quad   0, 0, 0
        .ascii  "ARM\x64"
        .word   0
        .endm

#endif
