/* SPDX-License-Identifier: BSD-2-Clause */
/* clang-format off */
/* A part of stub/arm64/vectors.S: abi/personality_linux_4_7.def. */
.Llinux_4_7:
        mrs     x0, tpidr_el2
        cbz     x0, .Lget_vectors
        cmp     x0, #1                  /* SET_VECTORS */
        b.eq    .Llinux_4_7_set_vectors
        cmp     x0, #2                  /* SOFT_RESTART */
        b.eq    .Llinux_4_7_soft_restart
.Llinux_4_7_refuse:
        mov     x0, #HR_LINUX_4_7_ERROR
        eret

.Llinux_4_7_set_vectors:
        REFUSE_IF_LOCKED STATE_LOCK_SET, .Llinux_4_7_refuse
        tst     x1, #0x7ff
        b.ne    .Llinux_4_7_refuse
        msr     vbar_el2, x1
        mrs     x0, tpidr_el2
        eret

.Llinux_4_7_soft_restart:
        REFUSE_IF_LOCKED STATE_LOCK_RESTART, .Llinux_4_7_refuse
        HAND_OVER x1, .Llinux_4_7_refuse
        mov     x0, x2                  /* x2, x3, x4 are the arguments */
        mov     x1, x3
        mov     x2, x4
        eret
