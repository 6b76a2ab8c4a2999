/* SPDX-License-Identifier: BSD-2-Clause */
/* The way up: one call to the resident, and the place at HYP where it may end. docs/climb.md. */
#include "bare/asm.h"
#include "compat/hr_hvc.h"

        /*
         * Begins code that is entered in ARM or in Thumb state, whichever HSCTLR.TE of the resident
         * selects, which nobody can ask for from SVC. The first word is an ARM instruction that does
         * no harm (mov lr, #2), and its first halfword a Thumb branch to the third word, which
         * switches to ARM state. Both continue behind the macro, 12 bytes further.
         */
        .macro ENTER_ANY_STATE
        .inst   0xe3a0e002                      /* Thumb: b .+8 */
        b       .+8
        .inst   0x46c04778                      /* Thumb: bx pc; nop */
        .endm

/*
 * hr_climb_vectors: HVBAR between setting it and the call that ends in hr_climb_landing.
 * In:       Hyp mode
 * Out:      +14: hr_climb_landing. Everything else goes to hr_vectors, which reports it.
 * Clobbers: see there
 */
TABLE hr_climb_vectors, 5
        b       hr_vectors
        b       hr_vectors + 0x04
        b       hr_vectors + 0x08
        b       hr_vectors + 0x0c
        b       hr_vectors + 0x10
        SLOT    0x14
        .globl  hr_climb_landing
        .hidden hr_climb_landing
        .type   hr_climb_landing, %function
/*
 * hr_climb_landing: where the way up ends. Its first words are also the slots +18 and +1C: IRQ and
 * FIQ are masked from the HVC on.
 * In:       Hyp mode, either instruction set and endianness, HYP's MMU on only if it maps this page
 *           to itself; SP_svc as hr_climb_call left it
 * Out:      returns from hr_climb_call: HR_ISSUE_LANDED, in Hyp mode, HSCTLR and HVBAR the relay's
 * Clobbers: as hr_climb_call
 */
hr_climb_landing:
        ENTER_ANY_STATE
        setend  le                              /* the resident's HSCTLR.EE */
        cpsid   aif
        /* No access to data before the MMU and the caches of HYP are off. */
        MOV32   r0, HSCTLR_OFF
        mcr     HSCTLR(r0)
        isb
        mov     r1, #0
        mcr     HCR(r1)
        isb
        mcr     TLBIALLH(r1)
        mcr     ICIALLU(r1)
        mcr     BPIALL(r1)
        dsb
        isb
        adr     r2, .Lvectors_offset
        ldr     r1, [r2]
        add     r1, r1, r2
        orr     r0, r0, #SCTLR_I
        mcr     HSCTLR(r0)
        mcr     HVBAR(r1)
        isb
        mrs     r1, sp_svc
        mov     sp, r1
        b       hr_issue_landed
        .size   hr_climb_landing, . - hr_climb_landing
END hr_climb_vectors

/*
 * hr_word hr_climb_call(struct hr_registers* registers, hr_word immediate): hr_issue, and an HVC that is
 * UNDEFINED comes back.
 * In:       as hr_issue (compat/hr_client.h); SVC, MMU and D-cache off
 * Out:      as hr_issue; HR_ISSUE_UNDEFINED; or HR_ISSUE_LANDED, in Hyp mode on the same stack
 * Clobbers: r1 to r3, r12, flags, LR_usr
 */
FUNC hr_climb_call, .text.hr_climb_vectors
        push    {r3, lr}
        adr     r2, .Lpl1_vectors
        mcr     VBAR(r2)
        isb
        bl      hr_issue
        adr     r2, .Lvectors_offset
        ldr     r1, [r2]
        add     r1, r1, r2
        mcr     VBAR(r1)
        isb
        pop     {r3, pc}

        /* VBAR meanwhile: an HVC that nobody takes is an answer, all else is reported. */
        .balign 32
.Lpl1_vectors:
        b       hr_vectors
        b       .Lundefined
        b       hr_vectors + 0x08
        b       hr_vectors + 0x0c
        b       hr_vectors + 0x10
        b       hr_vectors + 0x14
        b       hr_vectors + 0x18
        b       hr_vectors + 0x1c
.Lundefined:
        cps     #PSR_MODE_SVC
        b       hr_issue_undefined
.Lvectors_offset:
        .word   hr_vectors - .
END hr_climb_call

/*
 * hr_climb_trampoline, hr_climb_trampoline_end: code that is copied over the HVC slot of a captive
 * KVM's vectors. It runs at the virtual address of that slot, under KVM's own translation of HYP,
 * and touches no data. The new tables map the slot's page where KVM had it, so that the fetch
 * after the switch finds the same instructions.
 * In:       Hyp mode, either instruction set; r0 = level 1 table below 4 GiB, r1 = HMAIR0 and HMAIR1,
 *           r2 = HTCR, r3 = where to go on in ARM state, mapped to itself by those tables
 * Out:      branches to r3 with the new translation in place
 * Clobbers: r12, LR_usr
 */
FUNC hr_climb_trampoline, .text.hr_climb_trampoline
        ENTER_ANY_STATE
        mov     r12, #0
        mcr     HMAIR0(r1)
        mcr     HMAIR1(r1)
        mcr     HTCR(r2)
        mcrr    HTTBR(r0, r12)
        isb
        mcr     TLBIALLH(r12)
        mcr     BPIALL(r12)
        dsb
        isb
        bx      r3
        MARK    hr_climb_trampoline_end
END hr_climb_trampoline

/*
 * void hr_climb_sync_code(void): what was written to memory as instructions is what is fetched.
 * In:       the writes are at the PoC
 * Out:      instruction cache and branch predictor of this CPU empty. ICIALLU at PL1 affects what
 *           Hyp mode fetches too: it has no address and no VMID [arm/ddi0406c B2.2.7].
 * Clobbers: r0
 */
FUNC hr_climb_sync_code, .text.hr_climb_sync_code
        mov     r0, #0
        dsb
        mcr     ICIALLU(r0)
        mcr     BPIALL(r0)
        dsb
        isb
        bx      lr
END hr_climb_sync_code
