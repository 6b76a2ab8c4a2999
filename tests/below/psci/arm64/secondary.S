/* SPDX-License-Identifier: BSD-2-Clause */
/* A CPU that PSCI has started, at EL1 or EL2; either endianness. */
#include "bare/asm.h"
#include "compat/hr_hvc.h"
#include "tests/below/layout.h"

/*
 * hr_below_secondary: tells how it was started, waits, and switches its CPU off.
 * In:       as PSCI starts a CPU: x0 = context; the program's words about how to end are written
 * Out:      does not return
 * Clobbers: everything
 */
FUNC hr_below_secondary
        mrs     x5, CurrentEL
        cmp     x5, #CURRENTEL_EL2
        b.eq    .Lat_el2
        mrs     x6, sctlr_el1
        HR_BELOW_OWN_ENDIANNESS x6
        msr     sctlr_el1, x6
        b       .Lhave_endianness
.Lat_el2:
        mrs     x6, sctlr_el2
        HR_BELOW_OWN_ENDIANNESS x6
        msr     sctlr_el2, x6
.Lhave_endianness:
        isb
        adrp    x4, hr_below_secondary_report
        add     x4, x4, :lo12:hr_below_secondary_report
        str     x0, [x4, #HR_BELOW_SECONDARY_CONTEXT * 8]
        str     x5, [x4, #HR_BELOW_SECONDARY_MODE * 8]
        mrs     x1, mpidr_el1
        str     x1, [x4, #HR_BELOW_SECONDARY_MPIDR * 8]
        dsb     sy
        mov     x1, #1
        str     x1, [x4, #HR_BELOW_SECONDARY_ARRIVED * 8]
.Lwait:
        ldr     x1, [x4, #HR_BELOW_SECONDARY_LEAVE * 8]
        cbz     x1, .Lwait
        ldr     x0, [x4, #HR_BELOW_SECONDARY_CPU_OFF * 8]
        ldr     x1, [x4, #HR_BELOW_SECONDARY_CONDUIT * 8]
        mov     x20, x4
        cmp     x1, #HR_CONDUIT_SMC
        b.eq    .Loff_by_smc
        HR_HVC(0)
        b       .Lrefused
.Loff_by_smc:
        HR_SMC
.Lrefused:
        mov     x0, #1
        str     x0, [x20, #HR_BELOW_SECONDARY_REFUSED * 8]
        b       .
END hr_below_secondary
