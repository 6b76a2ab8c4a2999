/* SPDX-License-Identifier: BSD-2-Clause */
/* Exceptions under a test, and the ways down to PL1 and back. */
#include "tests/target/harness/arm/try.h"

        /* One slot's way into hr_target_unexpected; r0 := its offset. */
        .macro REPORT_SLOT label, offset, where
\label\offset:
        mov     r0, #0x\offset
        b       \where
        .endm

/*
 * hr_target_hyp_vectors: HVBAR while no resident is installed.
 * In:       Hyp mode, whatever happened; +14 with HR_TARGET_HVC_BACK is the way back.
 * Out:      the way back: returns from hr_target_run_at_pl1. Anything else ends the program.
 * Clobbers: everything but the stack of Hyp mode.
 * In a program that tests a T32 stub it is T32: the stub sets HSCTLR.TE, which stays set below it.
 */
#ifdef HR_TARGET_TE
        .thumb
#define HYP_SLOT b.w
#else
#define HYP_SLOT b
#endif
TABLE hr_target_hyp_vectors, 11, %object
        HYP_SLOT .Lhyp_00
        HYP_SLOT .Lhyp_04
        HYP_SLOT .Lhyp_08
        HYP_SLOT .Lhyp_0c
        HYP_SLOT .Lhyp_10
        HYP_SLOT .Ltake_back
        HYP_SLOT .Lhyp_18
        HYP_SLOT .Lhyp_1c
        .irp    offset, 00, 04, 08, 0c, 10, 14, 18, 1c
        REPORT_SLOT .Lhyp_, \offset, .Lreport_hyp
        .endr
