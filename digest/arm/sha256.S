/* SPDX-License-Identifier: BSD-2-Clause */
#include "bare/asm.h"

        .arch   armv8-a
        .fpu    crypto-neon-fp-armv8
        .arch_extension virt
        .arch_extension sec

        /* Four rounds: the state in q0 (a to d) and q1 (e to h), four words of W. */
        .macro QUAD w
        vld1.32 {q8}, [r12]!
        vadd.i32 q7, q8, \w
        vmov    q6, q0
        sha256h.32 q0, q1, q7
        sha256h2.32 q1, q6, q7
        .endm

        /* The same, and w0 becomes the words that are used 16 rounds later. */
        .macro QUAD_AND_SCHEDULE w0, w1, w2, w3
        QUAD    \w0
        sha256su0.32 \w0, \w1
        sha256su1.32 \w0, \w2, \w3
        .endm

/*
 * void hr_sha256_instructions(uint32_t state[8], const void *data, size_t blocks,
 *                             const uint32_t k[64])
 * FIPS 180-4 section 6.2.2 by the CPU's instructions.
 * In:       r0 = state, r1 = data, any alignment, r2 = blocks of 64 bytes, not 0, r3 = constants
 * Out:      state updated
 * Clobbers: r1, r2, r12, q0 to q3, q8 to q10, flags
 */
FUNC hr_sha256_instructions, .text.hr_sha256_instructions
        vpush   {d8 - d15}
        vld1.32 {q0, q1}, [r0]
.Lnext_block:
        vld1.8  {q2, q3}, [r1]!
        vld1.8  {q4, q5}, [r1]!
        vrev32.8 q2, q2
        vrev32.8 q3, q3
        vrev32.8 q4, q4
        vrev32.8 q5, q5
        vmov    q9, q0
        vmov    q10, q1
        mov     r12, r3
        .rept   3
        QUAD_AND_SCHEDULE q2, q3, q4, q5
        QUAD_AND_SCHEDULE q3, q4, q5, q2
        QUAD_AND_SCHEDULE q4, q5, q2, q3
        QUAD_AND_SCHEDULE q5, q2, q3, q4
        .endr
        QUAD    q2
        QUAD    q3
        QUAD    q4
        QUAD    q5
        vadd.i32 q0, q0, q9
        vadd.i32 q1, q1, q10
        subs    r2, r2, #1
        bne     .Lnext_block
        vst1.32 {q0, q1}, [r0]
        vpop    {d8 - d15}
        bx      lr
