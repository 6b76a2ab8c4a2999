/* SPDX-License-Identifier: BSD-2-Clause */
/* clang-format off */
/* A part of stub/arm64/vectors.S: abi/personality_linux.def. FINALISE_EL2 is refused: there is no VHE. */
.Llinux:
        mrs     x0, tpidr_el2
        cbz     x0, .Llinux_set_vectors
        cmp     x0, #1                  /* SOFT_RESTART */
        b.eq    .Llinux_soft_restart
        cmp     x0, #2                  /* RESET_VECTORS */
        b.eq    .Llinux_done
.Llinux_refuse:
        movz    w0, #(HR_LINUX_STUB_ERROR & 0xffff)
        movk    w0, #(HR_LINUX_STUB_ERROR >> 16), lsl #16
        eret

.Llinux_set_vectors:
        REFUSE_IF_LOCKED STATE_LOCK_SET, .Llinux_refuse
        tst     x1, #0x7ff
        b.ne    .Llinux_refuse
        msr     vbar_el2, x1
        /* falls through */
.Llinux_done:
        mov     x0, #0
        eret

.Llinux_soft_restart:
        REFUSE_IF_LOCKED STATE_LOCK_RESTART, .Llinux_refuse
        HAND_OVER x1, .Llinux_refuse
        mov     x0, x2                  /* x2, x3, x4 are the arguments */
        mov     x1, x3
        mov     x2, x4
        eret
