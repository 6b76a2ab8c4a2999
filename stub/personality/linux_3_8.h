/* SPDX-License-Identifier: BSD-2-Clause */
/* clang-format off */
/* A part of stub/arm64/vectors.S: abi/personality_linux_3_8.def. */
.Llinux_3_8:
        mrs     x0, tpidr_el2
        cbz     x0, .Lget_vectors
        /* falls through */
.Lset_vectors_to_x0:                    /* any other value: set */
        REFUSE_IF_LOCKED STATE_LOCK_SET, .Lrefuse
        mrs     x0, tpidr_el2
        tst     x0, #0x7ff
        b.ne    .Lrefuse
        msr     vbar_el2, x0
        eret
