/* SPDX-License-Identifier: BSD-2-Clause */
/* The single instructions that the tests of the stub execute at EL1; contracts in try.h. */
#include "tests/target/harness/arm64/try.h"

#define SCTLR_EE 0x2000000

TRY(hr_try_hvc_0, hvc #0)
TRY(hr_try_hvc_native, hvc #HR_HVC_IMMEDIATE)

/* A caller with other bits of SCTLR_EL1 than this program. TRY itself uses TPIDR_EL0 afterwards. */
        .macro TOGGLE bits:vararg
        msr     tpidr_el0, x9
        mrs     x9, sctlr_el1
        .irp    bit, \bits
        eor     x9, x9, #\bit
        .endr
        msr     sctlr_el1, x9
        isb
        mrs     x9, tpidr_el0
        .endm

/* A caller of the other endianness. */
        .macro TOGGLE_ENDIANNESS
        TOGGLE  SCTLR_EE
        .endm
TRY(hr_try_hvc_0_other_endian, TOGGLE_ENDIANNESS; hvc #0; TOGGLE_ENDIANNESS)
TRY(hr_try_hvc_native_other_endian, TOGGLE_ENDIANNESS; hvc #HR_HVC_IMMEDIATE; TOGGLE_ENDIANNESS)

/*
 * A caller with its MMU and caches on (translation.hpp). They are off again before a word is written: the frame, the stack
 * and the Cpu are read at EL2 past the caches.
 */
        .macro TOGGLE_MMU
        TOGGLE  (1<<SCTLR_M_BIT), (1<<SCTLR_C_BIT), SCTLR_I
        .endm
TRY(hr_try_hvc_0_mmu, TOGGLE_MMU; hvc #0; TOGGLE_MMU)
TRY(hr_try_hvc_native_mmu, TOGGLE_MMU; hvc #HR_HVC_IMMEDIATE; TOGGLE_MMU)

TRY(hr_try_hvc_1, hvc #1)
TRY(hr_try_hvc_2, hvc #2)
TRY(hr_try_hvc_3, hvc #3)
TRY(hr_try_hvc_below_native, hvc #(HR_HVC_IMMEDIATE - 1))
TRY(hr_try_hvc_above_native, hvc #(HR_HVC_IMMEDIATE + 1))
TRY(hr_try_hvc_low_of_native, hvc #(HR_HVC_IMMEDIATE & 0xff))
TRY(hr_try_hvc_high_of_native, hvc #(HR_HVC_IMMEDIATE & 0xff00))
TRY(hr_try_hvc_xen, hvc #0xea1)
TRY(hr_try_hvc_jailhouse, hvc #0x4a48)
TRY(hr_try_hvc_max, hvc #0xffff)
TRY(hr_try_wfi, wfi)
TRY(hr_try_write_contextidr, msr contextidr_el1, x4)

/*
 * void hr_try_wfi_at_el0(void)
 * In:       EL1; a trap of WFI to EL2 is on, and HR_CPU_EXPECT_UNDEF is 0x400.
 * Out:      one WFI was executed at EL0; back at EL1.
 * Clobbers: x0, SPSR_EL1, ELR_EL1.
 */
FUNC hr_try_wfi_at_el0, .text.hr_try
        adr     x0, .Lrun_at_el0
        msr     elr_el1, x0
        msr     spsr_el1, xzr
        eret
.Lrun_at_el0:
        wfi
        svc     #0
        ret
END hr_try_wfi_at_el0

/*
 * hr_called: a function for calls at EL2, by the procedure call standard.
 * In:       x0, x1, x2.
 * Out:      x0 = x0 + 2 x1 + 4 x2 + CurrentEL.
 * Clobbers: x1-x17, x30: all that the standard and HVC_CALL_FUNC let it.
 */
FUNC hr_called, .text.hr_try
        mrs     x3, CurrentEL
        add     x0, x0, x1, lsl #1
        add     x0, x0, x2, lsl #2
        add     x0, x0, x3
        .irp    n, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17
        mov     x\n, #0
        .endr
        ret
END hr_called
