/* SPDX-License-Identifier: BSD-2-Clause */
#include "bare/asm.h"
#include "digest/sha256.h"

        .arch   armv8-a
        .fpu    crypto-neon-fp-armv8
        .arch_extension virt
        .arch_extension sec

/*
 * uint64_t hr_simd_begin(void): lets this mode use FP and SIMD.
 * In:       nothing
 * Out:      r0 = HCPTR (HYP) or CPACR (PL1), r1 = FPEXC as they were; r1 is 0 when FP is not there
 * Clobbers: r2, r3, r12, flags
 */
FUNC hr_simd_begin, .text.hr_simd_begin
        mov     r1, #0
        mrs     r12, cpsr
        and     r12, r12, #PSR_MODE
        cmp     r12, #PSR_MODE_HYP
        beq     .Lbegin_hyp
        mrc     CPACR(r0)
        orr     r2, r0, #CPACR_CP10_CP11
        bic     r2, r2, #CPACR_DISABLES
        mcr     CPACR(r2)
        isb
        /* The bits stay 0 where FP is missing or reserved for the secure side (NSACR). */
        mrc     CPACR(r2)
        and     r2, r2, #CPACR_CP10_CP11
        cmp     r2, #CPACR_CP10_CP11
        bxne    lr
        b       .Lbegin_enable
.Lbegin_hyp:
        mrc     HCPTR(r0)
        bic     r2, r0, #HCPTR_FP_TRAPS
        mcr     HCPTR(r2)
        isb
        /* And here they stay 1. */
        mrc     HCPTR(r2)
        tst     r2, #HCPTR_FP_TRAPS
        bxne    lr
.Lbegin_enable:
        vmrs    r1, fpexc
        orr     r2, r1, #FPEXC_EN
        vmsr    fpexc, r2
        bx      lr
END hr_simd_begin

/*
 * void hr_simd_end(uint64_t saved): undoes hr_simd_begin.
 * In:       r0, r1 = what it returned
 * Out:      nothing
 * Clobbers: r12, flags
 */
FUNC hr_simd_end, .text.hr_simd_end
        mrs     r12, cpsr
        and     r12, r12, #PSR_MODE
        cmp     r12, #PSR_MODE_HYP
        beq     .Lend_hyp
        mrc     CPACR(r12)
        and     r12, r12, #CPACR_CP10_CP11
        cmp     r12, #CPACR_CP10_CP11
        vmsreq  fpexc, r1
        mcr     CPACR(r0)
        isb
        bx      lr
.Lend_hyp:
        mrc     HCPTR(r12)
        tst     r12, #HCPTR_FP_TRAPS
        vmsreq  fpexc, r1
        mcr     HCPTR(r0)
        isb
        bx      lr
END hr_simd_end

/*
 * uint32_t hr_sha256_kind(void): what this CPU can do, between hr_simd_begin and hr_simd_end.
 * In:       nothing
 * Out:      r0 = HR_SHA256_PLAIN, _SIMD or _INSTRUCTIONS
 * Clobbers: r1, r12, flags
 */
FUNC hr_sha256_kind, .text.hr_sha256_kind
        mov     r0, #HR_SHA256_PLAIN
        mrs     r12, cpsr
        and     r12, r12, #PSR_MODE
        cmp     r12, #PSR_MODE_HYP
        mrceq   HCPTR(r1)
        mvneq   r1, r1, lsr #10                 /* TCP10, TCP11 in bits 0 and 1, 1: usable */
        mrcne   CPACR(r1)
        lsrne   r1, r1, #21                     /* the higher bit of each field: 1 and 2 */
        tst     r1, #1
        bxeq    lr
        vmrs    r1, mvfr1
        tst     r1, #MVFR1_SIMD_INTEGER
        bxeq    lr
        mov     r0, #HR_SHA256_SIMD
        mrc     ID_ISAR5(r1)
        tst     r1, #ID_ISAR5_SHA2
        movne   r0, #HR_SHA256_INSTRUCTIONS
        bx      lr
END hr_sha256_kind
