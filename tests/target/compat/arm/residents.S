/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Residents to call, A32: each does what its dialect's description says, and spoils what its callers
 * must give up. All of them also let the harness back in (hvc #HR_TARGET_HVC_BACK).
 */
#include "bare/asm.h"
#include "tests/target/harness/cpu.h"

/*
 * RESIDENT \name: begins a table of vectors and the code behind its slot for HVC.
 * In:       Hyp mode, by an HVC or a trap from below.
 * Out:      behind the macro with every register the caller's; or, on the harness's own HVC, in
 *           hr_resident_leave. An exception at Hyp mode itself stays in its slot.
 * Clobbers: HDFAR.
 */
        .macro RESIDENT name
TABLE \name, 5
SLOT 0x00
        b       .
SLOT 0x04
        b       .
SLOT 0x08
        b       .
SLOT 0x0c
        b       .
SLOT 0x10
        b       .
SLOT 0x14
        b       1f
SLOT 0x18
        b       .
SLOT 0x1c
        b       .
1:      mcr     HDFAR(r0)
        mrc     HSR(r0)
        uxth    r0, r0
        sub     r0, r0, #(HR_TARGET_HVC_BACK & 0xff00)
        cmp     r0, #(HR_TARGET_HVC_BACK & 0xff)
        beq     hr_resident_leave
        mrc     HDFAR(r0)
        .endm

        .macro SPOIL registers:vararg
        .irp    register, \registers
        movw    \register, #0xbeef
        movt    \register, #0xdead
        .endr
        .endm

/*
 * hr_resident_leave: puts the harness's vectors back and goes on in them.
 * In:       Hyp mode, by an HVC.
 * Out:      in hr_target_hyp_vectors, slot +14.
 * Clobbers: r0.
 */
FUNC hr_resident_leave, .text.hr_resident_leave
        ldr     r0, =hr_target_hyp_vectors
        mcr     HVBAR(r0)
        isb
        b       hr_target_hyp_vectors + 0x14
        .ltorg
END hr_resident_leave

/*
 * hr_resident_stub_3_7: r0 = -1 gets, all else sets.
 * In:       Hyp mode, by an HVC of any immediate.
 * Out:      by ERET: r0.
 * Clobbers: nothing else.
 */
RESIDENT hr_resident_stub_3_7
        cmn     r0, #1
        mrceq   HVBAR(r0)
        mcrne   HVBAR(r0)
        eret
END hr_resident_stub_3_7

/*
 * hr_resident_stub_4_12: 0 sets from r1, 1 runs r1, 2 resets, all else is an error.
 * In:       Hyp mode, by an HVC of any immediate.
 * Out:      by ERET: r0; or by a branch to r1.
 * Clobbers: r1-r3, r12 when it returns, as its contract allows.
 */
RESIDENT hr_resident_stub_4_12
        cmp     r0, #1
        bxeq    r1
        mcrlo   HVBAR(r1)
        movlo   r0, #0
        blo     1f
        cmp     r0, #2
        moveq   r0, #0
        movwne  r0, #0xca11
        movtne  r0, #0x0bad
1:      SPOIL   r1, r2, r3, r12
        eret
END hr_resident_stub_4_12

/*
 * hr_resident_kvm_4_8: r0 = -1 gets, all else is called with r1, r2, r3.
 * In:       Hyp mode, by an HVC of any immediate; a stack.
 * Out:      by ERET: r0 as the function left it.
 * Clobbers: r1-r3, r12, as the procedure call standard allows.
 */
RESIDENT hr_resident_kvm_4_8
        cmn     r0, #1
        mrceq   HVBAR(r0)
        ereteq
        push    {r2, lr}
        mov     lr, r0
        mov     r0, r1
        mov     r1, r2
        mov     r2, r3
        blx     lr
        pop     {r2, lr}
        SPOIL   r1, r2, r3, r12
        eret
END hr_resident_kvm_4_8

/*
 * hr_resident_hypervisor: Xen's, Jailhouse's and SMCCC 1.2's registers, by immediate.
 * In:       Hyp mode, by an HVC.
 * Out:      #0xea1: r0 = r0 + ... + r4 + r12. #0x4a48: r0 = r0 + r1 + r2. #0: r1 to r7 one higher.
 *           Any other: r0 = -1.
 * Clobbers: #0xea1: r1-r4, r12. #0x4a48: r3.
 */
RESIDENT hr_resident_hypervisor
        mrc     HSR(r0)
        uxth    r0, r0
        cmp     r0, #0
        beq     .Lcount_up
        sub     r0, r0, #0xe00
        cmp     r0, #0xa1
        beq     .Ladd_six
        sub     r0, r0, #0x3c00
        cmp     r0, #0x48
        beq     .Ladd_three
        mvn     r0, #0
        eret
.Lcount_up:
        .irp    register, r1, r2, r3, r4, r5, r6, r7
        add     \register, \register, #1
        .endr
        mrc     HDFAR(r0)
        eret
.Ladd_six:
        mrc     HDFAR(r0)
        .irp    register, r1, r2, r3, r4, r12
        add     r0, r0, \register
        .endr
        SPOIL   r1, r2, r3, r4, r12
        eret
.Ladd_three:
        mrc     HDFAR(r0)
        add     r0, r0, r1
        add     r0, r0, r2
        SPOIL   r3
        eret
END hr_resident_hypervisor

/*
 * hr_resident_leaving: a hypervisor that knows RESET_VECTORS only, and gives HYP back through the shim.
 * In:       Hyp mode, by an HVC with r0 = HR_OP_RESET_VECTORS.
 * Out:      through hr_shim_reset_vectors.
 * Clobbers: HIFAR.
 */
RESIDENT hr_resident_leaving
        mcr     HIFAR(r0)
        mrc     HSCTLR(r0)
        orr     r0, r0, #0x1000         /* caches on: the shim must turn them off */
        orr     r0, r0, #0x4
        mcr     HSCTLR(r0)
        ldr     r0, =hr_stub_vectors
        mcr     HTPIDR(r0)
        mrc     HIFAR(r0)
        b       hr_shim_reset_vectors
        .ltorg
END hr_resident_leaving

/*
 * hr_resident_none: nobody; only a trapped WFI (or WFI.W) ends the state in which HVC is undefined.
 * In:       Hyp mode, by that trap.
 * Out:      behind the WFI, with HCR = 0.
 * Clobbers: nothing.
 */
RESIDENT hr_resident_none
        mov     r0, #0
        mcr     HCR(r0)
        mrs     r0, elr_hyp
        add     r0, r0, #4
        msr     elr_hyp, r0
        mrc     HDFAR(r0)
        eret
END hr_resident_none
