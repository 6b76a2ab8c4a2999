/* SPDX-License-Identifier: BSD-2-Clause */
/* clang-format off */
/*
 * Leaving the MMU and the caches of Hyp mode.
 */
#ifndef HR_BARE_ARM_MMU_OFF_H
#define HR_BARE_ARM_MMU_OFF_H

        /* To `elsewhere` unless `va` is mapped where it is physically. Uses r2, r3. */
        .macro CHECK_IDENTITY va, elsewhere
        mcr     ATS1HR(\va)
        isb
        mrrc    PAR(r2, r3)
        tst     r2, #1                  /* F: no translation */
        bne     \elsewhere
        eor     r2, r2, \va
        lsrs    r2, r2, #12             /* PA bits 31:12 */
        bne     \elsewhere
        tst     r3, #0xff               /* PA bits 39:32 */
        bne     \elsewhere
        .endm

        /*
         * Cleans [from, to) of this file's code to the PoC: it is fetched from there as soon as the MMU
         * is off. Uses r2-r5.
         */
        .macro CLEAN_OWN_CODE from, to
        mrc     CTR(r4)
        ubfx    r4, r4, #16, #4         /* DminLine: log2 of words */
        mov     r3, #4
        lsl     r4, r3, r4              /* r4 := bytes of a line */
        sub     r5, r4, #1
        adr     r2, \from
        bic     r2, r2, r5
        adr     r3, \to
.Lclean_line:
        mcr     DCCMVAC(r2)
        add     r2, r2, r4
        cmp     r2, r3
        blo     .Lclean_line
        dsb
        .endm

        /*
         * Cleans and invalidates the data caches of this CPU up to the PoC, by set and way
         * [arm/ddi0406c B2.2.4]: with them off, nothing else is in a cache from then on. Uses r2-r11.
         * `operation` is a macro that takes the register of level, set and way: CLEAN_LINE.
         */
        .macro CLEAN_LINE register
        mcr     DCCISW(\register)
        .endm
        .macro CLEAN_ALL operation
        mrc     CLIDR(r2)
        mov     r3, #0                  /* r3 := level as CSSELR and DCCISW have it */
.Lclean_level:
        ubfx    r4, r2, #24, #3         /* LoC */
        cmp     r3, r4, lsl #1
        bhs     .Lclean_done
        add     r4, r3, r3, lsr #1
        lsr     r4, r2, r4
        and     r4, r4, #7
        cmp     r4, #2                  /* a data or unified cache */
        blo     .Lclean_next_level
        mcr     CSSELR(r3)
        isb
        mrc     CCSIDR(r4)
        mrc     ID_MMFR4(r7)
        tst     r7, #CCIDX_MASK
        ubfxeq  r6, r4, #3, #10         /* r6 := ways - 1, r7 := sets - 1 */
        ubfxeq  r7, r4, #13, #15
        ubfxne  r6, r4, #3, #21
        mrcne   CCSIDR2(r7)
        and     r5, r4, #7
        add     r5, r5, #4              /* r5 := log2 of bytes of a line */
        clz     r8, r6                  /* r8 := where the way begins */
.Lclean_set:
        mov     r9, r6
.Lclean_way:
        lsl     r10, r9, r8
        lsl     r11, r7, r5
        orr     r10, r10, r11
        orr     r10, r10, r3
        \operation r10
        subs    r9, r9, #1
        bhs     .Lclean_way
        subs    r7, r7, #1
        bhs     .Lclean_set
.Lclean_next_level:
        add     r3, r3, #2
        b       .Lclean_level
.Lclean_done:
        dsb
        .endm

        /*
         * MMU and data cache off, if what runs now, its stack, what LR returns to and the memory at `table`
         * stay where they are; else to `elsewhere`, and nothing has changed. The stack is written while the cache is
         * on and read when it has been cleaned: 32 bytes. Uses r1-r3.
         */
        .macro LEAVE_MMU table, elsewhere
.Lleave_mmu:
        adr     r1, .Lleave_mmu
        CHECK_IDENTITY r1, \elsewhere
        mcr     ATS1HR(\table)          /* the table: not mapped, or at its physical address */
        isb
        mrrc    PAR(r2, r3)
        tst     r2, #1
        bne     .Lcheck_caller
        CHECK_IDENTITY \table, \elsewhere
.Lcheck_caller:
        CHECK_IDENTITY lr, \elsewhere
        mov     r1, sp
        sub     r1, r1, #32             /* eight registers */
        CHECK_IDENTITY r1, \elsewhere
        push    {r4-r11}
        CLEAN_OWN_CODE .Lleave_mmu, .Lleave_mmu_end
        mrc     HSCTLR(r2)
        bic     r2, r2, #(SCTLR_M | SCTLR_C)
        bic     r2, r2, #SCTLR_I
        mcr     HSCTLR(r2)
        isb
        CLEAN_ALL CLEAN_LINE
        mcr     TLBIALLH(r2)            /* whoever turns the MMU on next must not hit these */
        mcr     ICIALLU(r2)
        mcr     BPIALL(r2)
        dsb
        isb
        pop     {r4-r11}
.Lleave_mmu_end:
        .endm

#endif /* HR_BARE_ARM_MMU_OFF_H */
