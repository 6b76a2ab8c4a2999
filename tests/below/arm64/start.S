/* SPDX-License-Identifier: BSD-2-Clause */
/* A program that boots as a kernel does, at EL1 or EL2, below whoever is there; either endianness. */
#include "bare/asm.h"
#include "tests/below/layout.h"

/*
 * hr_below_header: an Image, and its entry.
 * In:       as a kernel: EL2 or EL1, MMU and D-cache off, x0 = device tree; at a multiple of 2 KiB
 * Out:      does not return; hr_target_main()
 * Clobbers: everything
 */
FUNC hr_below_header, .head
        /* The header is little endian whatever the program is: as instructions its words are. */
        b       .Lenter
        .inst   0, 0, 0                         /* text_offset */
        .inst   HR_BELOW_SIZE, 0            /* image_size */
        .inst   0xa, 0                          /* little endian, 4 KiB pages, anywhere */
        .inst   0, 0, 0, 0, 0, 0
        .inst   0x644d5241                      /* "ARM", 0x64 */
        .inst   0
.Lenter:
        msr     daifset, #0xf
        msr     SPSel, #1
        mov     x19, x0                         /* x19 := the tree */
        adrp    x8, hr_below_vectors
        add     x8, x8, :lo12:hr_below_vectors
        mrs     x5, CurrentEL
        cmp     x5, #CURRENTEL_EL2
        b.eq    .Lenter_el2
        mrs     x6, sctlr_el1
        HR_BELOW_OWN_ENDIANNESS x6
        msr     sctlr_el1, x6
        msr     vbar_el1, x8
        b       .Lentered
.Lenter_el2:
        mrs     x6, sctlr_el2
        HR_BELOW_OWN_ENDIANNESS x6
        msr     sctlr_el2, x6
        msr     vbar_el2, x8
.Lentered:
        isb
        adrp    x8, hr_below_stack_end
        add     x8, x8, :lo12:hr_below_stack_end
        mov     sp, x8
        /* Pointers that were linked, of the GOT and of the list of tests, move with the image. */
        adr     x0, hr_below_header
        ldr     x1, .Llinked
        sub     x0, x0, x1                      /* x0 := where it runs - where it was linked */
        adrp    x1, hr_below_pointers
        add     x1, x1, :lo12:hr_below_pointers
        adrp    x2, hr_below_pointers_end
        add     x2, x2, :lo12:hr_below_pointers_end
        b       .Lmore_pointers
.Lmove_pointer:
        ldr     x3, [x1]
        add     x3, x3, x0
        str     x3, [x1], #8
.Lmore_pointers:
        cmp     x1, x2
        b.lo    .Lmove_pointer
        adrp    x1, hr_below_tree
        str     x19, [x1, :lo12:hr_below_tree]
        mov     x29, xzr
        mov     x30, xzr
        bl      hr_target_main
        .balign 8
.Llinked:
        .quad   hr_below_header
END hr_below_header

/*
 * hr_below_vectors: VBAR of the level that the program runs at. An UNDEF that the test expects is
 * counted and its instruction skipped; everything else ends the program.
 * In:       an exception
 * Out:      behind the instruction; or hr_target_unexpected(offset, ELR, ESR)
 * Clobbers: nothing; or everything
 */
        .macro UNEXPECTED offset
        mov     x0, #\offset
        b       .Lunexpected
        .endm
TABLE hr_below_vectors, 11
        .irp    offset, 0x000, 0x080, 0x100, 0x180
SLOT \offset
        UNEXPECTED \offset
        .endr
SLOT 0x200
        stp     x0, x1, [sp, #-16]!
        mrs     x0, CurrentEL
        cmp     x0, #CURRENTEL_EL2
        mrs     x0, esr_el1
        b.ne    .Lhave_syndrome
        mrs     x0, esr_el2
.Lhave_syndrome:
        lsr     x0, x0, #ESR_EC_SHIFT
        cbnz    x0, .Lnot_expected              /* EC 0: an UNDEFINED instruction */
        adrp    x1, hr_below_expect_undef
        ldr     x0, [x1, :lo12:hr_below_expect_undef]
        cbz     x0, .Lnot_expected
        b       .Lskip
        .irp    offset, 0x280, 0x300, 0x380, 0x400, 0x480, 0x500, 0x580, 0x600, 0x680, 0x700, 0x780
SLOT \offset
        UNEXPECTED \offset
        .endr
SLOT 0x800
.Lskip:
        adrp    x1, hr_below_undefs
        ldr     x0, [x1, :lo12:hr_below_undefs]
        add     x0, x0, #1
        str     x0, [x1, :lo12:hr_below_undefs]
        mrs     x0, CurrentEL
        cmp     x0, #CURRENTEL_EL2
        b.eq    .Lskip_at_el2
        mrs     x0, elr_el1
        add     x0, x0, #4
        msr     elr_el1, x0
        ldp     x0, x1, [sp], #16
        eret
.Lskip_at_el2:
        mrs     x0, elr_el2
        add     x0, x0, #4
        msr     elr_el2, x0
        ldp     x0, x1, [sp], #16
        eret
.Lnot_expected:
        mov     x0, #0x200
.Lunexpected:
        mrs     x1, CurrentEL
        cmp     x1, #CURRENTEL_EL2
        b.eq    .Lunexpected_el2
        mrs     x1, elr_el1
        mrs     x2, esr_el1
        b       .Lreport
.Lunexpected_el2:
        mrs     x1, elr_el2
        mrs     x2, esr_el2
.Lreport:
        adr     x3, hr_below_header
        sub     x1, x1, x3                      /* an offset of the image */
        b       hr_target_unexpected
END hr_below_vectors

/*
 * void hr_target_reset_hyp(void): what the harness does before each test. HYP/EL2 is somebody else's here.
 * In:       any
 * Out:      the same
 * Clobbers: nothing
 */
FUNC hr_target_reset_hyp
        ret
END hr_target_reset_hyp

/*
 * unsigned hr_target_cpu_index(void)
 * In:       any
 * Out:      x0 = 0: tests run on the CPU that was booted
 * Clobbers: nothing else
 */
FUNC hr_target_cpu_index
        mov     x0, #0
        ret
END hr_target_cpu_index
