/* SPDX-License-Identifier: BSD-2-Clause */
#include "bare/asm.h"
#include "relay/layout.h"

/*
 * hr_relay_header: the image's header (HR_RELAY_HEADER_*), and its entry.
 * In:       nothing but the PC: 4 KiB aligned image, EL2 or EL1, MMU and D-cache off
 * Out:      does not return; hr_relay_main(image, mode, counter)
 * Clobbers: everything, and the memory behind the image
 */
FUNC hr_relay_header, .head
        b       .Lenter
        .word   HR_RELAY_MAGIC
        .word   HR_BATON_VERSION
        .word   hr_image_end
        .word   hr_baton_bytes
        .word   hr_memory_end
        .word   64
        .word   hr_log
.Lenter:
        msr     daifset, #0xf
        msr     SPSel, #1
        adr     x19, hr_relay_header            /* x19 := image */
        mov     x20, #HR_MODE_UNKNOWN           /* x20 := mode */
        mov     x21, #0                         /* x21 := counter */
        adrp    x1, hr_vectors
        add     x1, x1, :lo12:hr_vectors
        mrs     x0, CurrentEL
        cmp     x0, #CURRENTEL_EL2
        b.eq    .Lenter_el2
        cmp     x0, #CURRENTEL_EL1
        b.ne    .Lhave_mode

        mov     x20, #HR_MODE_EL1
        isb
        mrs     x21, cntvct_el0
        MOV32   w0, SCTLR_EL1_OFF
        msr     sctlr_el1, x0
        isb
        ic      iallu
        dsb     nsh
        isb
        orr     x0, x0, #SCTLR_I
        msr     sctlr_el1, x0
        msr     vbar_el1, x1
        isb
        b       .Lhave_mode

        /*
         * A VHE kernel leaves E2H and TGE set. The relay wants the plain
         * EL2 registers: clear both first, with the MMU off, before any register whose layout
         * depends on E2H is touched. On cores where E2H cannot be cleared it stays, and
         * hr_mmu_address_bits and hr_boot look at it again.
         */
.Lenter_el2:
        mov     x20, #HR_MODE_EL2
        isb
        mrs     x21, cntpct_el0
        MOV32   w0, HCR_RW
        msr     hcr_el2, x0
        isb
        MOV32   w0, SCTLR_EL2_OFF
        msr     sctlr_el2, x0
        isb
        ic      iallu
        dsb     nsh
        isb
        /* Instruction fetches may be cached with the MMU off: without it every one goes to memory. */
        orr     x0, x0, #SCTLR_I
        msr     sctlr_el2, x0
        msr     vbar_el2, x1
        isb

        /*
         * Lines of this memory may still be cached from its last owner: they must be gone before
         * the first write past the caches, or they could be written back over it.
         */
.Lhave_mode:
        adrp    x22, hr_memory_end
        add     x22, x22, :lo12:hr_memory_end
        mov     x0, x19
        sub     x1, x22, x19
        bl      hr_cache_flush
        adrp    x0, hr_scratch
        add     x0, x0, :lo12:hr_scratch
.Lzero_scratch:
        stp     xzr, xzr, [x0], #16
        cmp     x0, x22
        b.lo    .Lzero_scratch

        adrp    x0, hr_stack
        add     x0, x0, :lo12:hr_stack
        add     x0, x0, #HR_RELAY_STACK_SIZE
        mov     sp, x0
        mov     x29, xzr
        mov     x30, xzr
        mov     x0, x19
        mov     x1, x20
        mov     x2, x21
        b       hr_relay_main
END hr_relay_header
