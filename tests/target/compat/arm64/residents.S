/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Residents to call, A64: each does what its dialect's description says, and spoils what its callers
 * must give up. All of them also let the harness back in (hvc #HR_TARGET_HVC_BACK).
 */
#include "bare/asm.h"
#include "tests/target/harness/cpu.h"

/*
 * RESIDENT \name: begins a table of vectors and the code behind its slot for HVC.
 * In:       EL2, by an HVC or a trap from below.
 * Out:      behind the macro with every register the caller's; or, on the harness's own HVC, in
 *           hr_resident_leave. An exception at EL2 itself stays in its slot.
 * Clobbers: FAR_EL2.
 */
        .macro RESIDENT name
TABLE \name, 11
        .irp    offset, 0x000, 0x080, 0x100, 0x180, 0x200, 0x280, 0x300, 0x380
SLOT \offset
        b       .
        .endr
SLOT 0x400
        msr     far_el2, x0
        mrs     x0, esr_el2
        uxth    w0, w0
        sub     w0, w0, #(HR_TARGET_HVC_BACK & 0xf000)
        cmp     w0, #(HR_TARGET_HVC_BACK & 0xfff)
        b.eq    hr_resident_leave
        mrs     x0, far_el2
        b       1f
        .irp    offset, 0x480, 0x500, 0x580, 0x600, 0x680, 0x700, 0x780
SLOT \offset
        b       .
        .endr
SLOT 0x800
1:
        .endm

        .macro SPOIL registers:vararg
        .irp    register, \registers
        mov     \register, #0xdead
        .endr
        .endm

/*
 * hr_resident_leave: puts the harness's vectors back and goes on in them.
 * In:       EL2, by an HVC.
 * Out:      in hr_target_hyp_vectors, slot +400.
 * Clobbers: x0.
 */
FUNC hr_resident_leave, .text.hr_resident_leave
        adrp    x0, hr_target_hyp_vectors
        add     x0, x0, :lo12:hr_target_hyp_vectors
        msr     vbar_el2, x0
        isb
        b       hr_target_hyp_vectors + 0x400
END hr_resident_leave

/*
 * hr_resident_stub_3_8: x0 = 0 gets, all else sets.
 * In:       EL2, by an HVC.
 * Out:      by ERET: x0.
 * Clobbers: x1.
 */
RESIDENT hr_resident_stub_3_8
        cbz     x0, .Lget_3_8
        msr     vbar_el2, x0
        SPOIL   x1
        eret
.Lget_3_8:
        mrs     x0, vbar_el2
        SPOIL   x1
        eret
END hr_resident_stub_3_8

/*
 * hr_resident_stub_4_8: 0 gets, 1 sets from x1, 2 runs x1 with x2 to x4, all else is 2.
 * In:       EL2, by an HVC.
 * Out:      by ERET: x0; or by a branch to x1 with x0 := x2, x1 := x3, x2 := x4.
 * Clobbers: x30.
 */
RESIDENT hr_resident_stub_4_8
        SPOIL   x30
        cmp     x0, #1
        b.lo    .Lget_4_8
        b.eq    .Lset_4_8
        cmp     x0, #2
        b.eq    hr_resident_restart
        mov     x0, #2
        eret
.Lget_4_8:
        mrs     x0, vbar_el2
        eret
.Lset_4_8:
        msr     vbar_el2, x1
        eret
END hr_resident_stub_4_8

/*
 * hr_resident_restart: what a restart of Linux's arm64 stubs does.
 * In:       EL2; x1 = function.
 * Out:      in the function, x0 := x2, x1 := x3, x2 := x4.
 * Clobbers: x5.
 */
FUNC hr_resident_restart, .text.hr_resident_restart
        mov     x5, x1
        mov     x0, x2
        mov     x1, x3
        mov     x2, x4
        br      x5
END hr_resident_restart

/*
 * hr_resident_stub_4_12: 0 sets from x1, 1 runs x1 with x2 to x4, 2 resets, all else is an error.
 * In:       EL2, by an HVC of any immediate.
 * Out:      by ERET: x0; or by a branch to x1.
 * Clobbers: x1-x18 when it returns, as its contract allows.
 */
RESIDENT hr_resident_stub_4_12
        cmp     x0, #1
        b.eq    hr_resident_restart
        b.hi    .Labove_restart
        msr     vbar_el2, x1
.Lsucceed:
        mov     x0, #0
        b       .Lspoil_and_return
.Labove_restart:
        cmp     x0, #2
        b.eq    .Lsucceed
        movz    x0, #0xca11
        movk    x0, #0x0bad, lsl #16
.Lspoil_and_return:
        SPOIL   x1, x2, x3, x4, x5, x6, x7, x8, x9, x10, x11, x12, x13, x14, x15, x16, x17, x18
        eret
END hr_resident_stub_4_12

/*
 * hr_resident_kvm_4_7: x0 = 0 gets, all else is called with x1, x2, x3.
 * In:       EL2, by an HVC of any immediate; a stack.
 * Out:      by ERET: x0 as the function left it.
 * Clobbers: x1-x18, x30, as the procedure call standard allows.
 */
RESIDENT hr_resident_kvm_4_7
        cbz     x0, .Lget_kvm
        mov     x9, x0
        mov     x0, x1
        mov     x1, x2
        mov     x2, x3
        blr     x9
        SPOIL   x30
        b       .Lspoil_and_return
.Lget_kvm:
        mrs     x0, vbar_el2
        eret
END hr_resident_kvm_4_7

/*
 * hr_resident_hypervisor: the registers of Xen, Jailhouse, Gunyah, SMCCC 1.2 and of the immediate
 * series, by immediate.
 * In:       EL2, by an HVC.
 * Out:      #0xea1: x0 = x0 + ... + x4 + x16. #0x4a48: x0 = x0 + x1 + x2. #0x6000: x0 to x7 one
 *           higher. #0: x1 to x17 one higher. #1: x0 = VBAR_EL2. Any other: x0 = -1.
 * Clobbers: #0xea1: x1-x4, x16. #0x4a48: x3. #0x6000: x8-x17. #1: x9, x10.
 */
RESIDENT hr_resident_hypervisor
        mrs     x0, esr_el2
        uxth    w0, w0
        cbz     w0, .Lcount_up
        cmp     w0, #1
        b.eq    .Lget_by_immediate
        cmp     w0, #0xea1
        b.eq    .Ladd_six
        sub     w0, w0, #0x4000
        cmp     w0, #0xa48
        b.eq    .Ladd_three
        sub     w0, w0, #0x2000
        cbz     w0, .Lcount_up_eight
        mov     x0, #-1
        eret
.Lcount_up:
        .irp    register, x8, x9, x10, x11, x12, x13, x14, x15, x16, x17
        add     \register, \register, #1
        .endr
        mrs     x0, far_el2
        b       .Lcount_up_seven
.Lcount_up_eight:
        mrs     x0, far_el2
        add     x0, x0, #1
        SPOIL   x8, x9, x10, x11, x12, x13, x14, x15, x16, x17
.Lcount_up_seven:
        .irp    register, x1, x2, x3, x4, x5, x6, x7
        add     \register, \register, #1
        .endr
        eret
.Lget_by_immediate:
        mrs     x0, vbar_el2
        SPOIL   x9, x10
        eret
.Ladd_six:
        mrs     x0, far_el2
        .irp    register, x1, x2, x3, x4, x16
        add     x0, x0, \register
        .endr
        SPOIL   x1, x2, x3, x4, x16
        eret
.Ladd_three:
        mrs     x0, far_el2
        add     x0, x0, x1
        add     x0, x0, x2
        SPOIL   x3
        eret
END hr_resident_hypervisor

/*
 * hr_resident_leaving: a hypervisor that knows RESET_VECTORS only, and gives EL2 back through the shim.
 * In:       EL2, by an HVC with x0 = HR_OP_RESET_VECTORS.
 * Out:      through hr_shim_reset_vectors.
 * Clobbers: nothing.
 */
RESIDENT hr_resident_leaving
        msr     far_el2, x0
        mrs     x0, sctlr_el2
        orr     x0, x0, #0x1000         /* caches on: the shim must turn them off */
        orr     x0, x0, #0x4
        msr     sctlr_el2, x0
        adrp    x0, hr_stub_vectors
        add     x0, x0, :lo12:hr_stub_vectors
        msr     tpidr_el2, x0
        mrs     x0, far_el2
        b       hr_shim_reset_vectors
END hr_resident_leaving

/*
 * hr_resident_none: nobody; only a trapped WFI ends the state in which HVC is undefined.
 * In:       EL2, by that trap.
 * Out:      behind the WFI, with HCR_EL2 = RW.
 * Clobbers: FAR_EL2.
 */
RESIDENT hr_resident_none
        msr     far_el2, x0
        mov     x0, #HCR_RW
        msr     hcr_el2, x0
        mrs     x0, elr_el2
        add     x0, x0, #4
        msr     elr_el2, x0
        mrs     x0, far_el2
        eret
END hr_resident_none
