/* SPDX-License-Identifier: BSD-2-Clause */
/* The single instructions that the tests of the stub execute at SVC; contracts in try.h. */
#include "tests/target/harness/arm/try.h"

#define CONTEXTIDR(rt) p15, 0, rt, c13, c0, 1

TRY(hr_try_hvc_0, hvc #0)
TRY(hr_try_hvc_native, hvc #HR_HVC_IMMEDIATE)
TRY(hr_try_hvc_1, hvc #1)
TRY(hr_try_hvc_below_native, hvc #(HR_HVC_IMMEDIATE - 1))
TRY(hr_try_hvc_above_native, hvc #(HR_HVC_IMMEDIATE + 1))
TRY(hr_try_hvc_low_of_native, hvc #(HR_HVC_IMMEDIATE & 0xff))
TRY(hr_try_hvc_high_of_native, hvc #(HR_HVC_IMMEDIATE & 0xff00))
TRY(hr_try_hvc_xen, hvc #0xea1)
TRY(hr_try_hvc_jailhouse, hvc #0x4a48)
TRY(hr_try_hvc_max, hvc #0xffff)
TRY(hr_try_wfi, wfi)
TRY(hr_try_write_contextidr, mcr CONTEXTIDR(r4))

/* A caller of the other endianness than this program. */
#ifdef __ARMEB__
#define OTHER_ENDIAN setend le
#define OWN_ENDIAN setend be
#else
#define OTHER_ENDIAN setend be
#define OWN_ENDIAN setend le
#endif
TRY(hr_try_hvc_0_other_endian, OTHER_ENDIAN; hvc #0; OWN_ENDIAN)
TRY(hr_try_hvc_native_other_endian, OTHER_ENDIAN; hvc #HR_HVC_IMMEDIATE; OWN_ENDIAN)

/*
 * A caller with its MMU and caches on (translation.hpp). They are off again before a word is written: the frame, the stack
 * and the Cpu are read in Hyp mode past the caches.
 */
        .macro TOGGLE_MMU
        mcr     TPIDRURW(r9)
        mrc     SCTLR(r9)
        eor     r9, r9, #(SCTLR_M | SCTLR_C)
        eor     r9, r9, #SCTLR_I
        mcr     SCTLR(r9)
        isb
        mrc     TPIDRURW(r9)
        .endm
TRY(hr_try_hvc_0_mmu, TOGGLE_MMU; hvc #0; TOGGLE_MMU)
TRY(hr_try_hvc_native_mmu, TOGGLE_MMU; hvc #HR_HVC_IMMEDIATE; TOGGLE_MMU)

TRY_THUMB(hr_try_hvc_0_thumb, hvc #0)
TRY_THUMB(hr_try_hvc_native_thumb, hvc #HR_HVC_IMMEDIATE)
TRY_THUMB(hr_try_wfi_thumb, wfi)

        .macro CALLED
        mrs     r3, cpsr
        and     r3, r3, #PSR_MODE
        add     r0, r0, r1, lsl #1
        add     r0, r0, r2, lsl #2
        add     r0, r0, r3
        mov     r1, #0
        mov     r2, #0
        mov     r3, #0
        mov     r12, #0
        bx      lr
        .endm

/*
 * hr_called: a function for calls at HYP, by the procedure call standard.
 * In:       r0, r1, r2.
 * Out:      r0 = r0 + 2 r1 + 4 r2 + the mode.
 * Clobbers: r1, r2, r3, r12: all that the standard lets it.
 */
FUNC hr_called, .text.hr_try
        CALLED
END hr_called

/*
 * hr_called_thumb: the same in Thumb state.
 * In:       as hr_called.
 * Out:      as hr_called.
 * Clobbers: as hr_called.
 */
        .thumb
        .thumb_func
FUNC hr_called_thumb, .text.hr_try
        CALLED
END hr_called_thumb
        .arm
