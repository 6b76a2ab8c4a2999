/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Linux's hyp-stub of HR_RESIDENT_ERA: 3008, 4007, 4008 or 4012. The other slots hang the CPU. Instructions
 * are the same in a big-endian kernel.
 */
#include "tests/target/residents/arm64/resident.h"

/*
 * hr_resident_vectors: the table.
 * In:       EL2; +400: x0 = what to do
 * Out:      to the caller; SOFT_RESTART: to the function at EL2
 * Clobbers: x0; 3008: x1; 4007, 4008: x30; HR_RESIDENT_SLOPPY: x19
 */
TABLE hr_resident_vectors, 11
        SLOTS
.Lserve:
#ifdef HR_RESIDENT_SLOPPY
        mov     x19, #0                         /* no real one: to see that somebody notices */
#endif
#if HR_RESIDENT_ERA == 3008
        mrs     x1, esr_el2
        lsr     x1, x1, #ESR_EC_SHIFT
        cmp     x1, #ESR_EC_HVC64
        b.ne    .Ldone
        cbz     x0, .Lget
        msr     vbar_el2, x0
        eret
.Lget:
        mrs     x0, vbar_el2
.Ldone:
        eret
#elif HR_RESIDENT_ERA == 4007 || HR_RESIDENT_ERA == 4008
        mrs     x30, esr_el2                    /* the caller's x30 is lost */
        lsr     x30, x30, #ESR_EC_SHIFT
        cmp     x30, #ESR_EC_HVC64
        b.ne    .Ldone
        cmp     x0, #0
        b.eq    .Lget
        cmp     x0, #1
        b.eq    .Lset
#if HR_RESIDENT_ERA == 4008
        cmp     x0, #2
        b.eq    .Lrestart
#endif
        mov     x0, #HR_LINUX_4_7_ERROR
        eret
.Lget:
        mrs     x0, vbar_el2
        eret
.Lset:
        msr     vbar_el2, x1
.Ldone:
        eret
#else
        cmp     x0, #0
        b.eq    .Lset
        cmp     x0, #1
        b.eq    .Lrestart
        cmp     x0, #2
        b.eq    .Lreset
        /* No literal: data may be big endian here. */
        movz    w0, #(HR_LINUX_STUB_ERROR & 0xffff)
        movk    w0, #(HR_LINUX_STUB_ERROR >> 16), lsl #16
        eret
.Lset:
        msr     vbar_el2, x1
.Lreset:
        mov     x0, xzr
        eret
#endif
#if HR_RESIDENT_ERA >= 4008
.Lrestart:
        mov     x5, x1
        mov     x0, x2
        mov     x1, x3
        mov     x2, x4
        br      x5
#endif
.Lruined:
        RUINED
        .ltorg
END hr_resident_vectors

/*
 * hr_resident_enter: installs the stub.
 * In:       EL2, x19 = where to go
 * Out:      at EL1
 * Clobbers: x0 to x3
 */
FUNC hr_resident_enter, .text.hr_resident_enter
        ldr     x0, =hr_resident_vectors
        msr     vbar_el2, x0
#ifdef HR_RESIDENT_HVC_DISABLED
        ldr     x0, =(HCR_RW | 0x20000000)      /* HCR_EL2.HCD: HVC is undefined [arm/ddi0487 D19] */
        msr     hcr_el2, x0
#endif
#ifdef HR_RESIDENT_BIG_ENDIAN
        /* As the kernel of CONFIG_CPU_BIG_ENDIAN leaves both; no access to data from here on. */
        ldr     x0, =((SCTLR_OFF_HIGH | SCTLR_EE_HIGH) << 16 | SCTLR_OFF_LOW)
        ldr     x1, =(0x30d00800 | SCTLR_EE_HIGH << 16)
        msr     sctlr_el2, x0
        msr     sctlr_el1, x1
#endif
        isb
        DROP
        .ltorg
END hr_resident_enter
