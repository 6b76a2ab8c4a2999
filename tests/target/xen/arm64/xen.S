/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A Xen of ours, A64, that does what a debug build of Xen does to registers
 * [xen/arch/arm/traps.c]: written from that description, with a table of its own.
 */
#include "tests/target/harness/arm64/try.h"
#include "tests/target/xen/seen.h"

        .equ    FRAME, 256

/*
 * hr_resident_xen: notes every register, answers, and spoils what the hypercall's caller must give up.
 * In:       EL2, by an HVC of any immediate; a stack.
 * Out:      by ERET: x0 = HR_SEEN_ANSWER. hvc #HR_TARGET_HVC_BACK lets the harness back in.
 * Clobbers: x16, and the arguments of that hypercall but the first: 0xdeadbeef.
 */
TABLE hr_resident_xen, 11
        .irp    offset, 0x000, 0x080, 0x100, 0x180, 0x200, 0x280, 0x300, 0x380
SLOT \offset
        b       .
        .endr
SLOT 0x400
        b       .Ltake_call
        .irp    offset, 0x480, 0x500, 0x580, 0x600, 0x680, 0x700, 0x780
SLOT \offset
        b       .
        .endr
SLOT 0x800
.Ltake_call:
        sub     sp, sp, #FRAME
        STORE_X0_X17 sp
        STORE_X18_X29 sp
        str     x30, [sp, #HR_OFFSET(30)]
        mrs     x0, esr_el2
        and     x0, x0, #0xffff
        mov     x1, #HR_TARGET_HVC_BACK
        cmp     x0, x1
        b.eq    .Lleave
        ldr     x2, =hr_xen_seen
        str     x0, [x2, #HR_OFFSET(HR_SEEN_IMMEDIATE)]
        ldr     x0, [x2, #HR_OFFSET(HR_SEEN_CALLS)]
        add     x0, x0, #1
        str     x0, [x2, #HR_OFFSET(HR_SEEN_CALLS)]
        add     x3, x2, #HR_OFFSET(HR_SEEN_REGISTERS)
        mov     x4, sp
        mov     x5, #HR_SEEN_COUNT
1:      ldr     x0, [x4], #8
        str     x0, [x3], #8
        subs    x5, x5, #1
        b.ne    1b
        ldr     x0, [x2, #HR_OFFSET(HR_SEEN_PREEMPT)]
        subs    x0, x0, #1
        b.hs    .Lpreempt
        ldr     x0, [x2, #HR_OFFSET(HR_SEEN_ANSWER)]
        str     x0, [sp]
        /* How many arguments it has; a number beyond the table spoils nothing but itself. */
        ldr     x3, [sp, #HR_OFFSET(HR_SEEN_NUMBER)]
        MOV32   x0, 0xdeadbeef
        str     x0, [sp, #HR_OFFSET(HR_SEEN_NUMBER)]
        cmp     x3, #(.Lcounts_end - .Lcounts)
        b.hs    .Lreturn
        adr     x4, .Lcounts
        ldrb    w5, [x4, x3]
2:      subs    x5, x5, #1
        b.le    .Lreturn
        str     x0, [sp, x5, lsl #3]
        b       2b
.Lreturn:
        LOAD_X0_X17 sp
        LOAD_X18_X29 sp
        ldr     x30, [sp, #HR_OFFSET(30)]
        add     sp, sp, #FRAME
        eret
        /* A call that takes long: the HVC is made again, with what is left in the arguments. */
.Lpreempt:
        str     x0, [x2, #HR_OFFSET(HR_SEEN_PREEMPT)]
        ldr     x0, [sp, #HR_OFFSET(1)]
        add     x0, x0, #1
        str     x0, [sp, #HR_OFFSET(1)]
        mrs     x0, elr_el2
        sub     x0, x0, #4
        msr     elr_el2, x0
        b       .Lreturn
.Lleave:
        add     sp, sp, #FRAME
        ldr     x0, =hr_target_hyp_vectors
        msr     vbar_el2, x0
        isb
        b       hr_target_hyp_vectors + 0x400
        .ltorg
.Lcounts:
#include "tests/target/xen/counts.h"
.Lcounts_end:
        .balign 4
END hr_resident_xen

/*
 * hr_go: a call of the function that X30 holds, with every register chosen and read back.
 * In:       x0 = in, x1 = out; EL1, inside hr_target_run_at_pl1.
 * Out:      *out.
 * Clobbers: as TRY says (tests/target/harness/arm64/try.h).
 */
TRY(hr_go, blr x30)

/*
 * hr_published_privcmd_call: a model of what Linux has published for arm64
 * [linux/arch/arm64/xen/hypercall.S], where nothing is exchanged.
 * In:       x0 = number, x1-x5 = a1 to a5.
 * Out:      x0 = the answer.
 * Clobbers: x1-x4, x16.
 */
FUNC hr_published_privcmd_call
        mov     x16, x0
        mov     x0, x1
        mov     x1, x2
        mov     x2, x3
        mov     x3, x4
        mov     x4, x5
        hvc     #0xea1
        ret
END hr_published_privcmd_call
