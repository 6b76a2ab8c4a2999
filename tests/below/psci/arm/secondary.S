/* SPDX-License-Identifier: BSD-2-Clause */
/* A CPU that PSCI has started, in SVC or HYP; either endianness, entered in either state. */
#include "bare/asm.h"
#include "compat/hr_hvc.h"
#include "tests/below/layout.h"

/*
 * hr_below_secondary: tells how it was started, waits, and switches its CPU off.
 * In:       as PSCI starts a CPU: r0 = context; the program's words about how to end are written
 * Out:      does not return
 * Clobbers: everything
 */
#ifdef HR_BELOW_T32
        .section .text.hr_below_secondary, "ax", %progbits
        .balign 4
        .thumb
        .thumb_func
#endif
FUNC hr_below_secondary
#ifdef HR_BELOW_T32
        bx      pc                      /* to what is four bytes on, in ARM state */
        nop
        .arm
#endif
#ifdef __ARMEB__
        setend  be
#else
        setend  le
#endif
        ldr     r4, .Lreport
        add     r4, pc, r4
.Lat_report:
        str     r0, [r4, #HR_BELOW_SECONDARY_CONTEXT * 4]
        mrs     r1, cpsr
        str     r1, [r4, #HR_BELOW_SECONDARY_MODE * 4]
        mrc     MPIDR(r1)
        str     r1, [r4, #HR_BELOW_SECONDARY_MPIDR * 4]
        dsb
        mov     r1, #1
        str     r1, [r4, #HR_BELOW_SECONDARY_ARRIVED * 4]
.Lwait:
        ldr     r1, [r4, #HR_BELOW_SECONDARY_LEAVE * 4]
        cmp     r1, #0
        beq     .Lwait
        ldr     r0, [r4, #HR_BELOW_SECONDARY_CPU_OFF * 4]
        ldr     r1, [r4, #HR_BELOW_SECONDARY_CONDUIT * 4]
        cmp     r1, #HR_CONDUIT_SMC
        beq     .Loff_by_smc
        HR_HVC(0)
        b       .Lrefused
.Loff_by_smc:
        HR_SMC
.Lrefused:
        mov     r0, #1
        str     r0, [r4, #HR_BELOW_SECONDARY_REFUSED * 4]
        b       .
.Lreport:
        .word   hr_below_secondary_report - .Lat_report - 4
END hr_below_secondary
