/* SPDX-License-Identifier: BSD-2-Clause */
#include "bare/asm.h"

        .arch   armv8-a

#define PRIME 0x9e3779b1                /* base/multilinear.hpp kMultilinearPrime */

        /* One line of 64 bytes: each word times a key to its accumulator. */
        .macro LINE key
        ld1     {v16.16b - v19.16b}, [x1], #64
        umlal   v0.2d, v16.2s, \key
        umlal2  v1.2d, v16.4s, \key
        umlal   v2.2d, v17.2s, \key
        umlal2  v3.2d, v17.4s, \key
        umlal   v4.2d, v18.2s, \key
        umlal2  v5.2d, v18.4s, \key
        umlal   v6.2d, v19.2s, \key
        umlal2  v7.2d, v19.4s, \key
        .endm
        .macro LINES keys
        LINE    \keys\().s[0]
        LINE    \keys\().s[1]
        LINE    \keys\().s[2]
        LINE    \keys\().s[3]
        .endm

        /* Four accumulators: a ^= a >> 47, a *= the prime, which v28 holds four times. */
        .macro STIR a, b
        ushr    v16.2d, \a\().2d, #47
        ushr    v17.2d, \b\().2d, #47
        eor     \a\().16b, \a\().16b, v16.16b
        eor     \b\().16b, \b\().16b, v17.16b
        uzp1    v16.4s, \a\().4s, \b\().4s      /* lower halves */
        uzp2    v17.4s, \a\().4s, \b\().4s      /* higher ones */
        mul     v17.4s, v17.4s, v28.4s
        shll    \a\().2d, v17.2s, #32
        shll2   \b\().2d, v17.4s, #32
        umlal   \a\().2d, v16.2s, v28.2s
        umlal2  \b\().2d, v16.4s, v28.4s
        .endm

/*
 * void hr_multilinear_simd(uint64_t accumulators[16], const void *data, size_t blocks, const uint32_t keys[64])
 * base/multilinear.hpp MultilinearBlocks by Advanced SIMD. Bytes are loaded as bytes: any alignment, also with the MMU
 * off.
 * In:       x0 = accumulators, x1 = data, x2 = blocks of 4096 bytes, not 0, x3 = keys
 * Out:      accumulators updated
 * Clobbers: x0 to x2, x4 to x6, v0 to v7, v16 to v19, v24 to v28, flags
 */
FUNC hr_multilinear_simd, .text.hr_multilinear_simd
        mov     x4, x0
        ld1     {v0.2d - v3.2d}, [x4], #64
        ld1     {v4.2d - v7.2d}, [x4]
        MOV32   w4, PRIME
        dup     v28.4s, w4
        add     x6, x3, #256                    /* x6 := end of the keys */
.Lmultilinear_block:
        mov     x5, x3
.Lmultilinear_keys:
        ld1     {v24.4s - v27.4s}, [x5], #64
        LINES   v24
        LINES   v25
        LINES   v26
        LINES   v27
        cmp     x5, x6
        b.ne    .Lmultilinear_keys
        STIR    v0, v1
        STIR    v2, v3
        STIR    v4, v5
        STIR    v6, v7
        subs    x2, x2, #1
        b.ne    .Lmultilinear_block
        st1     {v0.2d - v3.2d}, [x0], #64
        st1     {v4.2d - v7.2d}, [x0]
        ret
END hr_multilinear_simd
