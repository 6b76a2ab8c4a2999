/* SPDX-License-Identifier: BSD-2-Clause */
/* Exceptions under a test, and the ways down to EL1 and back. */
#include "tests/target/harness/arm64/try.h"

#define ESR_EC_SVC64 0x15

        /* A slot that reports itself and ends the program. */
        .macro REPORT_SLOT offset, where
        SLOT    \offset
        mov     x0, #\offset
        b       \where
        .endm

/*
 * hr_target_hyp_vectors: VBAR_EL2 while no resident is installed.
 * In:       EL2, whatever happened; +400 with HR_TARGET_HVC_BACK is the way back.
 * Out:      the way back: returns from hr_target_run_at_pl1. Anything else ends the program.
 * Clobbers: everything but the stack of EL2.
 */
TABLE hr_target_hyp_vectors, 11
        .irp    offset, 0x000, 0x080, 0x100, 0x180, 0x200, 0x280, 0x300, 0x380
        REPORT_SLOT \offset, .Lreport_hyp
        .endr
        SLOT    0x400
        mrs     x0, esr_el2
        mov     x1, #HR_TARGET_HVC_BACK
        movk    x1, #(ESR_HVC64_TOP << 8), lsl #16
        cmp     x0, x1
        mov     x0, #0x400
        b.ne    .Lreport_hyp
        b       .Lreturn_from_pl1
        .irp    offset, 0x480, 0x500, 0x580, 0x600, 0x680, 0x700, 0x780
        REPORT_SLOT \offset, .Lreport_hyp
        .endr
        SLOT    0x800