END hr_sha256_instructions

        /*
         * One round. W + K lies at word i of the stack. seen holds b ^ c and is destroyed; next
         * becomes a ^ b, which is the b ^ c of the next round: maj(a, b, c) = ((a ^ b) & (b ^ c)) ^ b.
         * A round of A64 is the same but for its adds, which take no rotated register: see the twin.
         */
        .macro ROUND a, b, c, d, e, f, g, h, seen, next, i
        ldr     r12, [sp, #4 * \i]
        add     \h, \h, r12
        eor     r12, \e, \e, ror #14            /* rotations by 6, 11 and 25, the inner ones shared */
        eor     r12, \e, r12, ror #5
        add     \h, \h, r12, ror #6
        eor     r12, \f, \g
        and     r12, r12, \e
        eor     r12, r12, \g
        add     \h, \h, r12
        add     \d, \d, \h
        eor     r12, \a, \a, ror #9             /* rotations by 2, 13 and 22 */
        eor     r12, \a, r12, ror #11
        add     \h, \h, r12, ror #2
        eor     \next, \a, \b
        and     \seen, \seen, \next
        eor     \seen, \seen, \b
        add     \h, \h, \seen
        .endm

        /* Four rounds, after which the names have moved by four. The words are i to i + 3. */
        .macro ROUNDS a, b, c, d, e, f, g, h, i
        ROUND   \a, \b, \c, \d, \e, \f, \g, \h, r2, lr, \i
        ROUND   \h, \a, \b, \c, \d, \e, \f, \g, lr, r2, (\i + 1)
        ROUND   \g, \h, \a, \b, \c, \d, \e, \f, r2, lr, (\i + 2)
        ROUND   \f, \g, \h, \a, \b, \c, \d, \e, lr, r2, (\i + 3)
        .endm

        /* to += small sigma 1 of from, two words each. */
        .macro ADD_SIGMA1 to, from
        vshr.u32 d16, \from, #17
        vsli.32 d16, \from, #15
        vshr.u32 d17, \from, #19
        vsli.32 d17, \from, #13
        veor    d16, d16, d17
        vshr.u32 d17, \from, #10
        veor    d16, d16, d17
        vadd.i32 \to, \to, d16
        .endm

        /*
         * x0 := the four words of W that follow 16 rounds later, and their sum with K goes to word i
         * of the stack. low and high are the halves of x0, last is the higher half of x3: of the
         * four words, the last two need the first two.
         */
        .macro SCHEDULE x0, x1, x2, x3, low, high, last, i
        vext.8  q8, \x0, \x1, #4
        vext.8  q9, \x2, \x3, #4
        vshr.u32 q10, q8, #7
        vsli.32 q10, q8, #25
        vshr.u32 q11, q8, #18
        vsli.32 q11, q8, #14
        vadd.i32 \x0, \x0, q9
        veor    q10, q10, q11
        vshr.u32 q8, q8, #3
        veor    q10, q10, q8
        vadd.i32 \x0, \x0, q10
        ADD_SIGMA1 \low, \last
        ADD_SIGMA1 \high, \low
        vld1.32 {q9}, [r3]!
        vadd.i32 q9, q9, \x0
        add     r12, sp, #4 * \i
        vst1.32 {q9}, [r12]
        .endm

/*
 * void hr_sha256_simd(uint32_t state[8], const void *data, size_t blocks, const uint32_t k[64])
 * FIPS 180-4 section 6.2.2, the schedule by SIMD. A C
 * compiler needs half as many instructions again: it has no registers left for the schedule.
 * In:       r0 = state, r1 = data, any alignment, r2 = blocks of 64 bytes, not 0, r3 = constants
 * Out:      state updated
 * Clobbers: r0 to r3, r12, q0 to q3, q8 to q11, flags
 */
FUNC hr_sha256_simd, .text.hr_sha256_simd
        push    {r2, r4 - r11, lr}
        add     r12, r3, #256
        sub     sp, sp, #72                     /* 16 words of W + K, end of the constants */
        str     r12, [sp, #64]
        ldm     r0, {r4 - r11}                  /* r4 to r11 := a to h */
.Lnext_simd_block:
        vld1.8  {q0, q1}, [r1]!
        vld1.8  {q2, q3}, [r1]!
        vld1.32 {q8, q9}, [r3]!
        vld1.32 {q10, q11}, [r3]!
        vrev32.8 q0, q0
        vrev32.8 q1, q1
        vrev32.8 q2, q2
        vrev32.8 q3, q3
        vadd.i32 q8, q8, q0
        vadd.i32 q9, q9, q1
        vadd.i32 q10, q10, q2
        vadd.i32 q11, q11, q3
        mov     r12, sp
        vst1.32 {q8, q9}, [r12]!
        vst1.32 {q10, q11}, [r12]
        eor     r2, r5, r6
.Lsixteen_rounds:
        ROUNDS  r4, r5, r6, r7, r8, r9, r10, r11, 0
        SCHEDULE q0, q1, q2, q3, d0, d1, d7, 0
        ROUNDS  r8, r9, r10, r11, r4, r5, r6, r7, 4
        SCHEDULE q1, q2, q3, q0, d2, d3, d1, 4
        ROUNDS  r4, r5, r6, r7, r8, r9, r10, r11, 8
        SCHEDULE q2, q3, q0, q1, d4, d5, d3, 8
        ROUNDS  r8, r9, r10, r11, r4, r5, r6, r7, 12
        SCHEDULE q3, q0, q1, q2, d6, d7, d5, 12
        ldr     r12, [sp, #64]
        cmp     r3, r12
        bne     .Lsixteen_rounds
        ROUNDS  r4, r5, r6, r7, r8, r9, r10, r11, 0
        ROUNDS  r8, r9, r10, r11, r4, r5, r6, r7, 4
        ROUNDS  r4, r5, r6, r7, r8, r9, r10, r11, 8
        ROUNDS  r8, r9, r10, r11, r4, r5, r6, r7, 12
        .irp    reg, r4, r5, r6, r7, r8, r9, r10, r11
        ldr     r12, [r0], #4
        add     \reg, \reg, r12
        .endr
        sub     r0, r0, #32
        stm     r0, {r4 - r11}
        sub     r3, r3, #256
        ldr     r12, [sp, #72]                  /* blocks left */
        subs    r12, r12, #1
        str     r12, [sp, #72]
        bne     .Lnext_simd_block
        add     sp, sp, #72
        pop     {r2, r4 - r11, pc}
END hr_sha256_simd
