/* SPDX-License-Identifier: BSD-2-Clause */
/* clang-format off */
/*
 * TRY(name, instruction) defines the function
 *
 *   extern "C" void name(const Frame *in, Frame *out)
 *
 * which loads r0-r14, the flags, SPSR_svc and LR_usr from `in`, executes the one instruction, and
 * stores the same registers in `out`. TRY_THUMB(name, instruction) is the same in Thumb state.
 * In:       r0 = in, r1 = out; SVC mode, inside hr_target_run_at_pl1.
 * Out:      *out. HR_CPU_OUT = out meanwhile, for hr_target_land_hyp.
 * Clobbers: r0-r3, r12, flags, SPSR_svc, LR_usr, TPIDRURW.
 */
#include "bare/asm.h"
#include "tests/target/harness/cpu.h"

        /* STORE_FRAME: r1 to r14 and CPSR in the frame at r0. Uses r1. Both instruction sets. */
        .macro STORE_FRAME
        str     r1, [r0, #4]
        str     r2, [r0, #8]
        add     r1, r0, #12
        stm     r1, {r3-r12}
        mov     r1, sp
        str     r1, [r0, #HR_OFFSET(HR_FRAME_SP)]
        str     lr, [r0, #HR_OFFSET(HR_FRAME_LR)]
        mrs     r1, cpsr
        str     r1, [r0, #HR_OFFSET(HR_FRAME_PSR)]
        .endm

        .macro TRY_ENTER
        push    {r4-r11, lr}
        mrc     TPIDRPRW(r2)
        mov     r3, sp
        str     r3, [r2, #HR_OFFSET(HR_CPU_PL1_SP)]
        str     r1, [r2, #HR_OFFSET(HR_CPU_OUT)]
        ldr     r3, [r0, #HR_OFFSET(HR_FRAME_LR_USR)]
        msr     lr_usr, r3
        ldr     r3, [r0, #HR_OFFSET(HR_FRAME_SPSR)]
        msr     spsr_cxsf, r3
        ldr     r3, [r0, #HR_OFFSET(HR_FRAME_PSR)]
        msr     cpsr_fs, r3
        ldr     r3, [r0, #HR_OFFSET(HR_FRAME_SP)]
        mov     sp, r3
        ldr     lr, [r0, #HR_OFFSET(HR_FRAME_LR)]
        ldm     r0, {r0-r12}
        .endm

        .macro TRY_LEAVE
        mcr     TPIDRURW(r0)
        mrc     TPIDRPRW(r0)
        ldr     r0, [r0, #HR_OFFSET(HR_CPU_OUT)]
        STORE_FRAME
        mrs     r1, spsr
        str     r1, [r0, #HR_OFFSET(HR_FRAME_SPSR)]
        mrs     r1, lr_usr
        str     r1, [r0, #HR_OFFSET(HR_FRAME_LR_USR)]
        mrc     TPIDRURW(r1)
        str     r1, [r0]
        mrc     TPIDRPRW(r2)
        ldr     r3, [r2, #HR_OFFSET(HR_CPU_PL1_SP)]
        mov     sp, r3
        pop     {r4-r11, pc}
        .endm

#define TRY(name, ...)     \
  FUNC name, .text.hr_try; \
  TRY_ENTER;               \
  __VA_ARGS__;             \
  TRY_LEAVE;               \
  END name

#define TRY_THUMB(name, ...) \
  .thumb;                    \
  .thumb_func;               \
  TRY(name, __VA_ARGS__);    \
  .arm
