/* SPDX-License-Identifier: BSD-2-Clause */
#include "bare/asm.h"
#include "bare/arm64/kernel.h"
#include "hyp-check/layout.h"

#define HR_CHECK_EE_A 0x2000002 /* SCTLR_ELx: endianness and alignment check of this level */

/*
 * hr_check_header: an arm64 Image, and its entry.
 * In:       as a kernel: EL2 or EL1, MMU and D-cache off, x0 = device tree; at a multiple of 2 KiB
 * Out:      does not return; hr_check_main(entry)
 * Clobbers: everything
 */
FUNC hr_check_header, .head
        KERNEL_HEADER hr_check_image_size, .Lenter

/*
 * hr_check_start_elf: where an ELF is entered, which has no boot protocol.
 * In:       as hr_check_header, but for the registers
 * Out:      as hr_check_header
 * Clobbers: everything
 */
        MARK    hr_check_start_elf
        mov     x10, #HR_CHECK_QEMU_TREE
        b       .Lkeep_registers
.Lenter:
        mov     x10, #0                         /* x10 := QEMU's tree, if this is an ELF */
.Lkeep_registers:
        mrs     x4, daif                        /* x4 := the PSR as found */
        mrs     x5, CurrentEL
        mrs     x6, SPSel
        orr     x4, x4, x5
        orr     x4, x4, x6
        msr     daifset, #0xf
        msr     SPSel, #1
        mov     x6, #0                          /* x6 := SCTLR as found */
        mov     x7, #0                          /* x7 := VBAR as found */
        adrp    x8, hr_check_vectors
        add     x8, x8, :lo12:hr_check_vectors
        MOV32   x9, HR_CHECK_EE_A
        cmp     x5, #CURRENTEL_EL2
        b.eq    .Lenter_el2
        cmp     x5, #CURRENTEL_EL1
        b.ne    .Lhave_mode
        mrs     x6, sctlr_el1
        mrs     x7, vbar_el1
        bic     x9, x6, x9
        msr     sctlr_el1, x9
        msr     vbar_el1, x8
        b       .Lhave_mode
.Lenter_el2:
        mrs     x6, sctlr_el2
        mrs     x7, vbar_el2
        bic     x9, x6, x9
        msr     sctlr_el2, x9
        msr     vbar_el2, x8
.Lhave_mode:
        isb
        adrp    x8, hr_check_stack_end
        add     x8, x8, :lo12:hr_check_stack_end
        mov     sp, x8
        stp     x7, x10, [sp, #-16]!            /* struct Entry */
        stp     x4, x6, [sp, #-16]!
        stp     x2, x3, [sp, #-16]!
        stp     x0, x1, [sp, #-16]!
        /* Should the compiler reach something through the GOT: its entries move with the image. */
        adr     x0, hr_check_header
        ldr     x1, .Llinked
        sub     x0, x0, x1                      /* x0 := where it runs - where it was linked */
        adr     x1, .Lmoved
        ldr     x2, [x1]
        str     x0, [x1]
        sub     x4, x0, x2                      /* x4 := the same, less what an earlier entry did */
        adrp    x1, hr_check_got
        add     x1, x1, :lo12:hr_check_got
        adrp    x2, hr_check_got_end
        add     x2, x2, :lo12:hr_check_got_end
        b       .Lmore_got
.Lmove_got:
        ldr     x3, [x1]
        add     x3, x3, x4
        str     x3, [x1], #8
.Lmore_got:
        cmp     x1, x2
        b.lo    .Lmove_got
        mov     x0, sp
        mov     x29, xzr
        mov     x30, xzr
        bl      hr_check_main
        b       .
        .balign 8
.Lmoved:
        .quad   0
.Llinked:
        .quad   hr_check_header
END hr_check_header
