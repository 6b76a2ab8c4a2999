/* SPDX-License-Identifier: BSD-2-Clause */
#include "bare/asm.h"

/*
 * For the identity map: T0SZ = 16 (48 bits), table walks inner shareable, write-back; 4 KiB
 * granule; the physical size goes to PS (EL2, bit 16) or IPS (EL1, bit 32). EPD1: no TTBR1 walks.
 */
#define TCR_WALKS 0x3510
#define TCR_EL1_EPD1 0x800000
/* Attribute 0: Normal write-back, 1: Device-nGnRE. Matches core/identity_map.cpp. */
#define MAIR_RELAY 0x04ff

/*
 * uint32_t hr_mmu_address_bits(void): can the identity map be used here, and how far does it reach?
 * In:       nothing
 * Out:      w0 = bits of a physical address; 0: not usable, because the core has no 4 KiB granule
 *           or keeps E2H set, where TCR_EL2 has another layout
 * Clobbers: x1, flags
 */
FUNC hr_mmu_address_bits, .text.hr_mmu_address_bits
        mrs     x0, CurrentEL
        cmp     x0, #CURRENTEL_EL2
        b.ne    .Lgranule
        mrs     x0, hcr_el2
        tbnz    x0, #HCR_E2H_BIT, .Lno_map
.Lgranule:
        mrs     x1, id_aa64mmfr0_el1
        ubfx    x0, x1, #28, #4                 /* TGran4, 15: none */
        cmp     x0, #15
        b.eq    .Lno_map
        and     x1, x1, #15                     /* PARange: 32, 36, 40, 42, 44, 48, 52 bits */
        cmp     x1, #5
        mov     x0, #48
        b.hs    .Lhave_bits
        adr     x0, .Lbits
        ldrb    w0, [x0, x1]
.Lhave_bits:
        ret
.Lno_map:
        mov     x0, #0
        ret
.Lbits:
        .byte   32, 36, 40, 42, 44
        .balign 4
END hr_mmu_address_bits

/*
 * void hr_mmu_on(const uint64_t *root): MMU and caches on with the identity map at root.
 * In:       x0 = level 0 table, everything in it at the PoC and not cached
 * Out:      MMU, D-cache and I-cache on
 * Clobbers: x1 to x5, x9, flags
 */
FUNC hr_mmu_on, .text.hr_mmu_on
        mov     x5, x30
        bl      hr_reset_extended               /* or descriptors could mean something else */
        mov     x30, x5
        mrs     x1, id_aa64mmfr0_el1
        and     x1, x1, #15
        cmp     x1, #5
        mov     x2, #5
        csel    x1, x1, x2, lo                  /* x1 := PS, 48 bits at most */
        ldr     x2, =TCR_WALKS
        mov     x3, #MAIR_RELAY
        dsb     sy
        mrs     x4, CurrentEL
        cmp     x4, #CURRENTEL_EL2
        b.ne    .Lon_el1
        orr     x2, x2, x1, lsl #16
        ldr     x1, =TCR_EL2_OFF
        orr     x2, x2, x1
        msr     mair_el2, x3
        msr     tcr_el2, x2
        msr     ttbr0_el2, x0
        isb
        tlbi    alle2
        dsb     nsh
        isb
        mrs     x1, sctlr_el2
        ldr     x2, =SCTLR_M_C_I
        orr     x1, x1, x2
        msr     sctlr_el2, x1
        isb
        ret
.Lon_el1:
        orr     x2, x2, x1, lsl #32
        orr     x2, x2, #TCR_EL1_EPD1
        msr     mair_el1, x3
        msr     tcr_el1, x2
        msr     ttbr0_el1, x0
        isb
        tlbi    vmalle1
        dsb     nsh
        isb
        mrs     x1, sctlr_el1
        ldr     x2, =SCTLR_M_C_I
        orr     x1, x1, x2
        msr     sctlr_el1, x1
        isb
        ret
        .ltorg
END hr_mmu_on

/*
 * void hr_mmu_off(uintptr_t own, size_t own_size, const uint64_t (*ranges)[2], size_t count):
 * MMU and D-cache off; of what was mapped cacheable, nothing stays in the caches.
 *
 * Everything dirty is in the relay's own memory (stack, log, state: all else is mapped read-only, but for a kernel
 * that was inflated, which was cleaned then), so that is cleaned first, by code that writes nothing from there on. Only then may the
 * caches go off, and lines that were fetched meanwhile are dropped with the MMU already off.
 * In:       x0 = own memory, x1 = its bytes, x2 = pairs of start and size, x3 = how many
 * Out:      MMU and D-cache off, I-cache on
 * Clobbers: x0 to x12, flags
 */
FUNC hr_mmu_off, .text.hr_mmu_off
        mov     x8, x0
        mov     x9, x1
        mov     x10, x2                         /* x10 := next range */
        add     x11, x2, x3, lsl #4             /* x11 := end of ranges */
        mov     x12, x30
        bl      hr_cache_flush
        mov     x1, #SCTLR_M_C
        mrs     x4, CurrentEL
        cmp     x4, #CURRENTEL_EL2
        b.ne    .Loff_el1
        mrs     x0, sctlr_el2
        bic     x0, x0, x1
        msr     sctlr_el2, x0
        isb
        tlbi    alle2
        b       .Loff
