/* SPDX-License-Identifier: BSD-2-Clause */
#include "bare/asm.h"

        .arch   armv8-a+crypto

        /* Four rounds: the state in v2 (a to d) and v3 (e to h), four constants, four words of W. */
        .macro QUAD k, w
        add     v9.4s, \k\().4s, \w\().4s
        mov     v8.16b, v2.16b
        sha256h q2, q3, v9.4s
        sha256h2 q3, q8, v9.4s
        .endm

        /* The same, and w0 becomes the words that are used 16 rounds later. */
        .macro QUAD_AND_SCHEDULE k, w0, w1, w2, w3
        QUAD    \k, \w0
        sha256su0 \w0\().4s, \w1\().4s
        sha256su1 \w0\().4s, \w2\().4s, \w3\().4s
        .endm

/*
 * void hr_sha256_instructions(uint32_t state[8], const void *data, size_t blocks,
 *                             const uint32_t k[64])
 * FIPS 180-4 section 6.2.2 by the CPU's instructions.
 * In:       x0 = state, x1 = data, any alignment, x2 = blocks of 64 bytes, not 0, x3 = round constants
 * Out:      state updated
 * Clobbers: x1 to x3, v0 to v7, v16 to v31, flags
 */
FUNC hr_sha256_instructions, .text.hr_sha256_instructions
        stp     d8, d9, [sp, #-16]!
        ld1     {v16.4s - v19.4s}, [x3], #64    /* v16 to v31 := round constants */
        ld1     {v20.4s - v23.4s}, [x3], #64
        ld1     {v24.4s - v27.4s}, [x3], #64
        ld1     {v28.4s - v31.4s}, [x3]
        ld1     {v0.4s, v1.4s}, [x0]
.Lblock:
        ld1     {v4.16b - v7.16b}, [x1], #64
        rev32   v4.16b, v4.16b
        rev32   v5.16b, v5.16b
        rev32   v6.16b, v6.16b
        rev32   v7.16b, v7.16b
        mov     v2.16b, v0.16b
        mov     v3.16b, v1.16b
        QUAD_AND_SCHEDULE v16, v4, v5, v6, v7
        QUAD_AND_SCHEDULE v17, v5, v6, v7, v4
        QUAD_AND_SCHEDULE v18, v6, v7, v4, v5
        QUAD_AND_SCHEDULE v19, v7, v4, v5, v6
        QUAD_AND_SCHEDULE v20, v4, v5, v6, v7
        QUAD_AND_SCHEDULE v21, v5, v6, v7, v4
        QUAD_AND_SCHEDULE v22, v6, v7, v4, v5
        QUAD_AND_SCHEDULE v23, v7, v4, v5, v6
        QUAD_AND_SCHEDULE v24, v4, v5, v6, v7
        QUAD_AND_SCHEDULE v25, v5, v6, v7, v4
        QUAD_AND_SCHEDULE v26, v6, v7, v4, v5
        QUAD_AND_SCHEDULE v27, v7, v4, v5, v6
        QUAD    v28, v4
        QUAD    v29, v5
        QUAD    v30, v6
        QUAD    v31, v7
        add     v0.4s, v0.4s, v2.4s
        add     v1.4s, v1.4s, v3.4s
        subs    x2, x2, #1
        b.ne    .Lblock
        st1     {v0.4s, v1.4s}, [x0]
        ldp     d8, d9, [sp], #16
        ret
END hr_sha256_instructions

        /*
         * One round. W + K lies at word i of the stack. seen holds b ^ c and is destroyed; next
         * becomes a ^ b, which is the b ^ c of the next round: maj(a, b, c) = ((a ^ b) & (b ^ c)) ^ b.
         * A round of A32 is the same but for its adds, which take a rotated register: see the twin.
         */
        .macro ROUND a, b, c, d, e, f, g, h, seen, next, i
        ldr     w12, [sp, #4 * \i]
        add     \h, \h, w12
        eor     w12, \e, \e, ror #14            /* rotations by 6, 11 and 25, the inner ones shared */
        eor     w12, \e, w12, ror #5
        ror     w12, w12, #6
        add     \h, \h, w12
        eor     w12, \f, \g
        and     w12, w12, \e
        eor     w12, w12, \g
        add     \h, \h, w12
        add     \d, \d, \h
        eor     w12, \a, \a, ror #9             /* rotations by 2, 13 and 22 */
        eor     w12, \a, w12, ror #11
        ror     w12, w12, #2
        add     \h, \h, w12
        eor     \next, \a, \b
        and     \seen, \seen, \next
        eor     \seen, \seen, \b
        add     \h, \h, \seen
        .endm

        /* Four rounds, after which the names have moved by four. The words are i to i + 3. */
        .macro ROUNDS a, b, c, d, e, f, g, h, i
        ROUND   \a, \b, \c, \d, \e, \f, \g, \h, w14, w15, \i
        ROUND   \h, \a, \b, \c, \d, \e, \f, \g, w15, w14, (\i + 1)
        ROUND   \g, \h, \a, \b, \c, \d, \e, \f, w14, w15, (\i + 2)
        ROUND   \f, \g, \h, \a, \b, \c, \d, \e, w15, w14, (\i + 3)
        .endm

        /* v21 := small sigma 1 of the two words in the lower half of from. */
        .macro SIGMA1 from
        ushr    v21.2s, \from\().2s, #17
        sli     v21.2s, \from\().2s, #15
        ushr    v22.2s, \from\().2s, #19
        sli     v22.2s, \from\().2s, #13
        eor     v21.8b, v21.8b, v22.8b
        ushr    v22.2s, \from\().2s, #10
        eor     v21.8b, v21.8b, v22.8b
        .endm

        /*
         * x0 := the four words of W that follow 16 rounds later, and their sum with K goes to word i
         * of the stack. Of the four words, the last two need the first two. v23 is zero.
         */
        .macro SCHEDULE x0, x1, x2, x3, i
        ext     v16.16b, \x0\().16b, \x1\().16b, #4
        ext     v17.16b, \x2\().16b, \x3\().16b, #4
        ushr    v18.4s, v16.4s, #7
        sli     v18.4s, v16.4s, #25
        ushr    v19.4s, v16.4s, #18
        sli     v19.4s, v16.4s, #14
        add     \x0\().4s, \x0\().4s, v17.4s
        eor     v18.16b, v18.16b, v19.16b
        ushr    v16.4s, v16.4s, #3
        eor     v18.16b, v18.16b, v16.16b
        add     \x0\().4s, \x0\().4s, v18.4s
        ext     v20.16b, \x3\().16b, v23.16b, #8
        SIGMA1  v20
        add     \x0\().4s, \x0\().4s, v21.4s
        SIGMA1  \x0
        ext     v21.16b, v23.16b, v21.16b, #8
        add     \x0\().4s, \x0\().4s, v21.4s
        ld1     {v16.4s}, [x3], #16
        add     v16.4s, v16.4s, \x0\().4s
        str     q16, [sp, #4 * \i]
        .endm

        /* Two words of the state, and the variables that go on with them. */
        .macro ADD_STATE first, second, offset
        ldp     w12, w14, [x0, #\offset]
        add     \first, \first, w12
        add     \second, \second, w14
        stp     \first, \second, [x0, #\offset]
        .endm

/*
 * void hr_sha256_simd(uint32_t state[8], const void *data, size_t blocks, const uint32_t k[64])
 * FIPS 180-4 section 6.2.2, the schedule by SIMD: for cores
 * that were built without the instructions.
 * In:       x0 = state, x1 = data, any alignment, x2 = blocks of 64 bytes, not 0, x3 = constants
 * Out:      state updated
 * Clobbers: x1 to x12, x14 to x16, v0 to v3, v16 to v23, flags
 */
FUNC hr_sha256_simd, .text.hr_sha256_simd
        sub     sp, sp, #64                     /* 16 words of W + K */
        add     x16, x3, #256                   /* x16 := end of the constants */
        movi    v23.2d, #0
        ldp     w4, w5, [x0]                    /* w4 to w11 := a to h */
        ldp     w6, w7, [x0, #8]
        ldp     w8, w9, [x0, #16]
        ldp     w10, w11, [x0, #24]
.Lnext_simd_block:
        ld1     {v0.16b - v3.16b}, [x1], #64
        ld1     {v16.4s - v19.4s}, [x3], #64
        rev32   v0.16b, v0.16b
        rev32   v1.16b, v1.16b
        rev32   v2.16b, v2.16b
        rev32   v3.16b, v3.16b
        add     v16.4s, v16.4s, v0.4s
        add     v17.4s, v17.4s, v1.4s
        add     v18.4s, v18.4s, v2.4s
        add     v19.4s, v19.4s, v3.4s
        stp     q16, q17, [sp]
        stp     q18, q19, [sp, #32]
        eor     w14, w5, w6
.Lsixteen_rounds:
        ROUNDS w4, w5, w6, w7, w8, w9, w10, w11, 0
        SCHEDULE v0, v1, v2, v3, 0
        ROUNDS w8, w9, w10, w11, w4, w5, w6, w7, 4
        SCHEDULE v1, v2, v3, v0, 4
        ROUNDS w4, w5, w6, w7, w8, w9, w10, w11, 8
        SCHEDULE v2, v3, v0, v1, 8
        ROUNDS w8, w9, w10, w11, w4, w5, w6, w7, 12
        SCHEDULE v3, v0, v1, v2, 12
        cmp     x3, x16
        b.ne    .Lsixteen_rounds
        ROUNDS w4, w5, w6, w7, w8, w9, w10, w11, 0
        ROUNDS w8, w9, w10, w11, w4, w5, w6, w7, 4
        ROUNDS w4, w5, w6, w7, w8, w9, w10, w11, 8
        ROUNDS w8, w9, w10, w11, w4, w5, w6, w7, 12
        ADD_STATE w4, w5, 0
        ADD_STATE w6, w7, 8
        ADD_STATE w8, w9, 16
        ADD_STATE w10, w11, 24
        sub     x3, x3, #256
        subs    x2, x2, #1
        b.ne    .Lnext_simd_block
        add     sp, sp, #64
        ret
END hr_sha256_simd
