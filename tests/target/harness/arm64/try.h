/* SPDX-License-Identifier: BSD-2-Clause */
/* clang-format off */
/*
 * TRY(name, instruction) defines the function
 *
 *   extern "C" void name(const Frame *in, Frame *out)
 *
 * which loads x0-x30, sp, NZCV, SPSR_EL1, ELR_EL1 and SP_EL0 from `in`, executes the one instruction,
 * and stores the same registers in `out` (PSR: NZCV and DAIF).
 * In:       x0 = in, x1 = out; EL1, inside hr_target_run_at_pl1.
 * Out:      *out. HR_CPU_OUT = out meanwhile, for hr_target_land_hyp.
 * Clobbers: x0-x18, flags, SPSR_EL1, ELR_EL1, SP_EL0, TPIDR_EL0.
 */
#include "bare/asm.h"
#include "tests/target/harness/cpu.h"

        .macro TRY_ENTER
        stp     x29, x30, [sp, #-16]!
        stp     x27, x28, [sp, #-16]!
        stp     x25, x26, [sp, #-16]!
        stp     x23, x24, [sp, #-16]!
        stp     x21, x22, [sp, #-16]!
        stp     x19, x20, [sp, #-16]!
        mrs     x2, tpidr_el1
        mov     x3, sp
        str     x3, [x2, #HR_OFFSET(HR_CPU_PL1_SP)]
        str     x1, [x2, #HR_OFFSET(HR_CPU_OUT)]
        ldr     x3, [x0, #HR_OFFSET(HR_FRAME_SPSR)]
        msr     spsr_el1, x3
        ldr     x3, [x0, #HR_OFFSET(HR_FRAME_ELR)]
        msr     elr_el1, x3
        ldr     x3, [x0, #HR_OFFSET(HR_FRAME_SP_EL0)]
        msr     sp_el0, x3
        ldr     x3, [x0, #HR_OFFSET(HR_FRAME_PSR)]
        msr     nzcv, x3
        ldr     x3, [x0, #HR_OFFSET(HR_FRAME_SP)]
        mov     sp, x3
        ldp     x2, x3, [x0, #16]
        ldp     x4, x5, [x0, #32]
        ldp     x6, x7, [x0, #48]
        ldp     x8, x9, [x0, #64]
        ldp     x10, x11, [x0, #80]
        ldp     x12, x13, [x0, #96]
        ldp     x14, x15, [x0, #112]
        ldp     x16, x17, [x0, #128]
        ldp     x18, x19, [x0, #144]
        ldp     x20, x21, [x0, #160]
        ldp     x22, x23, [x0, #176]
        ldp     x24, x25, [x0, #192]
        ldp     x26, x27, [x0, #208]
        ldp     x28, x29, [x0, #224]
        ldr     x30, [x0, #240]
        ldp     x0, x1, [x0]
        .endm

        .macro TRY_LEAVE
        msr     tpidr_el0, x0
        mrs     x0, tpidr_el1
        ldr     x0, [x0, #HR_OFFSET(HR_CPU_OUT)]
        str     x1, [x0, #8]
        stp     x2, x3, [x0, #16]
        stp     x4, x5, [x0, #32]
        stp     x6, x7, [x0, #48]
        stp     x8, x9, [x0, #64]
        stp     x10, x11, [x0, #80]
        stp     x12, x13, [x0, #96]
        stp     x14, x15, [x0, #112]
        stp     x16, x17, [x0, #128]
        stp     x18, x19, [x0, #144]
        stp     x20, x21, [x0, #160]
        stp     x22, x23, [x0, #176]
        stp     x24, x25, [x0, #192]
        stp     x26, x27, [x0, #208]
        stp     x28, x29, [x0, #224]
        str     x30, [x0, #240]
        mrs     x1, nzcv
        mrs     x2, daif
        orr     x1, x1, x2
        str     x1, [x0, #HR_OFFSET(HR_FRAME_PSR)]
        mov     x1, sp
        str     x1, [x0, #HR_OFFSET(HR_FRAME_SP)]
        mrs     x1, spsr_el1
        str     x1, [x0, #HR_OFFSET(HR_FRAME_SPSR)]
        mrs     x1, elr_el1
        str     x1, [x0, #HR_OFFSET(HR_FRAME_ELR)]
        mrs     x1, sp_el0
        str     x1, [x0, #HR_OFFSET(HR_FRAME_SP_EL0)]
        mrs     x1, tpidr_el0
        str     x1, [x0]
        mrs     x2, tpidr_el1
        ldr     x3, [x2, #HR_OFFSET(HR_CPU_PL1_SP)]
        mov     sp, x3
        ldp     x19, x20, [sp], #16
        ldp     x21, x22, [sp], #16
        ldp     x23, x24, [sp], #16
        ldp     x25, x26, [sp], #16
        ldp     x27, x28, [sp], #16
        ldp     x29, x30, [sp], #16
        ret
        .endm

#define TRY(name, ...)     \
  FUNC name, .text.hr_try; \
  TRY_ENTER;               \
  __VA_ARGS__;             \
  TRY_LEAVE;               \
  END name
