/* SPDX-License-Identifier: BSD-2-Clause */
/* One HVC with every register chosen before it and read after it. */
#include "compat/issue.h"
#include "hyp-check/layout.h"

#define OFFSET(word) ((word)*8)
#define BEHIND OFFSET(HR_CHECK_REGISTERS)

        /* x30 = registers. All but x30, which goes last. */
        .macro LOAD_REGISTERS
        LOAD_X0_X17 x30
        LOAD_X18_X29 x30
        ldr     x30, [x30, #240]
        .endm

        /* And to there. */
        .macro STORE_X0_X29
        STORE_X0_X17 x30
        STORE_X18_X29 x30
        .endm

        /* Every register is loaded when the HVC is made: none is left to branch by. */
        .macro TRY_SITE immediate
        mov     w2, #\immediate
        cmp     w1, w2
        b.ne    1f
        ldr     x2, [x30, #OFFSET(HR_CHECK_R_FLAGS)]
        msr     nzcv, x2
        LOAD_REGISTERS
        SITE    \immediate, .Lback
1:
        .endm

/*
 * uint32_t hr_check_call(Registers registers[2], uint32_t immediate)
 * In:       x0 = registers: [0] is loaded; w1 = immediate of the HVC; EL1, masked, MMU as it is
 * Out:      w0 = HR_CHECK_DONE and registers[1] stored; HR_CHECK_UNDEFINED or HR_CHECK_UNSUPPORTED,
 *           registers[1] untouched; HR_CHECK_LANDED: see hr_check_land
 * Clobbers: x1 to x18, flags, SP_EL0, ELR_EL1, SPSR_EL1
 */
FUNC hr_check_call, .text.hr_check_call
        PUSH_PRESERVED 128
        str     x0, [sp, #96]
        mov     x30, x0
        ldr     x2, [x30, #OFFSET(HR_CHECK_R_SP_EL0)]
        msr     sp_el0, x2
        ldr     x2, [x30, #OFFSET(HR_CHECK_R_ELR)]
        msr     elr_el1, x2
        ldr     x2, [x30, #OFFSET(HR_CHECK_R_SPSR)]
        msr     spsr_el1, x2
/* hr_check_sites, hr_check_sites_end: the HVCs, one per immediate. */
        MARK    hr_check_sites
#define HR_IMMEDIATE(value, ...) TRY_SITE value;
#include "abi/immediate.def"
#undef HR_IMMEDIATE
        MARK    hr_check_sites_end
        mov     w0, #HR_CHECK_UNSUPPORTED
        b       .Lreturn
.Lback:
        str     x30, [sp, #104]
        ldr     x30, [sp, #96]
        add     x30, x30, #BEHIND
        STORE_X0_X29
        ldr     x0, [sp, #104]
        str     x0, [x30, #240]
        mrs     x0, sp_el0
        str     x0, [x30, #OFFSET(HR_CHECK_R_SP_EL0)]
        mrs     x0, elr_el1
        str     x0, [x30, #OFFSET(HR_CHECK_R_ELR)]
        mrs     x0, spsr_el1
        str     x0, [x30, #OFFSET(HR_CHECK_R_SPSR)]
        mrs     x0, nzcv
        str     x0, [x30, #OFFSET(HR_CHECK_R_FLAGS)]
        mov     w0, #HR_CHECK_DONE
.Lreturn:
        POP_PRESERVED 128
        ret
END hr_check_call

/*
 * hr_check_undefined: where the handler of an UNDEFINED instruction resumes.
 * In:       sp = as it was at the HVC; EL1
 * Out:      as hr_check_call: w0 = HR_CHECK_UNDEFINED
 * Clobbers: as hr_check_call
 */
FUNC hr_check_undefined, .text.hr_check_call
        mov     w0, #HR_CHECK_UNDEFINED
        b       .Lreturn
END hr_check_undefined

/*
 * hr_check_land: a function for SOFT_RESTART. Stores what it finds and goes back down.
 * In:       EL2, little endian, MMU off; SP_EL1 as it was at the HVC
 * Out:      hr_check_landing filled; hr_check_call returns HR_CHECK_LANDED, at EL1
 * Clobbers: as hr_check_call; SP_EL2, ELR_EL2, SPSR_EL2
 */
FUNC hr_check_land, .text.hr_check_call
        msr     SPSel, #1
        mov     sp, x30
        adrp    x30, hr_check_landing
        add     x30, x30, :lo12:hr_check_landing
        STORE_X0_X29
        mov     x0, sp
        mrs     x1, daif
        mrs     x2, CurrentEL
        orr     x1, x1, x2
        stp     x0, x1, [x30, #240]
        mrs     x0, sctlr_el2
        mrs     x1, vbar_el2
        stp     x0, x1, [x30, #256]
        adr     x0, .Llanded
        msr     elr_el2, x0
        mov     x0, #SPSR_EL1H_MASKED
        msr     spsr_el2, x0
        eret
.Llanded:
        mov     w0, #HR_CHECK_LANDED
        b       .Lreturn
END hr_check_land

/* hr_check_landing: struct Landing. */
        DATA    hr_check_landing, .bss.hr_check_landing, aw, %nobits
        .space  OFFSET(HR_CHECK_LANDING_WORDS)
        END     hr_check_landing

/*
 * hr_check_spare_vectors: where x1 points while x0 = 0 asks. Named wrongly, a stub takes that for SET;
 * then it is gone, but whoever calls again still gets an answer.
 * In:       EL2
 * Out:      to the caller, x0 = -1; from any other slot never
 * Clobbers: x0
 */
TABLE hr_check_spare_vectors, 11
        .irp    number, 0, 1, 2, 3, 4, 5, 6, 7
        SLOT    0x80 * \number
        b       .
        .endr
        SLOT    0x400
        mov     x0, #-1
        eret
        .irp    number, 9, 10, 11, 12, 13, 14, 15
        SLOT    0x80 * \number
        b       .
        .endr
        SLOT    0x800
END hr_check_spare_vectors
