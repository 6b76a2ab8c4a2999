/* SPDX-License-Identifier: BSD-2-Clause */
#include "bare/asm.h"

/* The words of a 64-bit result: the more significant one comes first when it is big endian. */
#ifdef __ARMEB__
#define LOW r1
#define HIGH r0
#else
#define LOW r0
#define HIGH r1
#endif

/*
 * uint64_t hr_counter(void): the system counter. Below HYP the virtual one: the physical one may
 * trap there [arm/ddi0406c B8.1.2]. The loader's kernel keeps CNTVOFF at 0, so both agree.
 * In:       nothing
 * Out:      HIGH:LOW = ticks, 0 when the CPU has no generic timer
 * Clobbers: flags
 */
FUNC hr_counter, .text.hr_counter
        mrc     ID_PFR1(r0)
        mov     r1, #0
        ands    r0, r0, #ID_PFR1_TIMER          /* GenTimer */
        bxeq    lr
        isb
        mrs     r0, cpsr
        and     r0, r0, #PSR_MODE
        cmp     r0, #PSR_MODE_HYP
        mrrceq  CNTPCT(LOW, HIGH)
        mrrcne  CNTVCT(LOW, HIGH)
        bx      lr
END hr_counter

/*
 * uint32_t hr_counter_hz(void)
 * In:       nothing
 * Out:      r0 = CNTFRQ, which firmware must have set; 0 when the CPU has no generic timer
 * Clobbers: flags
 */
FUNC hr_counter_hz, .text.hr_counter_hz
        mrc     ID_PFR1(r0)
        ands    r0, r0, #ID_PFR1_TIMER
        mrcne   CNTFRQ(r0)
        bx      lr
END hr_counter_hz

/*
 * void hr_park(uint32_t code): stops this CPU for good.
 * In:       r0 = a row of error.def, left there for whoever looks with a debugger
 * Out:      does not return
 * Clobbers: nothing
 */
FUNC hr_park, .text.hr_park
        dsb
.Lpark:
        wfe
        b       .Lpark
END hr_park
