/* SPDX-License-Identifier: BSD-2-Clause */
/* One HVC with every register chosen before it and read after it. */
#include "compat/issue.h"
#include "hyp-check/layout.h"

#define OFFSET(word) ((word)*4)
#define BEHIND OFFSET(HR_CHECK_REGISTERS)

/*
 * uint32_t hr_check_call(Registers registers[2], uint32_t immediate)
 * In:       r0 = registers: [0] is loaded; r1 = immediate of the HVC; SVC, masked, MMU as it is
 * Out:      r0 = HR_CHECK_DONE and registers[1] stored; HR_CHECK_UNDEFINED or HR_CHECK_UNSUPPORTED,
 *           registers[1] untouched; HR_CHECK_LANDED: see hr_check_land
 * Clobbers: r1 to r3, r12, flags, LR_usr, SPSR_svc
 */
FUNC hr_check_call, .text.hr_check_call
        push    {r4-r11, lr}
        push    {r0}
        mov     r3, #0
#define HR_IMMEDIATE(value, ...) PICK_SITE value, r3;
#include "abi/immediate.def"
#undef HR_IMMEDIATE
        cmp     r3, #0
        moveq   r0, #HR_CHECK_UNSUPPORTED
        beq     .Lreturn
        /* Not "msr lr_usr", which a CPU without the virtualization extension lacks. */
        add     r2, r0, #OFFSET(HR_CHECK_R_LR_USR)
        ldm     r2, {lr}^
        ldr     r2, [r0, #OFFSET(HR_CHECK_R_SPSR)]
        msr     spsr_cxsf, r2
        ldr     r2, [r0, #OFFSET(HR_CHECK_R_FLAGS)]
        /* r0 to r12, LR and the site as the PC, to be popped at once. */
        sub     sp, sp, #OFFSET(HR_CHECK_R_LR + 2)
        mov     r12, r0
        mov     lr, sp
        ldm     r12!, {r4-r10}
        stm     lr!, {r4-r10}
        ldm     r12!, {r4-r10}
        stm     lr!, {r4-r10}
        str     r3, [lr]
        msr     cpsr_f, r2
        pop     {r0-r12, lr, pc}
/* hr_check_sites, hr_check_sites_end: the HVCs, one per immediate. */
        MARK    hr_check_sites
#define HR_IMMEDIATE(value, ...) SITE value, .Lback;
#include "abi/immediate.def"
#undef HR_IMMEDIATE
        MARK    hr_check_sites_end
.Lback:
        push    {r0-r12, lr}
        mrs     r3, cpsr
        and     r3, r3, #0xf8000000
        mrs     r2, spsr
        ldr     r12, [sp, #OFFSET(HR_CHECK_R_LR + 1)]
        add     r12, r12, #BEHIND
        str     r2, [r12, #OFFSET(HR_CHECK_R_SPSR)]
        str     r3, [r12, #OFFSET(HR_CHECK_R_FLAGS)]
        add     r1, r12, #OFFSET(HR_CHECK_R_LR_USR)
        stm     r1, {lr}^
        pop     {r4-r10}
        stm     r12!, {r4-r10}
        pop     {r4-r10}
        stm     r12!, {r4-r10}
        mov     r0, #HR_CHECK_DONE
.Lreturn:
        add     sp, sp, #4
        pop     {r4-r11, pc}
END hr_check_call

/*
 * hr_check_undefined: where the handler of Undefined Instruction exceptions resumes.
 * In:       sp = as it was at the HVC; SVC mode
 * Out:      as hr_check_call: r0 = HR_CHECK_UNDEFINED
 * Clobbers: as hr_check_call
 */
FUNC hr_check_undefined, .text.hr_check_call
        mov     r0, #HR_CHECK_UNDEFINED
        b       .Lreturn
END hr_check_undefined

/*
 * hr_check_land: a function for SOFT_RESTART. Stores what it finds and goes back down.
 * In:       Hyp mode, ARM state, MMU off; SP_svc as it was at the HVC
 * Out:      hr_check_landing filled; hr_check_call returns HR_CHECK_LANDED, in SVC mode
 * Clobbers: as hr_check_call; ELR_hyp, SPSR_hyp
 */
FUNC hr_check_land, .text.hr_check_call
        mrs     lr, cpsr                        /* Hyp mode's LR is LR_usr */
        tst     lr, #PSR_E
        beq     .Lland_little_endian
        setend  le
.Lland_little_endian:
        ldr     lr, .Llanding
        add     lr, pc, lr
.Lat_landing:
        stm     lr!, {r0-r12}
        mrs     r0, cpsr
        mrc     HSCTLR(r1)
        mrc     HVBAR(r2)
        stm     lr, {r0-r2}
        adr     r0, .Llanded
        msr     elr_hyp, r0
        mov     r0, #(PSR_A | PSR_I | PSR_F)
        orr     r0, r0, #PSR_MODE_SVC
        msr     spsr_cxsf, r0
        eret
.Llanded:
        mov     r0, #HR_CHECK_LANDED
        b       .Lreturn
.Llanding:
        .word   hr_check_landing - .Lat_landing - 4
END hr_check_land

/* hr_check_landing: struct Landing. */
        DATA    hr_check_landing, .bss.hr_check_landing, aw, %nobits
        .space  OFFSET(HR_CHECK_LANDING_WORDS)
        END     hr_check_landing

/*
 * hr_check_spare_vectors: where r1 points while r0 = 0 asks. Named wrongly, a stub takes that for SET;
 * then it is gone, but whoever calls again still gets an answer.
 * In:       Hyp mode, ARM state
 * Out:      to the caller, r0 = -1; from any other slot never
 * Clobbers: r0
 */
TABLE hr_check_spare_vectors, 5
        .rept   5
        b       .
        .endr
        b       .Lspare
        b       .
        b       .
.Lspare:
        mvn     r0, #0
        eret
END hr_check_spare_vectors
