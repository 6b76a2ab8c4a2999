/* SPDX-License-Identifier: BSD-2-Clause */
#include "bare/asm.h"

/*
 * uint64_t hr_counter(void): the system counter. Below EL2 the virtual one: the physical one may
 * trap there [arm/ddi0487 D11.2]. The loader's kernel keeps CNTVOFF at 0, so both agree.
 * In:       nothing
 * Out:      x0 = ticks
 * Clobbers: x1, flags
 */
FUNC hr_counter, .text.hr_counter
        isb
        mrs     x1, CurrentEL
        cmp     x1, #CURRENTEL_EL2
        b.eq    .Lphysical_counter
        mrs     x0, cntvct_el0
        ret
.Lphysical_counter:
        mrs     x0, cntpct_el0
        ret
END hr_counter

/*
 * uint32_t hr_counter_hz(void)
 * In:       nothing
 * Out:      w0 = CNTFRQ_EL0, which firmware must have set [linux/arm64/booting]
 * Clobbers: nothing else
 */
FUNC hr_counter_hz, .text.hr_counter_hz
        mrs     x0, cntfrq_el0
        ret
END hr_counter_hz

/*
 * void hr_park(uint32_t code): stops this CPU for good.
 * In:       w0 = a row of error.def, left in x0 for whoever looks with a debugger
 * Out:      does not return
 * Clobbers: nothing
 */
FUNC hr_park, .text.hr_park
        dsb     sy
.Lpark:
        wfe
        b       .Lpark
END hr_park