.Lreport_hyp:
        mrs     x1, elr_el2
        mrs     x2, esr_el2
        mrs     x3, tpidr_el1
        ldr     x3, [x3, #HR_OFFSET(HR_CPU_HYP_SP)]
        cbz     x3, .Lreport_on_this_stack
        mov     sp, x3
.Lreport_on_this_stack:
        b       hr_target_unexpected

.Lreturn_from_pl1:
        mrs     x1, tpidr_el1
        mov     x0, sp
        str     x0, [x1, #HR_OFFSET(HR_CPU_SEEN_SP_HYP)]
        ldr     x0, [x1, #HR_OFFSET(HR_CPU_HYP_SP)]
        mov     sp, x0
        POP_PRESERVED
        ret

/*
 * hr_target_land_hyp: something under test has branched here.
 * In:       EL2, any registers, any stack pointer.
 * Out:      the frame at HR_CPU_OUT: x0-x30, sp, PSR = DAIF | CurrentEL, SPSR = SCTLR_EL2.
 *           Returns from hr_target_run_at_pl1.
 * Clobbers: TPIDR_EL2.
 */
FUNC hr_target_land_hyp, .text.hr_target_hyp_vectors
        msr     tpidr_el2, x0
        mrs     x0, tpidr_el1
        ldr     x0, [x0, #HR_OFFSET(HR_CPU_OUT)]
        STORE_FRAME x0
        mrs     x1, daif
        mrs     x2, CurrentEL
        orr     x1, x1, x2
        str     x1, [x0, #HR_OFFSET(HR_FRAME_PSR)]
        mrs     x1, sctlr_el2
        str     x1, [x0, #HR_OFFSET(HR_FRAME_SPSR)]
        mrs     x1, tpidr_el2
        str     x1, [x0]
        b       .Lreturn_from_pl1
END hr_target_land_hyp
END hr_target_hyp_vectors

/*
 * hr_target_pl1_vectors: VBAR_EL1 while the harness runs.
 * In:       EL1, whatever happened. An SVC from EL0 goes on at EL1 (with HR_CPU_EXPECT_UNDEF 0x400).
 * Out:      +200 or +400 by an UNDEFINED instruction (ESR_EL1.EC 0) while HR_CPU_EXPECT_UNDEF is
 *           set: counted, and execution goes on behind the instruction, or at HR_CPU_UNDEF_RESUME.
 *           Anything else ends the program.
 * Clobbers: TPIDRRO_EL0, TPIDR_EL0. An expected UNDEF preserves every other register.
 */
TABLE hr_target_pl1_vectors, 11
        .irp    offset, 0x000, 0x080, 0x100, 0x180
        REPORT_SLOT \offset, .Lreport_pl1
        .endr
        SLOT    0x200
        msr     tpidrro_el0, x0
        mov     x0, #0x200
        b       .Ltake_undef
        .irp    offset, 0x280, 0x300, 0x380
        REPORT_SLOT \offset, .Lreport_pl1
        .endr
        SLOT    0x400
        msr     tpidrro_el0, x0
        mov     x0, #0x400
        b       .Ltake_undef
        .irp    offset, 0x480, 0x500, 0x580, 0x600, 0x680, 0x700, 0x780
        REPORT_SLOT \offset, .Lreport_pl1
        .endr
        SLOT    0x800
.Ltake_undef:
        msr     tpidr_el0, x1           /* TRY uses it after the instruction, not during it */
        mrs     x1, tpidr_el1
        str     x2, [x1, #HR_OFFSET(HR_CPU_HOLD)]
        ldr     x2, [x1, #HR_OFFSET(HR_CPU_EXPECT_UNDEF)]
        cmp     x2, x0
        b.ne    .Lreport_pl1
        mrs     x2, daif
        str     x2, [x1, #HR_OFFSET(HR_CPU_UNDEF_HANDLER_PSR)]
        mrs     x2, spsr_el1
        str     x2, [x1, #HR_OFFSET(HR_CPU_UNDEF_PSR)]
        mrs     x2, esr_el1
        str     x2, [x1, #HR_OFFSET(HR_CPU_UNDEF_SYNDROME)]
        lsr     x2, x2, #ESR_EC_SHIFT
        cmp     x2, #ESR_EC_SVC64
        b.eq    .Lreturn_at_el1
        cbnz    x2, .Lreport_pl1
        ldr     x2, [x1, #HR_OFFSET(HR_CPU_UNDEF_COUNT)]
        add     x2, x2, #1
        str     x2, [x1, #HR_OFFSET(HR_CPU_UNDEF_COUNT)]
        mrs     x2, elr_el1
        str     x2, [x1, #HR_OFFSET(HR_CPU_UNDEF_ADDRESS)]
        add     x2, x2, #4
        msr     elr_el1, x2
        ldr     x2, [x1, #HR_OFFSET(HR_CPU_UNDEF_RESUME)]
        cbz     x2, .Lresume
        msr     elr_el1, x2
.Lresume:
        ldr     x2, [x1, #HR_OFFSET(HR_CPU_HOLD)]
        mrs     x1, tpidr_el0
        mrs     x0, tpidrro_el0
        eret
.Lreturn_at_el1:
        mov     x2, #SPSR_EL1H_MASKED
        msr     spsr_el1, x2
        b       .Lresume
.Lreport_pl1:
        mrs     x1, elr_el1
        mrs     x2, esr_el1
        orr     x0, x0, #0x1000         /* tells SVC/EL1 from HYP/EL2 in the report */
        /* The report needs a stack, and the one of EL1 may be a pattern of the test. */
        ldr     x3, =(hr_target_stacks + HR_TARGET_STACK_SIZE)
        mov     sp, x3
        b       hr_target_unexpected
END hr_target_pl1_vectors

/*
 * void hr_target_run_at_pl1(void (*function)(void *), void *argument, Word sp_hyp)
 * In:       x0 = function, x1 = its argument, x2 = what SP_EL2 is to hold meanwhile; EL2.
 * Out:      after hvc #HR_TARGET_HVC_BACK into the harness's vectors, or hr_target_land_hyp.
 * Clobbers: x0-x18; SP_EL1.
 */
FUNC hr_target_run_at_pl1, .text.hr_target_run_at_pl1
        PUSH_PRESERVED
        mrs     x3, tpidr_el1
        mov     x4, sp
        str     x4, [x3, #HR_OFFSET(HR_CPU_HYP_SP)]
        mrs     x3, mpidr_el1
        and     x3, x3, #0xff
        ldr     x4, =(hr_target_stacks + 2 * HR_TARGET_STACK_SIZE)
        mov     x5, #(2 * HR_TARGET_STACK_SIZE)
        madd    x4, x3, x5, x4
        msr     sp_el1, x4
        mov     sp, x2
        adr     x4, .Lrun_function
        msr     elr_el2, x4
        mov     x4, #SPSR_EL1H_MASKED
        msr     spsr_el2, x4
        eret
.Lrun_function:
        mov     x2, x0
        mov     x0, x1
        blr     x2
        hvc     #HR_TARGET_HVC_BACK
        b       .
END hr_target_run_at_pl1
