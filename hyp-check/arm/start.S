/* SPDX-License-Identifier: BSD-2-Clause */
#include "bare/asm.h"
#include "bare/arm/kernel.h"
#include "hyp-check/layout.h"

/*
 * hr_check_header: a zImage, and its entry.
 * In:       as a kernel: ARM state, HYP or a PL1 mode, MMU and D-cache off, r2 = device tree; at a
 *           multiple of 32 bytes
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
        mov     r10, #HR_CHECK_QEMU_TREE
        b       .Lkeep_registers
.Lenter:
        mov     r10, #0                         /* r10 := QEMU's tree, if this is an ELF */
.Lkeep_registers:
        mrs     r4, cpsr                        /* r4 := CPSR as found */
        cpsid   aif
        tst     r4, #PSR_E
        beq     .Llittle_endian
        setend  le
.Llittle_endian:
        ldr     r8, .Lvectors
        add     r8, pc, r8                      /* r8 := own vectors */
.Lat_vectors:
        and     r5, r4, #PSR_MODE
        cmp     r5, #PSR_MODE_HYP
        beq     .Lenter_hyp

        /* Vectors are found through VBAR, and exceptions enter ARM state; the rest stays as it was. */
        cps     #PSR_MODE_SVC
        mrc     SCTLR(r6)
        mrc     VBAR(r7)
        MOV32   r9, (SCTLR_V | SCTLR_TE | SCTLR_EE | SCTLR_A)
        bic     r9, r6, r9
        mcr     SCTLR(r9)
        mcr     VBAR(r8)
        b       .Lhave_mode
.Lenter_hyp:
        mrc     HSCTLR(r6)
        mrc     HVBAR(r7)
        MOV32   r9, (SCTLR_TE | SCTLR_EE | SCTLR_A)
        bic     r9, r6, r9
        mcr     HSCTLR(r9)
        mcr     HVBAR(r8)
.Lhave_mode:
        isb
        ldr     r8, .Lstack
        add     sp, pc, r8
.Lat_stack:
        push    {r0-r3, r4, r6, r7, r10}        /* struct Entry */
        /* The compiler reaches constants of headers through the GOT: its entries move with the image. */
        adr     r0, hr_check_header
        ldr     r1, .Llinked
        sub     r0, r0, r1                      /* r0 := where it runs - where it was linked */
        adr     r1, .Lmoved
        ldr     r2, [r1]
        str     r0, [r1]
        sub     r4, r0, r2                      /* r4 := the same, less what an earlier entry did */
        ldr     r1, .Lgot
        ldr     r2, .Lgot_end
        add     r1, r1, r0
        add     r2, r2, r0
        b       .Lmore_got
.Lmove_got:
        ldr     r3, [r1]
        add     r3, r3, r4
        str     r3, [r1], #4
.Lmore_got:
        cmp     r1, r2
        blo     .Lmove_got
        mov     r0, sp
        mov     r11, #0
        mov     lr, #0
        bl      hr_check_main
        b       .
.Lmoved:
        .word   0
.Llinked:
        .word   hr_check_header
.Lgot:
        .word   hr_check_got
.Lgot_end:
        .word   hr_check_got_end
.Lvectors:
        .word   hr_check_vectors - .Lat_vectors - 4
.Lstack:
        .word   hr_check_stack_end - .Lat_stack - 4
END hr_check_header
