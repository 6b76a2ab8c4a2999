/* SPDX-License-Identifier: BSD-2-Clause */
#include "bare/asm.h"
#include "digest/sha256.h"

        .arch   armv8-a

/*
 * uint64_t hr_simd_begin(void): lets this level use FP and SIMD.
 * In:       nothing
 * Out:      x0 = CPTR_EL2 or CPACR_EL1 as it was
 * Clobbers: x1, x2, flags
 */
FUNC hr_simd_begin, .text.hr_simd_begin
        mrs     x1, CurrentEL
        cmp     x1, #CURRENTEL_EL2
        b.eq    .Lbegin_el2
        mrs     x0, cpacr_el1
        orr     x1, x0, #CPACR_FPEN
        msr     cpacr_el1, x1
        isb
        ret
.Lbegin_el2:
        mrs     x0, cptr_el2
        mov     x1, #CPTR_NO_TRAP
        mrs     x2, hcr_el2
        tbz     x2, #HCR_E2H_BIT, .Lbegin_layout_known
        orr     x1, x0, #CPTR_E2H_NO_TRAP
.Lbegin_layout_known:
        msr     cptr_el2, x1
        isb
        ret
END hr_simd_begin

/*
 * void hr_simd_end(uint64_t saved): undoes hr_simd_begin.
 * In:       x0 = what it returned
 * Out:      nothing
 * Clobbers: x1, flags
 */
FUNC hr_simd_end, .text.hr_simd_end
        mrs     x1, CurrentEL
        cmp     x1, #CURRENTEL_EL2
        b.eq    .Lend_el2
        msr     cpacr_el1, x0
        isb
        ret
.Lend_el2:
        msr     cptr_el2, x0
        isb
        ret
END hr_simd_end

/*
 * uint32_t hr_sha256_kind(void): what this CPU can do.
 * In:       nothing
 * Out:      w0 = HR_SHA256_INSTRUCTIONS (ID_AA64ISAR0_EL1.SHA2), HR_SHA256_SIMD, or
 *           HR_SHA256_PLAIN when the CPU has no SIMD (ID_AA64PFR0_EL1.AdvSIMD)
 * Clobbers: x1, flags
 */
FUNC hr_sha256_kind, .text.hr_sha256_kind
        mrs     x0, id_aa64pfr0_el1
        tbz     x0, #PFR0_NO_SIMD_BIT, .Lhas_simd
        mov     w0, #HR_SHA256_PLAIN
        ret
.Lhas_simd:
        mrs     x0, id_aa64isar0_el1
        tst     x0, #ID_AA64ISAR0_SHA2
        mov     w1, #HR_SHA256_INSTRUCTIONS
        mov     w0, #HR_SHA256_SIMD
        csel    w0, w1, w0, ne
        ret
END hr_sha256_kind
