/* SPDX-License-Identifier: BSD-2-Clause */
/* Entering the relay as a kernel would, and what its next kernel does. */
#include "bare/asm.h"

#define PSCI_CPU_ON 0x84000003 /* [arm/den0022 5.1.4] */

        .arm

/*
 * void hr_relay_test_launch(Word relay, Word *landing): jumps to the relay in the mode of the
 * caller, every other register a pattern. Returns when something comes to hr_relay_test_land.
 * In:       r0 = entry, r1 = where the landing is to be written
 * Out:      landing: r0 to r3, lr, CPSR
 * Clobbers: r0-r3, r12, flags; VBAR is restored
 */
FUNC hr_relay_test_launch, .text.hr_relay_test_launch
        push    {r4-r11, lr}
        mrc     VBAR(r2)
        push    {r2, r3}
        ldr     r2, =.Llaunch_sp
        str     sp, [r2]
        str     r1, [r2, #4]
        mov     r12, r0
        dsb                             /* the relay was written just now, and may find the I-cache on */
        mcr     ICIALLU(r2)
        dsb
        isb
        ldr     r0, =0xdeadbe00
        add     r1, r0, #1
        add     r2, r0, #2
        add     r3, r0, #3
        add     r4, r0, #4
        add     r5, r0, #5
        add     r6, r0, #6
        add     r7, r0, #7
        add     r8, r0, #8
        add     r9, r0, #9
        add     r10, r0, #10
        add     r11, r0, #11
        mov     sp, r0
        mov     lr, r0
        bx      r12
END hr_relay_test_launch

/*
 * hr_relay_test_land: where the fake kernel jumps, and where a PSCI call by HVC ends.
 * In:       the mode of hr_relay_test_launch's caller, any registers
 * Out:      returns from hr_relay_test_launch
 * Clobbers: everything else
 */
FUNC hr_relay_test_land, .text.hr_relay_test_land
        ldr     r12, =.Llaunch_sp
        ldr     r12, [r12, #4]
        stm     r12, {r0-r3}
        str     lr, [r12, #16]
        mrs     r0, cpsr
        str     r0, [r12, #20]
        ldr     r0, =.Llaunch_sp
        ldr     sp, [r0]
        pop     {r2, r3}
        mcr     VBAR(r2)
        isb
        pop     {r4-r11, pc}
END hr_relay_test_land

/*
 * hr_relay_test_vectors: HVBAR of a resident that serves PSCI on hvc #0 by landing.
 * In:       Hyp mode; +14: hvc #0 is PSCI, anything else is the harness's
 * Out:      hr_relay_test_land in the caller's mode
 * Clobbers: r12 after hvc #0
 */
TABLE hr_relay_test_vectors, 5
        SLOT    0x14
        b       .Lserve_call
        SLOT    0x20
.Lserve_call:
        push    {r0, r1}
        mrc     HSR(r0)
        ldr     r1, =HSR_HVC
        cmp     r0, r1
        pop     {r0, r1}
        ldrne   r12, =(hr_target_hyp_vectors + 0x14)
        bxne    r12
        ldr     r12, =hr_relay_test_land
        msr     elr_hyp, r12
        eret
END hr_relay_test_vectors

/*
 * Word hr_relay_test_cpu_on(unsigned index, Word entry): another CPU begins at entry, in HYP.
 * In:       r0 = index, r1 = entry
 * Out:      r0 = PSCI status
 * Clobbers: r1-r3
 */
FUNC hr_relay_test_cpu_on, .text.hr_relay_test_cpu_on
        mov     r2, r1
        mrc     MPIDR(r1)
        bic     r1, r1, #0xff000000
        bic     r1, r1, #0x000000ff
        orr     r1, r1, r0
        ldr     r0, =PSCI_CPU_ON
        mov     r3, #0
        smc     #0
        bx      lr
        .ltorg
END hr_relay_test_cpu_on

        .section .bss.hr_relay_test_launch, "aw", %nobits
        .balign 4
.Llaunch_sp:
        .space  8
