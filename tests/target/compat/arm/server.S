/* SPDX-License-Identifier: BSD-2-Clause */
/* An owner of compat/hr_server.h, A32: its handler and its way with a foreign immediate. */
#include "tests/target/harness/arm/try.h"

#define LANDING 0x2b67

TRY(hr_try_hvc_landing, hvc #LANDING)

/*
 * void hr_test_serve(void *context, hr_registers *registers)
 * In:       as hr_test_serve_c, which it calls.
 * Out:      as that; everything that the procedure call standard lets it spoil is spoiled.
 * Clobbers: r0-r3, r12, lr, flags.
 */
FUNC hr_test_serve
        push    {r4, lr}
        bl      hr_test_serve_c
        pop     {r4, lr}
        mov     r12, lr
        .irp    register, r0, r1, r2, r3, lr
        movw    \register, #0xbeef
        movt    \register, #0xdead
        .endr
        cmp     lr, lr
        bx      r12
END hr_test_serve

/* The state of Hyp mode's vectors, and the landing in it. */
#ifdef HR_TARGET_TE
        .thumb
        .thumb_func
#define LAND hr_target_land_hyp_thumb
#else
#define LAND hr_target_land_hyp
#endif
/*
 * hr_server_foreign: hvc #LANDING lands, any other immediate is the stub's.
 * In:       Hyp mode, every register the caller's.
 * Out:      in hr_target_land_hyp, or hr_server_stub.
 * Clobbers: HTPIDR.
 */
FUNC hr_server_foreign
        mcr     HTPIDR(r0)
        mrc     HSR(r0)
        uxth    r0, r0
        sub     r0, r0, #(LANDING & 0xff00)
        cmp     r0, #(LANDING & 0xff)
        mrc     HTPIDR(r0)
        beq     LAND
        b       hr_server_stub
END hr_server_foreign
        .arm
