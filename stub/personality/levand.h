/* SPDX-License-Identifier: BSD-2-Clause */
/* clang-format off */
/* A part of stub/arm64/vectors.S: abi/personality_levand.def. The HVC's immediate is the op. */
.Llevand_immediate:                     /* neither hvc #0 nor hvc #0x4852 */
        mrs     x0, mair_el2
        and     x0, x0, #STATE_PERSONALITY
        cmp     x0, #HR_PERSONALITY_LEVAND
        b.ne    .Lrefuse
        mrs     x0, esr_el2
        and     x0, x0, #0xffff
        cmp     x0, #HR_LEVAND_GET_VECTORS
        b.eq    .Lget_vectors
        cmp     x0, #HR_LEVAND_SET_VECTORS
        b.eq    .Lset_vectors_to_x0     /* linux_3_8.h */
        cmp     x0, #HR_LEVAND_CALL_FUNC
        b.ne    .Lrefuse
        /* falls through */

        /*
         * HVC_CALL_HYP (hvc #0), HVC_CALL_FUNC: x0 is a function of the caller at its physical address, with
         * x1, x2, x3 as its arguments. By the procedure call standard it keeps x19-x29, and may lose
         * x0-x17; x18 it keeps too. x30 waits in TPIDR_EL2: the function leaves that, ELR_EL2 and SPSR_EL2
         * as they are. It has the SP_EL2 that it finds: the stub has none to give. Under a lock no
         * function of a caller runs here.
         */
.Llevand_call:
        REFUSE_IF_LOCKED STATE_LOCK_SET, .Lrefuse
        mrs     x0, tpidr_el2
        tst     x0, #0x3
        b.ne    .Lrefuse
        mov     x16, x0                 /* x16 := the function */
        msr     tpidr_el2, x30
        mov     x0, x1
        mov     x1, x2
        mov     x2, x3
        blr     x16
        mrs     x30, tpidr_el2
        eret                            /* x0 is what the function returned */
