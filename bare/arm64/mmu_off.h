/* SPDX-License-Identifier: BSD-2-Clause */
/* clang-format off */
/*
 * Leaving the MMU and the caches of EL2, as macros that need no stack. They use x2 to x12 and the flags.
 */
#ifndef HR_BARE_ARM64_MMU_OFF_H
#define HR_BARE_ARM64_MMU_OFF_H

        /* To `elsewhere` unless `va` is mapped where it is physically. */
        .macro CHECK_IDENTITY va, elsewhere
        at      s1e2r, \va
        isb
        mrs     x2, par_el1
        tbnz    x2, #0, \elsewhere      /* F: no translation */
        eor     x2, x2, \va
        ubfx    x2, x2, #12, #40        /* PA bits 51:12 */
        cbnz    x2, \elsewhere
        .endm

        /*
         * Cleans [from, to) of this file's code to the PoC: it is fetched from there as soon as the MMU
         * is off.
         */
        .macro CLEAN_OWN_CODE from, to
        mrs     x4, ctr_el0
        ubfx    x4, x4, #16, #4         /* DminLine: log2 of words */
        mov     x3, #4
        lsl     x4, x3, x4              /* x4 := bytes of a line */
        sub     x5, x4, #1
        adr     x2, \from
        bic     x2, x2, x5
        adr     x3, \to
.Lclean_line:
        dc      cvac, x2
        add     x2, x2, x4
        cmp     x2, x3
        b.lo    .Lclean_line
        dsb     sy
        .endm

        /*
         * Cleans and invalidates the data caches of this CPU up to the PoC, by set and way
         * [arm/ddi0487 D7.5]: with them off, nothing else is in a cache from then on.
         * `operation` is a macro that takes the register of level, set and way: CLEAN_LINE.
         */
        .macro CLEAN_LINE register
        dc      cisw, \register
        .endm
        .macro CLEAN_ALL operation
        mrs     x2, clidr_el1
        ubfx    x11, x2, #24, #3        /* LoC */
        lsl     x11, x11, #1
        mov     x3, #0                  /* x3 := level as CSSELR_EL1 and DC CISW have it */
.Lclean_level:
        cmp     x3, x11
        b.hs    .Lclean_done
        add     x4, x3, x3, lsr #1
        lsr     x4, x2, x4
        and     x4, x4, #7
        cmp     x4, #2                  /* a data or unified cache */
        b.lo    .Lclean_next_level
        msr     csselr_el1, x3
        isb
        mrs     x4, ccsidr_el1
        mrs     x7, id_aa64mmfr2_el1
        ubfx    x7, x7, #MMFR2_CCIDX_SHIFT, #4
        cbnz    x7, .Lread_wide
        ubfx    x6, x4, #3, #10         /* x6 := ways - 1, x7 := sets - 1 */
        ubfx    x7, x4, #13, #15
        b       .Lfind_shifts
.Lread_wide:
        ubfx    x6, x4, #3, #21
        ubfx    x7, x4, #32, #24
.Lfind_shifts:
        and     x5, x4, #7
        add     x5, x5, #4              /* x5 := log2 of bytes of a line */
        clz     w8, w6                  /* x8 := where the way begins */
.Lclean_set:
        mov     x9, x6
.Lclean_way:
        lsl     x10, x9, x8
        orr     x10, x10, x3
        lsl     x12, x7, x5
        orr     x10, x10, x12
        \operation x10
        subs    x9, x9, #1
        b.hs    .Lclean_way
        subs    x7, x7, #1
        b.hs    .Lclean_set
.Lclean_next_level:
        add     x3, x3, #2
        b       .Lclean_level
.Lclean_done:
        dsb     sy
        .endm

        /*
         * MMU and data cache off, if what runs now, its stack, what LR returns to and the memory at `table`
         * stay where they are; else to `elsewhere`, and nothing has changed. Uses x2-x12.
         */
        .macro LEAVE_MMU table, elsewhere
.Lleave_mmu:
        adr     x3, .Lleave_mmu
        CHECK_IDENTITY x3, \elsewhere
        at      s1e2r, \table           /* the table: not mapped, or at its physical address */
        isb
        mrs     x2, par_el1
        tbnz    x2, #0, .Lcheck_caller
        CHECK_IDENTITY \table, \elsewhere
.Lcheck_caller:
        CHECK_IDENTITY x30, \elsewhere
        sub     x3, sp, #16             /* an empty stack is one of the page below */
        CHECK_IDENTITY x3, \elsewhere
        CLEAN_OWN_CODE .Lleave_mmu, .Lleave_mmu_end
        mrs     x2, sctlr_el2
        bic     x2, x2, #(1 << SCTLR_M_BIT)
        bic     x2, x2, #(1 << SCTLR_C_BIT)
        bic     x2, x2, #SCTLR_I
        msr     sctlr_el2, x2
        isb
        CLEAN_ALL CLEAN_LINE
        tlbi    alle2                   /* whoever turns the MMU on next must not hit these */
        ic      iallu
        dsb     sy
        isb
.Lleave_mmu_end:
        .endm

#endif /* HR_BARE_ARM64_MMU_OFF_H */
