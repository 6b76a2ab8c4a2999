/* SPDX-License-Identifier: BSD-2-Clause */
#include "bare/asm.h"

/*
 * For the identity map, long descriptors: all of 32 bits by TTBR0 (T0SZ = 0), table walks inner
 * shareable, write-back. TTBCR also sets EAE (31) and EPD1 (23); HTCR has both as RES1.
 */
#define TCR_RELAY 0x80803500
/* Attribute 0: Normal write-back, 1: Device. Matches core/identity_map.cpp. */
#define MAIR_RELAY 0x04ff

/*
 * uint32_t hr_mmu_address_bits(void): can the identity map be used here, and how far does it reach?
 * In:       nothing
 * Out:      r0 = 32; 0: not usable, because the core has no long descriptors (LPAE)
 * Clobbers: flags
 */
FUNC hr_mmu_address_bits, .text.hr_mmu_address_bits
        mrc     ID_MMFR0(r0)
        and     r0, r0, #15                     /* VMSA support, 5 and more: long descriptors */
        cmp     r0, #5
        movhs   r0, #32
        movlo   r0, #0
        bx      lr
END hr_mmu_address_bits

/*
 * void hr_mmu_on(const uint64_t *root): MMU and caches on with the identity map at root.
 * In:       r0 = level 1 table, everything in it at the PoC and not cached
 * Out:      MMU, D-cache and I-cache on
 * Clobbers: r1 to r3, r12, flags
 */
FUNC hr_mmu_on, .text.hr_mmu_on
        /*
         * These cores want ACTLR.SMP before any cache is on [arm/ddi0438, arm/ddi0464 ACTLR]. Linux sets it when
         * it boots, a bootloader need not. Where only Secure state may, the write is ignored.
         */
        mrc     MIDR(r1)
        bic     r1, r1, #(MIDR_REVISIONS & 0x00f00000)
        bic     r1, r1, #(MIDR_REVISIONS & 0x0000000f)
        ldr     r2, =MIDR_CORTEX_A
        sub     r1, r1, r2
        cmp     r1, #0x70                       /* A7 */
        cmpne   r1, #0xd0                       /* A12 */
        cmpne   r1, #0xe0                       /* A17 */
        cmpne   r1, #0xf0                       /* A15 */
        bne     .Lsmp_known
        mrc     ACTLR(r1)
        tst     r1, #ACTLR_SMP
        orreq   r1, r1, #ACTLR_SMP
        mcreq   ACTLR(r1)
        isb
.Lsmp_known:
        ldr     r1, =TCR_RELAY
        ldr     r2, =MAIR_RELAY
        mov     r3, #0
        dsb
        mrs     r12, cpsr
        and     r12, r12, #PSR_MODE
        cmp     r12, #PSR_MODE_HYP
        bne     .Lon_pl1
        mcr     HMAIR0(r2)
        mcr     HTCR(r1)
        mcrr    HTTBR(r0, r3)
        isb
        mcr     TLBIALLH(r3)
        mcr     BPIALL(r3)
        dsb
        isb
        mrc     HSCTLR(r1)
        orr     r1, r1, #SCTLR_M | SCTLR_C
        orr     r1, r1, #SCTLR_I
        mcr     HSCTLR(r1)
        isb
        bx      lr
.Lon_pl1:
        mcr     TTBCR(r1)                       /* EAE first: it selects the layout of the others */
        isb
        mcr     MAIR0(r2)
        mcrr    TTBR0_LONG(r0, r3)
        isb
        mcr     TLBIALL(r3)
        mcr     BPIALL(r3)
        dsb
        isb
        mrc     SCTLR(r1)
        orr     r1, r1, #SCTLR_M | SCTLR_C
        orr     r1, r1, #SCTLR_I
        mcr     SCTLR(r1)
        isb
        bx      lr
        .ltorg
END hr_mmu_on

/*
 * void hr_mmu_off(uintptr_t own, size_t own_size, const uint64_t (*ranges)[2], size_t count):
 * MMU and D-cache off; of what was mapped cacheable, nothing stays in the caches.
 *
 * Everything dirty is in the relay's own memory (stack, log, state: all else is mapped read-only, but for a kernel
 * that was inflated, which was cleaned then), so that is cleaned first, by code that writes nothing from there on. Only then may the
 * caches go off, and lines that were fetched meanwhile are dropped with the MMU already off.
 * In:       r0 = own memory, r1 = its bytes, r2 = pairs of start and size, r3 = how many
 * Out:      MMU and D-cache off, I-cache on
 * Clobbers: r0 to r3, r12, flags; r4 to r9 are saved below the stack pointer first
 */
FUNC hr_mmu_off, .text.hr_mmu_off
        push    {r4 - r9, lr}
        mov     r4, r0
        mov     r5, r1
        mov     r6, r2                          /* r6 := next range */
        add     r7, r2, r3, lsl #4              /* r7 := end of ranges */
        bl      hr_cache_flush
        mov     r0, #0
        mrs     r12, cpsr
        and     r12, r12, #PSR_MODE
        cmp     r12, #PSR_MODE_HYP
        bne     .Loff_pl1
        mrc     HSCTLR(r1)
        bic     r1, r1, #SCTLR_M | SCTLR_C
        mcr     HSCTLR(r1)
        isb
        mcr     TLBIALLH(r0)
        b       .Loff
.Loff_pl1:
        mrc     SCTLR(r1)
        bic     r1, r1, #SCTLR_M | SCTLR_C
        mcr     SCTLR(r1)
        isb
        mcr     TLBIALL(r0)
.Loff:
        mcr     BPIALL(r0)
        dsb
        isb
        mov     r0, r4
        mov     r1, r5
        bl      hr_cache_flush
.Lflush_range:
        cmp     r6, r7
        bhs     .Loff_done
        ldr     r0, [r6]                        /* low words: nothing lies above 4 GiB here */
        ldr     r1, [r6, #8]
        add     r6, r6, #16
        bl      hr_cache_flush
        b       .Lflush_range
.Loff_done:
        pop     {r4 - r9, pc}
END hr_mmu_off
