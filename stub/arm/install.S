/* SPDX-License-Identifier: BSD-2-Clause */
/* Making the stub resident, A32 or T32. Runs once on each CPU, in Hyp mode. Long, but a straight list of registers. */
#include "bare/asm.h"
#include "bare/arm/mmu_off.h"
#include "stub/hr_stub.h"

/*
 * int hr_stub_install(void)
 * As hr_stub_install_at, with the table where it was linked or loaded.
 * In:       as hr_stub_install_personality; LR = return address.
 * Out:      r0 = HR_STUB_INSTALLED or an error of hr_stub.h; still in Hyp mode.
 * Clobbers: as there.
 */
FUNC hr_stub_install, .text.hr_stub_install
        /* Without a literal: no byte of the stub is data, so no endianness can be wrong for it. */
        ADDRESS_OF r0, hr_stub_vectors
        b       hr_stub_install_at
END hr_stub_install

/*
 * int hr_stub_install_at(const void *vectors)
 * As hr_stub_install_personality, with personality `common`.
 * In:       r0 = as there; LR = return address.
 * Out:      as there.
 * Clobbers: as there.
 */
FUNC hr_stub_install_at, .text.hr_stub_install
        mov     r1, #HR_PERSONALITY_COMMON
        b       hr_stub_install_personality
END hr_stub_install_at

/*
 * int hr_stub_install_personality(const void *vectors, unsigned personality)
 * In:       r0 = physical address of a copy of the resident, HR_STUB_ALIGNMENT aligned, cleaned to the
 *           PoC; r1 = a row of personality.def; Hyp mode; LR = return address. With the MMU or the data
 *           cache of Hyp mode on: this code, LR, SP and the table mapped where they are, 32 bytes of stack.
 * Out:      r0 = HR_STUB_INSTALLED; or an error of hr_stub.h, and nothing has changed.
 *           The registers below as a kernel that starts at PL1 needs them: nothing traps to Hyp mode.
 *           MMU and caches of Hyp mode off; what was in the data caches is in memory, and not in them.
 * Clobbers: r0, r1, r2, flags; r3, CSSELR and PAR with the MMU on. No stack, no memory with it off.
 */
FUNC hr_stub_install_personality, .text.hr_stub_install
        mrs     r2, cpsr
        and     r2, r2, #PSR_MODE
        cmp     r2, #PSR_MODE_HYP
        movne   r0, #HR_STUB_NOT_HYP
        bxne    lr
        movw    r2, #(HR_STUB_ALIGNMENT - 1)
        tst     r0, r2
        movne   r0, #HR_STUB_MISALIGNED
        bxne    lr
#ifdef HR_STUB_FULL
        cmp     r1, #HR_PERSONALITY_BRIDGE_KVM
#else
        cmp     r1, #HR_PERSONALITY_COMMON
#endif
        movhi   r0, #HR_STUB_NO_PERSONALITY
        bxhi    lr
        add     r0, r0, r1, lsl #5      /* 32 bytes are a table (vectors.S) */
        mrc     HSCTLR(r2)
        tst     r2, #(SCTLR_M | SCTLR_C)
        beq     .Lwrite_registers
        LEAVE_MMU r0, .Lreturn_not_identity
        /* falls through */
.Lwrite_registers:
        mcr     HVBAR(r0)
        /* TE and EE name the state that a trap enters the table in: the one that it was built for. */
        movw    r1, #(HSCTLR_OF_BUILD & 0xffff)
        movt    r1, #(HSCTLR_OF_BUILD >> 16)
        mcr     HSCTLR(r1)
        mov     r0, #0                  /* r0 := 0 */
        mcr     HCR(r0)
        mcr     HCPTR(r0)
        mcr     HSTR(r0)
        mcrr    VTTBR(r0, r0)           /* one VMID on every CPU: broadcast TLB operations match it */
        mrc     HDCR(r1)
        and     r1, r1, #HDCR_HPMN
        mcr     HDCR(r1)

        /* SCTLR of PL1 resets to values that only some kernels expect [linux/arm/booting]. */
        mrc     SCTLR(r1)
        orr     r1, r1, #SCTLR_CP15BEN
        bic     r1, r1, #SCTLR_ITD_SED
        bic     r1, r1, #SCTLR_WXN_UWXN
        mcr     SCTLR(r1)
        /* VPIDR and VMPIDR are what PL1 reads as MIDR and MPIDR; not every core resets them so. */
        mrc     MIDR(r1)
        mcr     VPIDR(r1)
        mrc     MPIDR(r1)
        mcr     VMPIDR(r1)

        mrc     ID_PFR1(r2)             /* r2 := ID_PFR1 */
        tst     r2, #ID_PFR1_TIMER
        beq     .Lset_gic
        mrc     CNTHCTL(r1)
        orr     r1, r1, #CNTHCTL_PL1
        mcr     CNTHCTL(r1)
        mcrr    CNTVOFF(r0, r0)
        mrc     CNTV_CTL(r1)
        bic     r1, r1, #1
        mcr     CNTV_CTL(r1)
.Lset_gic:
        tst     r2, #ID_PFR1_GIC
        beq     .Lreturn_installed
        mrc     ICC_HSRE(r1)
        orr     r1, r1, #ICC_HSRE_ENABLE_SRE
        mcr     ICC_HSRE(r1)
        isb
        /* Firmware can hold SRE at 0: then ICH_HCR is UNDEFINED, and the GIC is in its legacy mode. */
        mrc     ICC_HSRE(r1)
        tst     r1, #1
        mcrne   ICH_HCR(r0)
.Lreturn_installed:
        isb
        mov     r0, #HR_STUB_INSTALLED
        bx      lr

.Lreturn_not_identity:
        mov     r0, #HR_STUB_NOT_IDENTITY
        bx      lr
END hr_stub_install_personality
