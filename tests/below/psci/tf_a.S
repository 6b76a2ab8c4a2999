/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What stands before TF-A's BL31 on a Raspberry Pi 3, whose package of Debian has BL31 alone: BL1's pen
 * for the other CPUs, and what BL2 hands over. Flat, at address 0, where QEMU's board starts all CPUs.
 * Facts are from [tf-a/plat/rpi/rpi3/include/platform_def.h, rpi3_bl31_setup.c,
 * include/export/common/ep_info_exp.h, tbbr/tbbr_img_def_exp.h].
 */
#include "bare/asm.h"

        .equ    BL31, 0x100e0000        /* where BL31 was linked */
        .equ    BL33, 0x11000000        /* where the program is, PLAT_RPI3_NS_IMAGE_OFFSET */
        .equ    MAILBOX, 0x10000000     /* an entry, then a word for each CPU: 1, go */

/*
 * hr_tf_a_start: all CPUs come out of reset here.
 * In:       EL3, MMU off
 * Out:      CPU 0 in BL31, x0 = its parameters, x1 = the mark that debug builds want; the others, when
 *           BL31 lets them go, where it wants them
 * Clobbers: x0-x3
 */
FUNC hr_tf_a_start
        mrs     x0, mpidr_el1
        and     x0, x0, #3
        cbz     x0, .Lfirst
        mov     x1, #MAILBOX
        add     x2, x1, #8
.Lpen:
        wfe
        ldr     x3, [x2, x0, lsl #3]
        cmp     x3, #1
        b.ne    .Lpen
        ldr     x1, [x1]
        br      x1
.Lfirst:
        adr     x0, .Lparameters
        ldr     x1, .Lmark
        ldr     x2, .Lbl31
        br      x2

        .balign 8
.Lmark: .quad   0x0f1e2d3c4b5a6978      /* RPI3_BL31_PLAT_PARAM_VAL */
.Lbl31: .quad   BL31
        /* bl_params_t: header (type, version, size, attributes), the first image. */
.Lparameters:
        .byte   5, 2
        .hword  16
        .word   0
        .quad   .Limage
        /* bl_params_node_t: BL33_IMAGE_ID, no image_info, its entry, no next one. */
.Limage:
        .word   5, 0
        .quad   0
        .quad   .Lentry
        .quad   0
        /* entry_point_info_t: header, of the non-secure world; address, SPSR, x0 to x7. */
.Lentry:
        .byte   1, 2
        .hword  88
        .word   1
        .quad   BL33
        .word   SPSR_EL2H_MASKED, 0
        .fill   8, 8, 0
END hr_tf_a_start
