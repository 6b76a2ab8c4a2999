/* SPDX-License-Identifier: BSD-2-Clause */
/* An owner of compat/hr_server.h, A64: its handler and its way with a foreign immediate. */
#include "tests/target/harness/arm64/try.h"

#define LANDING 0x2b67

TRY(hr_try_hvc_landing, hvc #LANDING)

/*
 * void hr_test_serve(void *context, hr_registers *registers)
 * In:       as hr_test_serve_c, which it calls.
 * Out:      as that; everything that the procedure call standard lets it spoil is spoiled.
 * Clobbers: x0-x18, x30, flags.
 */
FUNC hr_test_serve
        stp     x29, x30, [sp, #-16]!
        bl      hr_test_serve_c
        ldp     x29, x30, [sp], #16
        .irp    n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18
        mov     x\n, #0xdead
        .endr
        cmp     x0, x0
        ret
END hr_test_serve

/*
 * hr_server_foreign: hvc #LANDING lands, any other immediate is the stub's.
 * In:       EL2, every register the caller's.
 * Out:      in hr_target_land_hyp, or hr_server_stub.
 * Clobbers: TPIDR_EL2.
 */
FUNC hr_server_foreign
        msr     tpidr_el2, x0
        mrs     x0, esr_el2
        and     x0, x0, #0xffff
        sub     x0, x0, #(LANDING & 0xf000)
        cmp     x0, #(LANDING & 0xfff)
        mrs     x0, tpidr_el2
        b.eq    hr_target_land_hyp
        b       hr_server_stub
END hr_server_foreign