.Loff_el1:
        mrs     x0, sctlr_el1
        bic     x0, x0, x1
        msr     sctlr_el1, x0
        isb
        tlbi    vmalle1
.Loff:
        dsb     nsh
        isb
        mov     x0, x8
        mov     x1, x9
        bl      hr_cache_flush
.Lflush_range:
        cmp     x10, x11
        b.hs    .Loff_done
        ldp     x0, x1, [x10], #16
        bl      hr_cache_flush
        b       .Lflush_range
.Loff_done:
        ret     x12
END hr_mmu_off

/*
 * void hr_reset_extended(void): what newer kernels switch on for translation and for the level as a whole:
 * FEAT_TCR2 (with it FEAT_S1PIE, S1POE, D128, AIE and HAFT, which have their enables there), FEAT_SCTLR2. With
 * one of them on, a descriptor means something else than the relay, and a kernel that is older, wrote.
 * At EL1 TCR2_EL1 alone, which the boot protocol opens [linux/arm64/booting, FEAT_TCR2]: no other one of EL1
 * has an effect without it but SCTLR2_EL1, and that would trap below a resident that does not know it.
 * In:       EL2 or EL1, MMU off
 * Out:      those that the CPU has, and whoever is above lets be written, are 0
 * Clobbers: x1 to x4, x9, flags
 */
FUNC hr_reset_extended, .text.hr_reset_extended
        mrs     x1, ID_AA64MMFR3_EL1
        /* falls through */
/*
 * hr_write_extended: the same for a CPU whose ID_AA64MMFR3_EL1 is in x1: for a test, whose CPUs have none.
 * In:       x1; as hr_reset_extended
 * Out:      as there: a register that is UNDEFINED, here or because EL3 says so, is passed over
 * Clobbers: as there
 */
        .globl  hr_write_extended
        .hidden hr_write_extended
hr_write_extended:
        adrp    x3, hr_extended_vectors
        add     x3, x3, :lo12:hr_extended_vectors
        mrs     x2, CurrentEL
        cmp     x2, #CURRENTEL_EL2
        b.ne    .Lextended_el1
        mrs     x4, vbar_el2
        msr     vbar_el2, x3
        isb
        tst     x1, #MMFR3_TCRX
        b.eq    .Lno_tcr2
        msr     TCR2_EL2, xzr
        msr     TCR2_EL1, xzr
.Lno_tcr2:
        tst     x1, #MMFR3_SCTLRX
        b.eq    .Lno_sctlr2
        msr     SCTLR2_EL2, xzr
        msr     SCTLR2_EL1, xzr
.Lno_sctlr2:
        tst     x1, #MMFR3_S1PIE
        b.eq    .Lno_pie
        msr     PIR_EL2, xzr
        msr     PIRE0_EL2, xzr
        msr     PIR_EL1, xzr
        msr     PIRE0_EL1, xzr
.Lno_pie:
        isb
        msr     vbar_el2, x4
        isb
        ret
.Lextended_el1:
        mrs     x4, vbar_el1
        msr     vbar_el1, x3
        isb
        tst     x1, #MMFR3_TCRX
        b.eq    .Lno_tcr2_el1
        msr     TCR2_EL1, xzr
.Lno_tcr2_el1:
        isb
        msr     vbar_el1, x4
        isb
        ret
END hr_reset_extended

/*
 * hr_extended_vectors: VBAR_EL2 or VBAR_EL1 meanwhile.
 * In:       an exception of this level
 * Out:      an UNDEFINED instruction: behind it. Everything else goes to hr_vectors, which reports it
 * Clobbers: x9, flags
 */
TABLE hr_extended_vectors, 11
        .irp    number, 0, 1, 2, 3
        SLOT    0x80 * \number
        b       hr_vectors + 0x80 * \number
        .endr
        SLOT    0x200
        mrs     x9, CurrentEL
        cmp     x9, #CURRENTEL_EL2
        b.ne    .Lundefined_el1
        mrs     x9, esr_el2
        lsr     x9, x9, #ESR_EC_SHIFT
        cbnz    x9, .Lnot_undefined
        mrs     x9, elr_el2
        add     x9, x9, #4
        msr     elr_el2, x9
        eret
.Lundefined_el1:
        mrs     x9, esr_el1
        lsr     x9, x9, #ESR_EC_SHIFT
        cbnz    x9, .Lnot_undefined
        mrs     x9, elr_el1
        add     x9, x9, #4
        msr     elr_el1, x9
        eret
.Lnot_undefined:
        b       hr_vectors + 0x200
        .irp    number, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
        SLOT    0x80 * \number
        b       hr_vectors + 0x80 * \number
        .endr
END hr_extended_vectors
