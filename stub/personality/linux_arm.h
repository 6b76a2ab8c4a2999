/* SPDX-License-Identifier: BSD-2-Clause */
/* clang-format off */
/* A part of stub/arm/vectors.S: abi/personality_linux.def. r0 is the caller's in HTPIDR; answers 0. */
.Llinux:
        mrc     HTPIDR(r0)
        cmp     r0, #0                  /* SET_VECTORS */
        beq     .Llinux_set_vectors
        cmp     r0, #1                  /* SOFT_RESTART */
        beq     .Llinux_soft_restart
        cmp     r0, #2                  /* RESET_VECTORS */
        beq     .Llinux_done
.Llinux_refuse:
        movw    r0, #(HR_LINUX_STUB_ERROR & 0xffff)
        movt    r0, #(HR_LINUX_STUB_ERROR >> 16)
        eret

.Llinux_set_vectors:
        REFUSE_IF_LOCKED STATE_LOCK_SET, .Llinux_refuse
        tst     r1, #0x1f
        bne     .Llinux_refuse
        mcr     HVBAR(r1)
        /* falls through */
.Llinux_done:
        mov     r0, #0
        eret

.Llinux_soft_restart:
        REFUSE_IF_LOCKED STATE_LOCK_RESTART, .Llinux_refuse
        HAND_OVER r1, .Llinux_refuse
