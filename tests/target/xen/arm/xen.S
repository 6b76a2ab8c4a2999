/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A Xen of ours, A32, that does what a debug build of Xen does to registers
 * [xen/arch/arm/traps.c]: written from that description, with a table of its own.
 */
#include "tests/target/harness/arm/try.h"
#include "tests/target/xen/seen.h"

/*
 * hr_resident_xen: notes every register, answers, and spoils what the hypercall's caller must give up.
 * In:       Hyp mode, by an HVC of any immediate; a stack.
 * Out:      by ERET: r0 = HR_SEEN_ANSWER. hvc #HR_TARGET_HVC_BACK lets the harness back in.
 * Clobbers: r12, and the arguments of that hypercall but the first: 0xdeadbeef.
 */
TABLE hr_resident_xen, 5
        .rept   5
        b       .
        .endr
SLOT 0x14
        b       .Ltake_call
        b       .
        b       .
.Ltake_call:
        push    {r0-r12}
        mrc     HSR(r0)
        uxth    r0, r0
        movw    r1, #HR_TARGET_HVC_BACK
        cmp     r0, r1
        beq     .Lleave
        ldr     r2, =hr_xen_seen
        str     r0, [r2, #HR_OFFSET(HR_SEEN_IMMEDIATE)]
        ldr     r0, [r2, #HR_OFFSET(HR_SEEN_CALLS)]
        add     r0, r0, #1
        str     r0, [r2, #HR_OFFSET(HR_SEEN_CALLS)]
        add     r3, r2, #HR_OFFSET(HR_SEEN_REGISTERS)
        mov     r4, sp
        mov     r5, #HR_SEEN_COUNT
1:      ldr     r0, [r4], #4
        str     r0, [r3], #4
        subs    r5, r5, #1
        bne     1b
        ldr     r0, [r2, #HR_OFFSET(HR_SEEN_PREEMPT)]
        subs    r0, r0, #1
        bhs     .Lpreempt
        ldr     r0, [r2, #HR_OFFSET(HR_SEEN_ANSWER)]
        str     r0, [sp]
        /* How many arguments it has; a number beyond the table spoils nothing but itself. */
        ldr     r3, [sp, #HR_OFFSET(HR_SEEN_NUMBER)]
        MOV32   r0, 0xdeadbeef
        str     r0, [sp, #HR_OFFSET(HR_SEEN_NUMBER)]
        cmp     r3, #(.Lcounts_end - .Lcounts)
        bhs     .Lreturn
        adr     r4, .Lcounts
        ldrb    r5, [r4, r3]
2:      subs    r5, r5, #1
        ble     .Lreturn
        str     r0, [sp, r5, lsl #2]
        b       2b
.Lreturn:
        pop     {r0-r12}
        eret
        /* A call that takes long: the HVC is made again, with what is left in the arguments. */
.Lpreempt:
        str     r0, [r2, #HR_OFFSET(HR_SEEN_PREEMPT)]
        ldr     r0, [sp, #HR_OFFSET(1)]
        add     r0, r0, #1
        str     r0, [sp, #HR_OFFSET(1)]
        mrs     r0, elr_hyp
        sub     r0, r0, #4
        msr     elr_hyp, r0
        b       .Lreturn
.Lleave:
        add     sp, sp, #HR_OFFSET(HR_SEEN_COUNT)
        ldr     r0, =hr_target_hyp_vectors
        mcr     HVBAR(r0)
        isb
        b       hr_target_hyp_vectors + 0x14
        .ltorg
.Lcounts:
#include "tests/target/xen/counts.h"
.Lcounts_end:
        .balign 4
END hr_resident_xen

/*
 * hr_go: a call of the function that LR holds, with every register chosen and read back.
 * In:       r0 = in, r1 = out; SVC mode, inside hr_target_run_at_pl1.
 * Out:      *out.
 * Clobbers: as TRY says (tests/target/harness/arm/try.h).
 */
TRY(hr_go, blx lr)

/*
 * hr_published_privcmd_call: a model of what Linux has published for arm and kept
 * [linux/arch/arm/xen/hypercall.S]: after one word was pushed, r3 comes from [sp, #8]
 * and r4 from [sp, #4].
 * In:       r0 = number, r1-r3 = a1 to a3; a4 and a5 on the stack.
 * Out:      r0 = the answer; a5 was the fourth argument, a4 the fifth.
 * Clobbers: r1-r3, r12.
 */
FUNC hr_published_privcmd_call
        push    {r4}
        mov     r12, r0
        mov     r0, r1
        mov     r1, r2
        mov     r2, r3
        ldr     r3, [sp, #8]
        ldr     r4, [sp, #4]
        hvc     #0xea1
        pop     {r4}
        bx      lr
END hr_published_privcmd_call
