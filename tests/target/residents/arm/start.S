/* SPDX-License-Identifier: BSD-2-Clause */
#include "tests/target/residents/arm/resident.h"

        .arm
/*
 * hr_resident_start: QEMU begins here.
 * In:       Hyp mode, MMU and caches off
 * Out:      hr_resident_enter, with r4 = where to go at SVC; traps off as Linux's installer leaves
 *           them, but an offset of the virtual counter and a stage 2 table, as if a guest had run
 * Clobbers: everything
 */
FUNC hr_resident_start, .head
        ldr     r0, =HR_RESIDENT_NEXT
        ldr     r4, [r0]
        mov     r0, #0
        mov     r1, #1
        mcr     HCR(r0)
        mcr     HCPTR(r0)
        mcr     HSTR(r0)
        mcrr    CNTVOFF(r0, r1)
        mrc     CNTHCTL(r0)
        orr     r0, r0, #CNTHCTL_PL1
        mcr     CNTHCTL(r0)
        ldr     r0, =0x40100000
        mov     r1, #0
        mcrr    VTTBR(r0, r1)
        ldr     r0, =hr_resident_enter
        bx      r0
        .ltorg
END hr_resident_start
