/* SPDX-License-Identifier: BSD-2-Clause */
/* A program that boots as a kernel does, in SVC or HYP, below whoever is there; either endianness. */
#include "bare/asm.h"
#include "tests/below/layout.h"

/*
 * hr_below_header: a zImage, and its entry.
 * In:       as a kernel: ARM state, HYP or a PL1 mode, MMU and D-cache off, r2 = device tree; at a
 *           multiple of 32 bytes
 * Out:      does not return; hr_target_main()
 * Clobbers: everything
 */
FUNC hr_below_header, .head
        /* The header is little endian whatever the program is: as instructions its words are (BE8). */
        b       .Lenter
        .rept   8
        nop
        .endr
        .inst   0x016f2818                      /* magic */
        .inst   0                               /* start: anywhere */
        .inst   HR_BELOW_SIZE               /* end */
        .inst   0x04030201                      /* little endian */
.Lenter:
        cpsid   aif
#ifdef __ARMEB__
        setend  be
#else
        mrs     r4, cpsr
        tst     r4, #PSR_E
        beq     .Lown_endianness
        setend  le
.Lown_endianness:
#endif
        ldr     r8, .Lvectors
        add     r8, pc, r8                      /* r8 := own vectors */
.Lat_vectors:
        MOV32   r9, (SCTLR_V | SCTLR_TE | SCTLR_A)
        mrs     r4, cpsr
        and     r5, r4, #PSR_MODE
        cmp     r5, #PSR_MODE_HYP
        beq     .Lenter_hyp
        cps     #PSR_MODE_SVC
        mrc     SCTLR(r6)
        bic     r6, r6, r9
        HR_BELOW_OWN_ENDIANNESS r6
        mcr     SCTLR(r6)
        mcr     VBAR(r8)
        b       .Lentered
.Lenter_hyp:
        mrc     HSCTLR(r6)
        bic     r6, r6, r9
        HR_BELOW_OWN_ENDIANNESS r6
        mcr     HSCTLR(r6)
        mcr     HVBAR(r8)
.Lentered:
        isb
        ldr     r8, .Lstack
        add     sp, pc, r8
.Lat_stack:
        cmp     r5, #PSR_MODE_HYP
        beq     .Lhave_stacks
        sub     r8, sp, #HR_BELOW_STACK_SIZE    /* the lower half is UND's */
        cps     #PSR_MODE_UND
        mov     sp, r8
        cps     #PSR_MODE_SVC
.Lhave_stacks:
        /* Pointers that were linked, of the GOT and of the list of tests, move with the image. */
        adr     r0, hr_below_header
        ldr     r1, .Llinked
        sub     r0, r0, r1                      /* r0 := where it runs - where it was linked */
        ldr     r1, .Lpointers
        ldr     r3, .Lpointers_end
        add     r1, r1, r0
        add     r3, r3, r0
        b       .Lmore_pointers
.Lmove_pointer:
        ldr     r4, [r1]
        add     r4, r4, r0
        str     r4, [r1], #4
.Lmore_pointers:
        cmp     r1, r3
        blo     .Lmove_pointer
        ldr     r1, .Ltree
        str     r2, [r1, r0]
        mov     r11, #0
        mov     lr, #0
        bl      hr_target_main
.Llinked:
        .word   hr_below_header
.Lpointers:
        .word   hr_below_pointers
.Lpointers_end:
        .word   hr_below_pointers_end
.Ltree:
        .word   hr_below_tree
.Lvectors:
        .word   hr_below_vectors - .Lat_vectors - 4
.Lstack:
        .word   hr_below_stack_end - .Lat_stack - 4
END hr_below_header

/*
 * hr_below_vectors: HVBAR or VBAR of the mode that the program runs in. An UNDEF that the test
 * expects is counted and its instruction, of four bytes, skipped; everything else ends the program.
 * In:       an exception, taken in ARM state
 * Out:      behind the instruction; or hr_target_unexpected(offset, LR or ELR_hyp, HSR or 0)
 * Clobbers: nothing; or everything
 */
        .macro UNEXPECTED offset
        mov     r0, #\offset
        b       .Lunexpected
        .endm
TABLE hr_below_vectors, 5
        b       .Lslot_00
        b       .Lundefined
        b       .Lslot_08
        b       .Lslot_0c
        b       .Lslot_10
        b       .Lslot_14
        b       .Lslot_18
        b       .Lslot_1c
.Lundefined:
        push    {r0, r1}
        ldr     r1, .Lexpect
        add     r1, pc, r1
.Lat_expect:
        ldr     r0, [r1]
        cmp     r0, #0
        beq     .Lslot_04
        ldr     r0, [r1, #4]
        add     r0, r0, #1
        str     r0, [r1, #4]
        mrs     r0, cpsr
        and     r0, r0, #PSR_MODE
        cmp     r0, #PSR_MODE_HYP
        beq     .Lskip_in_hyp
        /* LR is 4 behind the instruction in ARM state, 2 in Thumb state [arm/ddi0406c B1.9.1]. */
        mrs     r0, spsr
        tst     r0, #PSR_T
        addne   lr, lr, #2
        pop     {r0, r1}
        movs    pc, lr
.Lskip_in_hyp:
        mrs     r0, ELR_hyp
        add     r0, r0, #4
        msr     ELR_hyp, r0
        pop     {r0, r1}
        eret
        .irp    offset, 00, 04, 08, 0c, 10, 14, 18, 1c
.Lslot_\offset:
        UNEXPECTED 0x\offset
        .endr
.Lunexpected:
        mov     r1, lr
        mov     r2, #0
        mrs     r3, cpsr
        and     r3, r3, #PSR_MODE
        cmp     r3, #PSR_MODE_HYP
        mrseq   r1, ELR_hyp
        mrceq   HSR(r2)
        beq     .Lreport
        cps     #PSR_MODE_SVC
.Lreport:
        ldr     r3, .Lheader
        add     r3, pc, r3
.Lat_header:
        sub     r1, r1, r3                      /* an offset of the image */
        b       hr_target_unexpected
.Lheader:
        .word   hr_below_header - .Lat_header - 4
.Lexpect:
        .word   hr_below_expect_undef - .Lat_expect - 4
END hr_below_vectors

/*
 * void hr_target_reset_hyp(void): what the harness does before each test. HYP is somebody else's here.
 * In:       any
 * Out:      the same
 * Clobbers: nothing
 */
FUNC hr_target_reset_hyp
        bx      lr
END hr_target_reset_hyp

/*
 * unsigned hr_target_cpu_index(void)
 * In:       any
 * Out:      r0 = 0: tests run on the CPU that was booted
 * Clobbers: nothing else
 */
FUNC hr_target_cpu_index
        mov     r0, #0
        bx      lr
END hr_target_cpu_index
