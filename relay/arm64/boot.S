/* SPDX-License-Identifier: BSD-2-Clause */
#include "bare/asm.h"

/*
 * void hr_boot(uint64_t entry, uint64_t tree): the boot law for arm64, then the next kernel.
 * docs/boot-law.md has one line with its source for each register written here.
 * In:       x0 = the kernel's first instruction, x1 = device tree; MMU and D-cache off, nothing
 *           of what was loaded in the caches
 * Out:      does not return; the kernel gets x0 = tree, x1 to x3 = 0. Should it ever return,
 *           hr_relay_returned says so.
 * Clobbers: everything
 */
FUNC hr_boot, .text.hr_boot
        mov     x20, x0                         /* x20 := entry */
        mov     x21, x1                         /* x21 := tree */
        msr     daifset, #0xf
        bl      hr_stop_trace
        bl      hr_reset_extended
        msr     cntv_ctl_el0, xzr
        mrs     x0, CurrentEL
        cmp     x0, #CURRENTEL_EL2
        b.eq    .Lboot_el2

        /* EL1: translation registers as after a reset; what is above is not ours. */
        msr     ttbr0_el1, xzr
        msr     tcr_el1, xzr
        msr     mair_el1, xzr
        isb
        tlbi    vmalle1
        ldr     w0, =SCTLR_EL1_OFF
        ic      iallu
        dsb     sy
        isb
        msr     sctlr_el1, x0
        isb
        b       .Lenter_kernel

.Lboot_el2:
        bl      hr_reset_el2
.Lenter_kernel:
        adr     x30, hr_relay_returned
        mov     x0, x21
        mov     x1, xzr
        mov     x2, xzr
        mov     x3, xzr
        br      x20
        .ltorg
END hr_boot

/*
 * void hr_reset_el2(void): EL2 as the boot protocol and old kernels' assumptions want it.
 * Longer than a screen, because it is one straight line: every step is a row of docs/boot-law.md.
 * In:       EL2, MMU and D-cache off
 * Out:      HCR_EL2 = RW, every trap and virtual context off, TLBs and I-cache empty
 * Clobbers: x0 to x3, flags
 */
FUNC hr_reset_el2, .text.hr_reset_el2
        ldr     w0, =HCR_RW
        msr     hcr_el2, x0
        isb
        mov     x1, #CNTHCTL_EL1
        mov     x2, #CPTR_NO_TRAP
        mrs     x0, hcr_el2
        tbz     x0, #HCR_E2H_BIT, .Llayout_known
        mov     x1, #CNTHCTL_E2H_EL1
        mov     x2, #CPTR_E2H_NO_TRAP
.Llayout_known:
        msr     cnthctl_el2, x1
        msr     cptr_el2, x2
        msr     cntvoff_el2, xzr
        msr     cnthp_ctl_el2, xzr
        msr     cntp_ctl_el0, xzr
        msr     hstr_el2, xzr
        msr     vttbr_el2, xzr
        ldr     w0, =VTCR_EL2_OFF
        msr     vtcr_el2, x0
        msr     ttbr0_el2, xzr
        ldr     w0, =TCR_EL2_OFF
        msr     tcr_el2, x0
        msr     mair_el2, xzr
        mrs     x0, midr_el1
        msr     vpidr_el2, x0
        mrs     x0, mpidr_el1
        msr     vmpidr_el2, x0

        /* MDCR_EL2: no trap, and all event counters are EL1's (HPMN = PMCR_EL0.N). */
        mov     x1, #0
        mrs     x0, id_aa64dfr0_el1
        ubfx    x0, x0, #DFR0_PMU_SHIFT, #4                     /* PMUVer, 0: none, 15: not architected */
        sub     x2, x0, #1
        cmp     x2, #14
        b.hs    .Lno_pmu
        mrs     x1, pmcr_el0
        ubfx    x1, x1, #11, #5
.Lno_pmu:
        msr     mdcr_el2, x1

        mrs     x0, id_aa64mmfr1_el1
        ubfx    x1, x0, #8, #4                  /* VH: the EL2 virtual timer exists */
        cbz     x1, .Lno_vhe
        msr     CNTHV_CTL_EL2, xzr
.Lno_vhe:
        ubfx    x1, x0, #40, #4                 /* HCX */
        cbz     x1, .Lno_hcx
        msr     HCRX_EL2, xzr
.Lno_hcx:
        mrs     x0, id_aa64mmfr0_el1
        ubfx    x1, x0, #56, #4                 /* FGT: fine-grained traps */
        cbz     x1, .Lno_fgt
        msr     HFGRTR_EL2, xzr
        msr     HFGWTR_EL2, xzr
        msr     HFGITR_EL2, xzr
        msr     HDFGRTR_EL2, xzr
        msr     HDFGWTR_EL2, xzr
.Lno_fgt:
        mrs     x0, id_aa64pfr0_el1
        ubfx    x0, x0, #PFR0_GIC_SHIFT, #4                     /* GIC: system registers */
        cbz     x0, .Lno_gic
        mrs     x0, ICC_SRE_EL2
        mov     x1, #(ICC_SRE_SRE | ICC_SRE_ENABLE)
        orr     x0, x0, x1
        msr     ICC_SRE_EL2, x0
        isb
        mrs     x0, ICC_SRE_EL2
        tbz     x0, #0, .Lno_gic                /* SRE did not stay: ICH_* would trap */
        msr     ICH_HCR_EL2, xzr
.Lno_gic:
        /* EL1 is where the kernel may drop to: MMU off there, no debug exceptions. */
        ldr     w0, =SCTLR_EL1_OFF
        msr     sctlr_el1, x0
        msr     mdscr_el1, xzr
        isb
        tlbi    alle1
        tlbi    alle2
        ldr     w0, =SCTLR_EL2_OFF
        ic      iallu
        dsb     sy
        isb
        msr     sctlr_el2, x0
        isb
        ret
        .ltorg
END hr_reset_el2

/*
 * void hr_stop_trace(void): the statistical profiling and trace buffers write to memory on their
 * own (SPE, TRBE): off, unless a higher level owns them (bit P of their ID registers).
 * In:       nothing
 * Out:      what they had to write is written
 * Clobbers: x0, x1
 */
FUNC hr_stop_trace, .text.hr_stop_trace
        mrs     x1, id_aa64dfr0_el1
        ubfx    x0, x1, #32, #4                 /* PMSVer */
        cbz     x0, .Lno_spe
        mrs     x0, PMBIDR_EL1
        tbnz    x0, #4, .Lno_spe
        hint    #17                             /* PSB CSYNC */
        dsb     nsh
        msr     PMBLIMITR_EL1, xzr
        isb
.Lno_spe:
        ubfx    x0, x1, #44, #4                 /* TraceBuffer */
        cbz     x0, .Lno_trbe
        mrs     x0, TRBIDR_EL1
        tbnz    x0, #4, .Lno_trbe
        hint    #18                             /* TSB CSYNC */
        dsb     nsh
        msr     TRBLIMITR_EL1, xzr
        isb
.Lno_trbe:
        ret
END hr_stop_trace
