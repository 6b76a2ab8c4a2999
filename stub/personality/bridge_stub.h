/* SPDX-License-Identifier: BSD-2-Clause */
/* clang-format off */
/*
 * A part of stub/arm/vectors.S: abi/personality_bridge_stub.def. No op of the common ABI but 0 is an
 * aligned address, and 0 gets the vectors in both.
 */
.Lbridge_stub:
        mrc     HTPIDR(r0)
        cmp     r0, #HR_OP_GET_VECTORS
        beq     .Lget_vectors
        cmn     r0, #1                  /* -1: get */
        beq     .Lget_vectors
        tst     r0, #0x1f
        bne     .Lcommon                /* no address: an op of the common ABI, or refused there */
        REFUSE_IF_LOCKED STATE_LOCK_SET, .Lrefuse
        mrc     HTPIDR(r0)
        mcr     HVBAR(r0)               /* any other value: set */
        eret
