/* SPDX-License-Identifier: BSD-2-Clause */
#include "bare/asm.h"

        .fpu    neon

#define PRIME 0x9e3779b1                /* base/multilinear.hpp kMultilinearPrime */

        /* One line of 64 bytes: each word times a key to its accumulator. A key by index is in d0 to d15 alone. */
        .macro LINE key
        vld1.8  {q4, q5}, [r1]!
        vld1.8  {q6, q7}, [r1]!
        vmlal.u32 q8, d8, \key
        vmlal.u32 q9, d9, \key
        vmlal.u32 q10, d10, \key
        vmlal.u32 q11, d11, \key
        vmlal.u32 q12, d12, \key
        vmlal.u32 q13, d13, \key
        vmlal.u32 q14, d14, \key
        vmlal.u32 q15, d15, \key
        .endm
        .macro LINES low, high
        LINE    \low[0]
        LINE    \low[1]
        LINE    \high[0]
        LINE    \high[1]
        .endm

        /* Four accumulators: a ^= a >> 47, a *= the prime, which q0 holds four times. */
        .macro STIR a, b
        vshr.u64 q1, \a, #47
        vshr.u64 q2, \b, #47
        veor    q1, q1, \a
        veor    q2, q2, \b
        vuzp.32 q1, q2                          /* q1 := lower halves, q2 := higher ones */
        vmul.i32 q2, q2, q0
        vshll.i32 \a, d4, #32
        vshll.i32 \b, d5, #32
        vmlal.u32 \a, d2, d0
        vmlal.u32 \b, d3, d0
        .endm

/*
 * void hr_multilinear_simd(uint64_t accumulators[16], const void *data, size_t blocks, const uint32_t keys[64])
 * base/multilinear.hpp MultilinearBlocks by Advanced SIMD. Bytes are loaded as bytes: any alignment, also with the MMU
 * off.
 * In:       r0 = accumulators, r1 = data, r2 = blocks of 4096 bytes, not 0, r3 = keys
 * Out:      accumulators updated
 * Clobbers: r0 to r2, r12, q0 to q3, q8 to q15, flags
 */
FUNC hr_multilinear_simd, .text.hr_multilinear_simd
        push    {r4 - r6, lr}
        vpush   {d8 - d15}
        MOV32   r6, PRIME
        add     r5, r3, #256                    /* r5 := end of the keys */
        mov     r4, r0
        vld1.64 {q8, q9}, [r4]!
        vld1.64 {q10, q11}, [r4]!
        vld1.64 {q12, q13}, [r4]!
        vld1.64 {q14, q15}, [r4]
.Lmultilinear_block:
        mov     r12, r3
.Lmultilinear_keys:
        vld1.32 {q0, q1}, [r12]!
        vld1.32 {q2, q3}, [r12]!
        LINES   d0, d1
        LINES   d2, d3
        LINES   d4, d5
        LINES   d6, d7
        cmp     r12, r5
        bne     .Lmultilinear_keys
        vdup.32 q0, r6
        STIR    q8, q9
        STIR    q10, q11
        STIR    q12, q13
        STIR    q14, q15
        subs    r2, r2, #1
        bne     .Lmultilinear_block
        vst1.64 {q8, q9}, [r0]!
        vst1.64 {q10, q11}, [r0]!
        vst1.64 {q12, q13}, [r0]!
        vst1.64 {q14, q15}, [r0]
        vpop    {d8 - d15}
        pop     {r4 - r6, pc}
END hr_multilinear_simd