.Ltake_back:
        mrc     HSR(r0)
        ldr     r1, =(HSR_HVC + HR_TARGET_HVC_BACK)
        cmp     r0, r1
        bne     .Lhyp_14
        mrc     TPIDRPRW(r1)
        str     sp, [r1, #HR_OFFSET(HR_CPU_SEEN_SP_HYP)]
        ldr     sp, [r1, #HR_OFFSET(HR_CPU_HYP_SP)]
        pop     {r3-r11, pc}
.Lreport_hyp:
        mrs     r1, elr_hyp
        mrc     HSR(r2)
        mrc     TPIDRPRW(r3)
        ldr     r3, [r3, #HR_OFFSET(HR_CPU_HYP_SP)]
        cmp     r3, #0
        it      ne
        movne   sp, r3
        b       hr_target_unexpected
        .ltorg
END hr_target_hyp_vectors
        .arm

/*
 * hr_target_pl1_vectors: VBAR while the harness runs.
 * In:       the mode of the exception.
 * Out:      UNDEF while HR_CPU_EXPECT_UNDEF is set: counted, and execution goes on behind the
 *           instruction (A32, or T32 of 16 bits) or at HR_CPU_UNDEF_RESUME. Anything else ends the program.
 * Clobbers: SP_und. An expected UNDEF preserves every other register.
 */
TABLE hr_target_pl1_vectors, 5
        b       .Lpl1_00
        b       .Ltake_undef
        b       .Lpl1_08
        b       .Lpl1_0c
        b       .Lpl1_10
        b       .Lpl1_14
        b       .Lpl1_18
        b       .Lpl1_1c
        .irp    offset, 00, 04, 08, 0c, 10, 14, 18, 1c
        REPORT_SLOT .Lpl1_, \offset, .Lreport_pl1
        .endr
.Ltake_undef:
        mrc     TPIDRPRW(sp)
        str     r0, [sp, #HR_OFFSET(HR_CPU_HOLD)]
        mrs     r0, cpsr
        str     r0, [sp, #HR_OFFSET(HR_CPU_UNDEF_HANDLER_PSR)]
        mrs     r0, spsr
        str     r0, [sp, #HR_OFFSET(HR_CPU_UNDEF_PSR)]
        str     lr, [sp, #HR_OFFSET(HR_CPU_UNDEF_ADDRESS)]
        ldr     r0, [sp, #HR_OFFSET(HR_CPU_UNDEF_COUNT)]
        add     r0, r0, #1
        str     r0, [sp, #HR_OFFSET(HR_CPU_UNDEF_COUNT)]
        ldr     r0, [sp, #HR_OFFSET(HR_CPU_EXPECT_UNDEF)]
        cmp     r0, #0
        beq     .Lpl1_04
        ldr     r0, [sp, #HR_OFFSET(HR_CPU_UNDEF_RESUME)]
        cmp     r0, #0
        movne   lr, r0
        ldr     r0, [sp, #HR_OFFSET(HR_CPU_HOLD)]
        movs    pc, lr
.Lreport_pl1:
        mov     r1, lr
        mov     r2, #0
        /* The report needs a stack, and the mode's own may be a pattern of the test. */
        ldr     sp, =(hr_target_stacks + HR_TARGET_STACK_SIZE)
        orr     r0, r0, #0x1000         /* tells SVC/EL1 from HYP/EL2 in the report */
        b       hr_target_unexpected
END hr_target_pl1_vectors

/*
 * void hr_target_run_at_pl1(void (*function)(void *), void *argument, Word sp_hyp)
 * In:       r0 = function, r1 = its argument, r2 = what SP_hyp is to hold meanwhile; Hyp mode.
 * Out:      after hvc #HR_TARGET_HVC_BACK into the harness's vectors, or hr_target_land_hyp.
 * Clobbers: r0-r3, r12; SP_svc.
 */
FUNC hr_target_run_at_pl1, .text.hr_target_run_at_pl1
        push    {r3-r11, lr}
        mrc     TPIDRPRW(r3)
        str     sp, [r3, #HR_OFFSET(HR_CPU_HYP_SP)]
        mrc     MPIDR(r3)
        and     r3, r3, #0xff
        ldr     r4, =(hr_target_stacks + 2 * HR_TARGET_STACK_SIZE)
        mov     r5, #(2 * HR_TARGET_STACK_SIZE)
        mla     r4, r3, r5, r4
        msr     sp_svc, r4
        mov     sp, r2
        adr     r4, .Lrun_function
        msr     elr_hyp, r4
        mov     r4, #(PSR_F | PSR_I | PSR_MODE_SVC)
        orr     r4, r4, #PSR_A
#ifdef __ARMEB__
        orr     r4, r4, #PSR_E
#endif
        msr     spsr_cxsf, r4
        eret
.Lrun_function:
        mov     r2, r0
        mov     r0, r1
        blx     r2
        hvc     #HR_TARGET_HVC_BACK
        b       .
END hr_target_run_at_pl1

        /* The same code for both instruction sets; marker goes where LR_usr of a frame would. */
        .macro LAND name, marker
        mcr     HTPIDR(r0)
        mrc     TPIDRPRW(r0)
        ldr     r0, [r0, #HR_OFFSET(HR_CPU_OUT)]
        STORE_FRAME
        mov     r1, #\marker
        str     r1, [r0, #HR_OFFSET(HR_FRAME_LR_USR)]
        mrc     HSCTLR(r1)
        str     r1, [r0, #HR_OFFSET(HR_FRAME_SPSR)]
        mrc     HTPIDR(r1)
        str     r1, [r0]
        mrc     TPIDRPRW(r1)
        mov     r0, sp
        str     r0, [r1, #HR_OFFSET(HR_CPU_SEEN_SP_HYP)]
        ldr     r0, [r1, #HR_OFFSET(HR_CPU_HYP_SP)]
        mov     sp, r0
        pop     {r3-r11, pc}
        .endm

/*
 * hr_target_land_hyp: something under test has branched here.
 * In:       Hyp mode, ARM state, any registers, any stack pointer.
 * Out:      the frame at HR_CPU_OUT: r0-r14, PSR = CPSR, SPSR = HSCTLR, LR_USR = 0.
 *           Returns from hr_target_run_at_pl1.
 * Clobbers: HTPIDR.
 */
FUNC hr_target_land_hyp, .text.hr_target_land_hyp
        LAND    hr_target_land_hyp, 0
END hr_target_land_hyp

/*
 * hr_target_land_hyp_thumb: the same for a branch in Thumb state (bit 0 of this symbol is set).
 * In:       Hyp mode, Thumb state, any registers, any stack pointer.
 * Out:      as hr_target_land_hyp, with LR_USR = 1.
 * Clobbers: HTPIDR.
 */
        .thumb
        .thumb_func
FUNC hr_target_land_hyp_thumb, .text.hr_target_land_hyp_thumb
        LAND    hr_target_land_hyp_thumb, 1
END hr_target_land_hyp_thumb
        .arm
