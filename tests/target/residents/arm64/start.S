/* SPDX-License-Identifier: BSD-2-Clause */
#include "tests/target/residents/arm64/resident.h"

/*
 * hr_resident_start: QEMU begins here.
 * In:       EL2, MMU and caches off
 * Out:      hr_resident_enter, with x19 = where to go at EL1; traps off as Linux's installer leaves
 *           them, but an offset of the virtual counter and a stage 2 table, as if a guest had run
 * Clobbers: everything
 */
FUNC hr_resident_start, .head
        ldr     x0, =HR_RESIDENT_NEXT
        ldr     w19, [x0]
        ldr     x0, =HCR_RW
        msr     hcr_el2, x0
        mov     x0, #0x100000000
        msr     cntvoff_el2, x0
        mov     x0, #CNTHCTL_EL1
        msr     cnthctl_el2, x0
        mov     x0, #CPTR_NO_TRAP
        msr     cptr_el2, x0
        msr     hstr_el2, xzr
        ldr     x0, =0x40100000
        msr     vttbr_el2, x0
        isb
        ldr     x0, =hr_resident_enter
        br      x0
        .ltorg
END hr_resident_start
