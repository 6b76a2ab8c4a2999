/* SPDX-License-Identifier: BSD-2-Clause */
/* Entering the relay as a kernel would, and what its next kernel does. */
#include "bare/asm.h"

#define PSCI_CPU_ON 0xc4000003 /* [arm/den0022 5.1.4] */

/*
 * void hr_relay_test_launch(Word relay, Word *landing): jumps to the relay in the mode of the
 * caller, every other register a pattern. Returns when something comes to hr_relay_test_land.
 * In:       x0 = entry, x1 = where the landing is to be written
 * Out:      landing: x0 to x3, x30, DAIF | CurrentEL
 * Clobbers: x0-x17, flags; at EL1 VBAR_EL1 is restored
 */
FUNC hr_relay_test_launch, .text.hr_relay_test_launch
        PUSH_PRESERVED 112
        /* With HCR_EL2.E2H set, VBAR_EL1 at EL2 would be VBAR_EL2. */
        mrs     x3, CurrentEL
        cmp     x3, #CURRENTEL_EL2
        b.eq    .Lvectors_kept
        mrs     x3, vbar_el1
        str     x3, [sp, #96]
.Lvectors_kept:
        ldr     x2, =.Llaunch_sp
        mov     x3, sp
        stp     x3, x1, [x2]
        mov     x17, x0
        dsb     sy                      /* the relay was written just now, and may find the I-cache on */
        ic      iallu
        dsb     sy
        isb
        ldr     x0, =0xdeadbeefdeadbe00
        .irp    number, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30
        add     x\number, x0, #\number
        .endr
        mov     sp, x0
        br      x17
        .ltorg
END hr_relay_test_launch

/*
 * hr_relay_test_land: where the fake kernel jumps, and where a PSCI call by HVC ends.
 * In:       the level of hr_relay_test_launch's caller, any registers
 * Out:      returns from hr_relay_test_launch
 * Clobbers: everything else
 */
FUNC hr_relay_test_land, .text.hr_relay_test_land
        ldr     x9, =.Llaunch_sp
        ldp     x10, x9, [x9]
        mov     sp, x10
        stp     x0, x1, [x9]
        stp     x2, x3, [x9, #16]
        mrs     x0, daif
        mrs     x1, CurrentEL
        orr     x0, x0, x1
        stp     x30, x0, [x9, #32]
        cmp     x1, #CURRENTEL_EL2
        b.eq    .Lvectors_restored
        ldr     x3, [sp, #96]
        msr     vbar_el1, x3
        isb
.Lvectors_restored:
        POP_PRESERVED 112
        ret
        .ltorg
END hr_relay_test_land

/*
 * hr_relay_test_vectors: VBAR_EL2 of a resident that serves PSCI on hvc #0 by landing.
 * In:       EL2; sync from EL1: hvc #0 is PSCI, anything else is the harness's
 * Out:      hr_relay_test_land at EL1
 * Clobbers: x16, x17
 */
TABLE hr_relay_test_vectors, 11
        SLOT    0x400
        mrs     x16, esr_el2
        ldr     x17, =(ESR_HVC64_TOP << 24)
        cmp     x16, x17
        b.eq    .Lserve_call
        ldr     x16, =(hr_target_hyp_vectors + 0x400)
        br      x16
.Lserve_call:
        ldr     x16, =hr_relay_test_land
        msr     elr_el2, x16
        eret
        SLOT    0x480
        .ltorg
END hr_relay_test_vectors

/*
 * Word hr_relay_test_cpu_on(unsigned index, Word entry): another CPU begins at entry, at EL2.
 * In:       w0 = index, x1 = entry
 * Out:      x0 = PSCI status
 * Clobbers: x1-x17
 */
FUNC hr_relay_test_cpu_on, .text.hr_relay_test_cpu_on
        mov     x2, x1
        mrs     x1, mpidr_el1
        ldr     x3, =0xff00ffff00
        and     x1, x1, x3
        orr     x1, x1, x0
        ldr     x0, =PSCI_CPU_ON
        mov     x3, #0
        smc     #0
        ret
        .ltorg
END hr_relay_test_cpu_on

        .section .bss.hr_relay_test_launch, "aw", %nobits
        .balign 16
.Llaunch_sp:
        .space  16
