/* SPDX-License-Identifier: BSD-2-Clause */
/* The way up: one call to the resident, and the place at EL2 where it may end. docs/climb.md. */
#include "bare/asm.h"
#include "compat/hr_hvc.h"

/*
 * hr_climb_vectors: VBAR_EL2 between setting it and the call that ends in hr_climb_landing.
 * In:       EL2
 * Out:      synchronous from EL1: hr_climb_landing. Everything else goes to hr_vectors, which reports it.
 * Clobbers: see there
 */
TABLE hr_climb_vectors, 11
        .irp    number, 0, 1, 2, 3, 4, 5, 6, 7
        SLOT    0x80 * \number
        b       hr_vectors + 0x80 * \number
        .endr
        SLOT    0x400
        b       hr_climb_landing
        .irp    number, 9, 10, 11, 12, 13, 14, 15
        SLOT    0x80 * \number
        b       hr_vectors + 0x80 * \number
        .endr
        SLOT    0x800
END hr_climb_vectors

        /* VBAR_EL1 meanwhile: an HVC that nobody takes is an answer, all else is reported. Right behind,
         * since both are aligned to their size. */
.Lel1_vectors:
        .set    .Ltable, .Lel1_vectors
        .irp    number, 0, 1, 2, 3
        SLOT    0x80 * \number
        b       hr_vectors + 0x80 * \number
        .endr
        SLOT    0x200
        mrs     x9, esr_el1
        lsr     x9, x9, #26
        cbz     x9, .Lundefined                 /* EC 0: unknown reason */
        b       hr_vectors + 0x200
.Lundefined:
        b       hr_issue_undefined
        .irp    number, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
        SLOT    0x80 * \number
        b       hr_vectors + 0x80 * \number
        .endr
        SLOT    0x800

/*
 * hr_climb_landing: where the way up ends.
 * In:       EL2, either endianness, MMU off; SP_EL1 as hr_climb_call left it
 * Out:      returns from hr_climb_call: HR_ISSUE_LANDED, at EL2; SCTLR_EL2, HCR_EL2, VBAR_EL2 the relay's
 * Clobbers: as hr_climb_call
 */
FUNC hr_climb_landing, .text.hr_climb_call
        msr     daifset, #0xf
        msr     SPSel, #1
        /* No access to data before the resident's SCTLR_EL2.EE is gone, and its caches are off. */
        MOV32   w0, SCTLR_EL2_OFF
        msr     sctlr_el2, x0
        isb
        MOV32   w1, HCR_RW
        msr     hcr_el2, x1
        isb
        tlbi    alle2
        ic      iallu
        dsb     nsh
        isb
        orr     x0, x0, #SCTLR_I
        msr     sctlr_el2, x0
        adrp    x1, hr_vectors
        add     x1, x1, :lo12:hr_vectors
        msr     vbar_el2, x1
        isb
        mrs     x1, sp_el1
        mov     sp, x1
        b       hr_issue_landed
END hr_climb_landing

/*
 * hr_word hr_climb_call(struct hr_registers* registers, hr_word immediate): hr_issue, and an HVC that is
 * UNDEFINED comes back.
 * In:       as hr_issue (compat/hr_client.h); EL1, MMU and D-cache off
 * Out:      as hr_issue; HR_ISSUE_UNDEFINED; or HR_ISSUE_LANDED, at EL2 on the same stack
 * Clobbers: x1 to x17, flags
 */
FUNC hr_climb_call, .text.hr_climb_call
        /* hr_issue counts on a resident that keeps these; the place where it lands on none. */
        PUSH_PRESERVED
        adr     x2, .Lel1_vectors
        msr     vbar_el1, x2
        isb
        bl      hr_issue
        adrp    x1, hr_vectors
        add     x1, x1, :lo12:hr_vectors
        msr     vbar_el1, x1
        isb
        POP_PRESERVED
        ret
END hr_climb_call
