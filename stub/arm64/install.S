/* SPDX-License-Identifier: BSD-2-Clause */
/* Making the stub resident, A64. Runs once on each CPU, at EL2. Long, but a straight list of registers. */
#include "bare/asm.h"
#include "bare/arm64/mmu_off.h"
#include "stub/hr_stub.h"

/*
 * int hr_stub_install(void)
 * As hr_stub_install_at, with the table where it was linked or loaded.
 * In:       as hr_stub_install_personality; x30 = return address.
 * Out:      x0 = HR_STUB_INSTALLED or an error of hr_stub.h; still at EL2.
 * Clobbers: as there.
 */
FUNC hr_stub_install, .text.hr_stub_install
        adr     x0, hr_stub_vectors
        b       hr_stub_install_at
END hr_stub_install

/*
 * int hr_stub_install_at(const void *vectors)
 * As hr_stub_install_personality, with personality `common`.
 * In:       x0 = as there; x30 = return address.
 * Out:      as there.
 * Clobbers: as there.
 */
FUNC hr_stub_install_at, .text.hr_stub_install
        mov     x1, #HR_PERSONALITY_COMMON
        b       hr_stub_install_personality
END hr_stub_install_at

/*
 * int hr_stub_install_personality(const void *vectors, unsigned personality)
 * In:       x0 = physical address of a copy of the resident, 2 KiB aligned, cleaned to the PoC;
 *           w1 = a row of personality.def; EL2; x30 = return address. With the MMU or the data cache of
 *           EL2 on: this code, x30, SP and the table mapped where they are.
 * Out:      x0 = HR_STUB_INSTALLED; or an error of hr_stub.h, and nothing has changed.
 *           The registers below as a kernel that starts at EL1 needs them [linux/arm64/booting]:
 *           what that kernel uses does not trap to EL2. SME, the statistical profiling and trace
 *           extensions and fine-grained traps keep the state that firmware gave them.
 *           MMU and caches of EL2 off; what was in the data caches is in memory, and not in them.
 * Clobbers: x0, x1, x2, flags; x3 to x12, CSSELR_EL1 and PAR_EL1 with the MMU on. No stack, no memory.
 */
FUNC hr_stub_install_personality, .text.hr_stub_install
        mrs     x2, CurrentEL
        cmp     x2, #CURRENTEL_EL2
        b.ne    .Lreturn_not_hyp
        tst     x0, #(HR_STUB_ALIGNMENT - 1)
        b.ne    .Lreturn_misaligned
#ifdef HR_STUB_FULL
        cmp     w1, #HR_PERSONALITY_LINUX /* 0 and 1 are both architectures', */
        b.ls    .Lcheck_mmu
        cmp     w1, #HR_PERSONALITY_LINUX_3_8 /* 2 and 3 are arm's, */
        b.lo    .Lreturn_no_personality
        cmp     w1, #HR_PERSONALITY_LEVAND /* 4 to 6 are arm64's */
        b.hi    .Lreturn_no_personality
.Lcheck_mmu:
#else
        cbnz    w1, .Lreturn_no_personality
#endif

        mrs     x2, sctlr_el2
        tbnz    x2, #SCTLR_M_BIT, .Lmmu_on
        tbz     x2, #SCTLR_C_BIT, .Lwrite_registers
.Lmmu_on:
        LEAVE_MMU x0, .Lreturn_not_identity
        /* falls through */
.Lwrite_registers:
        msr     vbar_el2, x0
#ifdef HR_STUB_FULL
        mov     w1, w1
        movk    x1, #HR_STUB_STATE, lsl #HR_STUB_STATE_SHIFT
        msr     mair_el2, x1            /* the state (vectors.S): the personality, no lock */
#endif
        /* The bits of extensions that a CPU lacks are RES0 and stay 0. */
        mov     x1, #HCR_RW
        orr     x1, x1, #HCR_APK_API
        orr     x1, x1, #HCR_ATA
        msr     hcr_el2, x1
        mov     x1, #SCTLR_OFF_LOW
        movk    x1, #SCTLR_OF_BUILD_HIGH, lsl #16
        msr     sctlr_el2, x1
        isb

        /* E2H moves fields of CPTR_EL2 and CNTHCTL_EL2, and on some cores it is stuck at 1. */
        mrs     x0, hcr_el2
        mrs     x2, cnthctl_el2
        tbnz    x0, #HCR_E2H_BIT, .Lset_e2h
        orr     x2, x2, #CNTHCTL_EL1
        mov     x1, #CPTR_NO_TRAP
        mrs     x0, id_aa64pfr0_el1     /* x0 := ID_AA64PFR0_EL1 */
        tst     x0, #(0xf << PFR0_SVE_SHIFT)
        b.eq    .Lset_traps
        bic     x1, x1, #CPTR_TZ
        b       .Lset_traps
.Lset_e2h:
        orr     x2, x2, #CNTHCTL_E2H_EL1
        mov     x1, #CPTR_E2H_NO_TRAP
        mrs     x0, id_aa64pfr0_el1
        tst     x0, #(0xf << PFR0_SVE_SHIFT)
        b.eq    .Lset_traps
        orr     x1, x1, #CPTR_E2H_ZEN
.Lset_traps:
        msr     cnthctl_el2, x2
        msr     cptr_el2, x1
        msr     hstr_el2, xzr
        msr     cntvoff_el2, xzr
        msr     vttbr_el2, xzr          /* one VMID on every CPU: broadcast TLB operations match it */
        mrs     x1, midr_el1
        msr     vpidr_el2, x1
        mrs     x1, mpidr_el1
        msr     vmpidr_el2, x1

        tst     x0, #(0xf << PFR0_SVE_SHIFT)
        b.eq    .Lset_gic
        isb
        mov     x1, #ZCR_LEN_ALL        /* every vector length, the same on every CPU */
        msr     ZCR_EL2, x1
.Lset_gic:
        tst     x0, #(0xf << PFR0_GIC_SHIFT)
        b.eq    .Lset_counters
        mrs     x1, ICC_SRE_EL2
        orr     x1, x1, #ICC_SRE_SRE
        orr     x1, x1, #ICC_SRE_ENABLE
        msr     ICC_SRE_EL2, x1
        isb
        /* Firmware can hold SRE at 0: then ICH_HCR_EL2 is UNDEFINED, and the GIC is in legacy mode. */
        mrs     x1, ICC_SRE_EL2
        tbz     x1, #0, .Lset_counters
        msr     ICH_HCR_EL2, xzr
.Lset_counters:
        /* All event counters belong to EL1; PMUVer 0 is none and 15 one that PMCR_EL0 is not part of. */
        mrs     x1, id_aa64dfr0_el1
        ubfx    x1, x1, #DFR0_PMU_SHIFT, #4
        sub     x1, x1, #1
        cmp     x1, #14
        mov     x1, #0
        b.hs    .Lset_debug
        mrs     x1, pmcr_el0
        ubfx    x1, x1, #11, #5
.Lset_debug:
        msr     mdcr_el2, x1
        isb
        mov     x0, #HR_STUB_INSTALLED
        ret

.Lreturn_not_hyp:
        mov     x0, #HR_STUB_NOT_HYP
        ret
.Lreturn_misaligned:
        mov     x0, #HR_STUB_MISALIGNED
        ret
.Lreturn_no_personality:
        mov     x0, #HR_STUB_NO_PERSONALITY
        ret
.Lreturn_not_identity:
        mov     x0, #HR_STUB_NOT_IDENTITY
        ret
END hr_stub_install_personality
