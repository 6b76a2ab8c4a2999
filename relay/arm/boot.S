/* SPDX-License-Identifier: BSD-2-Clause */
#include "bare/asm.h"

/*
 * void hr_boot(uint32_t entry, uint32_t tree): the boot law for arm, then the next kernel.
 * docs/boot-law.md has one line with its source for each register written here.
 * In:       r0 = the kernel's first instruction, r1 = device tree; MMU and D-cache off, nothing
 *           of what was loaded in the caches
 * Out:      does not return; the kernel gets r0 = 0, r1 = ~0, r2 = tree. Should it ever return,
 *           hr_relay_returned says so.
 * Clobbers: everything
 */
FUNC hr_boot, .text.hr_boot
        mov     r8, r0                          /* r8 := entry */
        mov     r9, r1                          /* r9 := tree */
        cpsid   aif
        mov     r0, #0
        mrc     ID_PFR1(r1)
        tst     r1, #ID_PFR1_TIMER                      /* GenTimer */
        mcrne   CNTV_CTL(r0)
        mrs     r1, cpsr
        and     r1, r1, #PSR_MODE
        cmp     r1, #PSR_MODE_HYP
        bleq    hr_reset_hyp

        /*
         * PL1 as after a reset, also when leaving in HYP: the kernel drops to PL1 before it has
         * looked at these. TTBCR = 0 selects short descriptors, what every kernel starts from.
         */
        ldr     r1, =SCTLR_OFF
        mcr     SCTLR(r1)
        isb
        mov     r0, #0
        mcr     TTBCR(r0)
        isb
        mcr     TTBR0(r0)
        mcr     TTBR1(r0)
        mcr     TLBIALL(r0)
        mcr     ICIALLU(r0)
        mcr     BPIALL(r0)
        dsb
        isb
        ldr     lr, .Lreturned
        adr     r0, .Lreturned
        add     lr, lr, r0
        mov     r0, #0
        mvn     r1, #0
        mov     r2, r9
        mov     r3, #0
        bx      r8
.Lreturned:
        .word   hr_relay_returned - .
        .ltorg
END hr_boot

/*
 * void hr_reset_hyp(void): HYP as the boot protocol and old kernels' assumptions want it.
 * Longer than a screen, because it is one straight line: every step is a row of docs/boot-law.md.
 * In:       HYP, MMU and D-cache off
 * Out:      HCR = 0, every trap and virtual context off, TLBs empty
 * Clobbers: r0 to r2, flags
 */
FUNC hr_reset_hyp, .text.hr_reset_hyp
        mov     r0, #0
        mcr     HCR(r0)
        mcr     HCPTR(r0)
        mcr     HSTR(r0)
        mrc     HDCR(r1)
        and     r1, r1, #HDCR_HPMN              /* how many event counters PL1 owns: stays */
        mcr     HDCR(r1)
        mcrr    VTTBR(r0, r0)
        mov     r1, #VTCR_OFF
        mcr     VTCR(r1)
        mcrr    HTTBR(r0, r0)
        ldr     r1, =HTCR_OFF
        mcr     HTCR(r1)
        mcr     HMAIR0(r0)
        mrc     MIDR(r1)
        mcr     VPIDR(r1)
        mrc     MPIDR(r1)
        mcr     VMPIDR(r1)
        mrc     ID_PFR1(r2)
        tst     r2, #ID_PFR1_TIMER                      /* GenTimer */
        beq     .Lno_timer
        mov     r1, #CNTHCTL_PL1
        mcr     CNTHCTL(r1)
        mcrr    CNTVOFF(r0, r0)
        mcr     CNTHP_CTL(r0)
        mcr     CNTP_CTL(r0)
.Lno_timer:
        tst     r2, #ID_PFR1_GIC                        /* GIC: system registers */
        beq     .Lno_gic
        mrc     ICC_HSRE(r1)
        orr     r1, r1, #ICC_HSRE_ENABLE_SRE
        mcr     ICC_HSRE(r1)
        isb
        mrc     ICC_HSRE(r1)
        tst     r1, #ICC_HSRE_SRE
        mcrne   ICH_HCR(r0)
.Lno_gic:
        isb
        mcr     TLBIALLNSNH(r0)
        mcr     TLBIALLH(r0)
        mcr     ICIALLU(r0)
        mcr     BPIALL(r0)
        dsb
        isb
        ldr     r1, =HSCTLR_OFF
        mcr     HSCTLR(r1)
        isb
        bx      lr
        .ltorg
END hr_reset_hyp
