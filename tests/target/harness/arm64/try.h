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

        /* STORE_FRAME frame: x1 to x30 and sp in the frame at \frame, which is x0. Uses x1. */
        .macro STORE_FRAME frame
        str     x1, [\frame, #8]
        STORE_X2_X17 \frame
        STORE_X18_X29 \frame
        str     x30, [\frame, #240]
        mov     x1, sp
        str     x1, [\frame, #HR_OFFSET(HR_FRAME_SP)]
        .endm

        .macro TRY_ENTER
        PUSH_PRESERVED
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
        LOAD_X2_X17 x0
        LOAD_X18_X29 x0
        ldr     x30, [x0, #240]
        ldp     x0, x1, [x0]
        .endm

        .macro TRY_LEAVE
        msr     tpidr_el0, x0
        mrs     x0, tpidr_el1
        ldr     x0, [x0, #HR_OFFSET(HR_CPU_OUT)]
        STORE_FRAME x0
        mrs     x1, nzcv
        mrs     x2, daif
        orr     x1, x1, x2
        str     x1, [x0, #HR_OFFSET(HR_FRAME_PSR)]
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
        POP_PRESERVED
        ret
        .endm

#define TRY(name, ...)     \
  FUNC name, .text.hr_try; \
  TRY_ENTER;               \
  __VA_ARGS__;             \
  TRY_LEAVE;               \
  END name
