/* SPDX-License-Identifier: BSD-2-Clause */
/* clang-format off */
/*
 * A part of stub/arm/vectors.S: abi/personality_bridge_kvm.def. Any value that is neither -1 nor 0 to 3
 * is a function of the caller at its physical address, with r1, r2, r3 as its arguments. By the procedure
 * call standard it keeps r4-r11 and SP_hyp, and may lose r0-r3 and r12, as under the KVM that was called
 * so. LR_usr, which is Hyp mode's LR, waits in HTPIDR: the function leaves that, ELR_hyp and SPSR_hyp as
 * they are. It has the SP_hyp that it finds: the stub has none to give. Bit 0 says Thumb, an A32 function
 * has bit 1 clear. Under a lock no function of a caller runs here.
 */
.Lbridge_kvm:
        mrc     HTPIDR(r0)
        cmn     r0, #1                  /* -1: get */
        beq     .Lget_vectors
        cmp     r0, #HR_OP_RESET_VECTORS
        bls     .Lcommon                /* 0 to 3: an op of the common ABI */
        REFUSE_IF_LOCKED STATE_LOCK_SET, .Lrefuse
        mrc     HTPIDR(r0)
        and     r0, r0, #3
        cmp     r0, #2                  /* A32 code that is not aligned */
        beq     .Lrefuse
        mrc     HTPIDR(r12)             /* r12 := the function */
        mcr     HTPIDR(lr)
        mov     r0, r1
        mov     r1, r2
        mov     r2, r3
        blx     r12
        mrc     HTPIDR(lr)
        eret                            /* r0 is what the function returned */
