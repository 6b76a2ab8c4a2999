/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Linux's hyp-stub of HR_RESIDENT_ERA: 3007, 4012 or 5007. No look at the syndrome, no stack, nothing but
 * r0 changes. Seven slots hang the CPU for good.
 */
#include "tests/target/residents/arm/resident.h"

/*
 * hr_resident_vectors: the table.
 * In:       Hyp mode; +14: r0 = what to do
 * Out:      to the caller; SOFT_RESTART: to the function at Hyp mode
 * Clobbers: r0; HR_RESIDENT_SLOPPY: LR_usr
 */
TABLE hr_resident_vectors, 5
        SLOTS
.Lserve:
#ifdef HR_RESIDENT_SLOPPY
        mov     lr, #0                          /* no real one: to see that somebody notices */
#endif
#if HR_RESIDENT_ERA == 3007
        cmn     r0, #1
        mrceq   HVBAR(r0)
        mcrne   HVBAR(r0)
        eret
#else
        cmp     r0, #1
        bxeq    r1
#if HR_RESIDENT_ERA == 4012
        cmp     r0, #0
        mcreq   HVBAR(r1)
        beq     .Ldone
        cmp     r0, #2
        moveq   r0, #0
        beq     .Ldone
#endif
        movw    r0, #(HR_LINUX_STUB_ERROR & 0xffff)
        movt    r0, #(HR_LINUX_STUB_ERROR >> 16)
.Ldone:
        eret
#endif
.Lruined:
        RUINED
END hr_resident_vectors

/*
 * hr_resident_enter: installs the stub.
 * In:       Hyp mode, r4 = where to go
 * Out:      at SVC
 * Clobbers: r0 to r2
 */
FUNC hr_resident_enter, .text.hr_resident_enter
        ldr     r0, =hr_resident_vectors
        mcr     HVBAR(r0)
        ldr     r0, =HR_RESIDENT_HSCTLR
        mcr     HSCTLR(r0)
#ifdef HR_RESIDENT_HVC_DISABLED
        mov     r0, #0x20000000                 /* HCR.HCD: HVC is undefined [arm/ddi0487 G8.2] */
        mcr     HCR(r0)
#endif
        isb
        DROP
        .ltorg
END hr_resident_enter
