/* SPDX-License-Identifier: BSD-2-Clause */
/* clang-format off */
/* As arm64's, for HYP and SVC with long descriptors; macros use r4 to r8. */
#ifndef HR_TESTS_COHERENCE_ARM_MACROS_H
#define HR_TESTS_COHERENCE_ARM_MACROS_H

#define rA r0
#define rB r1
#define rC r2
#define rD r3
#define VECTOR_BYTES 0x20

#if LEVEL == 2
#define OPC1 4
#define TRAP hvc #0
#define TCR_TEST 0x80803500 /* 32 bits, walker write-back, inner shareable; RES1 */
#define TCR_TEST_UNCACHED 0x80803000
#else
#define OPC1 0
#define TRAP svc #0
#define TCR_TEST 0x80803500 /* EAE; EPD1 */
#define TCR_TEST_UNCACHED 0x80803000
#endif
#define SCTLR_ON 0x1005
#define MAIR_TEST 0x0044ff

        .macro CONSTANT reg, value
        ldr     \reg, =\value
        .endm
        .macro STORE value, at, offset=0
        str     \value, [\at, #\offset]
        .endm
        .macro LOAD to, at, offset=0
        ldr     \to, [\at, #\offset]
        .endm
        /* An entry of a table: the upper word is 0. */
        .macro STORE_QUAD value, at, offset=0
        mov     r4, \value
        mov     r5, #0
        add     r6, \at, #\offset
        strd    r4, r5, [r6]
        .endm
        .macro CLEAN at
        mcr     p15, 0, \at, c7, c10, 1
        .endm
        .macro CLEAN_POU at
        mcr     p15, 0, \at, c7, c11, 1
        .endm
        .macro FLUSH at
        mcr     p15, 0, \at, c7, c14, 1
        .endm
        .macro DISCARD at
        mcr     p15, 0, \at, c7, c6, 1
        .endm
        .macro IC_LINE at
        mcr     p15, 0, \at, c7, c5, 1
        .endm
        .macro IC_ALL
        mcr     p15, 0, r4, c7, c5, 0
        .endm
        .macro BARRIER
        dsb
        .endm
        .macro SYNC
        isb
        .endm
        .macro INVALIDATE_TLB
        mcr     p15, OPC1, r4, c8, c7, 0
        .endm
        .macro SET_TABLE at, tcr=TCR_TEST
        ldr     r4, =MAIR_TEST
        mcr     p15, OPC1, r4, c10, c2, 0
        ldr     r4, =(\tcr | (LEVEL == 1) * 0x800000)
        mcr     p15, OPC1, r4, c2, c0, 2
        SET_TTBR \at
        .endm
        .macro SET_TTBR at
        mov     r5, #0
        mcrr    p15, OPC1, \at, r5, c2
        .endm
        .macro SET_SCTLR set, clear
        mrc     p15, OPC1, r4, c1, c0, 0
        ldr     r5, =\set
        ldr     r6, =\clear
        orr     r4, r4, r5
        bic     r4, r4, r6
        mcr     p15, OPC1, r4, c1, c0, 0
        .endm
        .macro SET_VECTORS at
        mcr     p15, OPC1, \at, c12, c0, 0
        .endm
        .macro ADDRESS reg, symbol
        ldr     \reg, =\symbol
        .endm
        .macro RETURN_OPCODE to
        ldr     \to, =0xe12fff1e
        .endm
        .macro STORE_CODE value, at
        str     \value, [\at]
        .endm
        .macro CALL at
        blx     \at
        .endm
        .macro JUMP_NEXT
        adr     r4, 8f
        bx      r4
        nop
8:
        .endm
        .macro PAST to, from, distance
        add     \to, \from, #\distance
        .endm
        .macro EXCLUSIVE at
        ldrex   r4, [\at]
        clrex
        .endm
        .macro EXCLUSIVE_STORE at
        ldrex   r4, [\at]
        strex   r5, r4, [\at]
        .endm
        .macro ALIAS to, from, number
        ldr     r4, =(0x40000000 * \number)
        add     \to, \from, r4
        .endm
        .macro CASE_PROLOGUE
        mov     r10, lr
        .endm
        .macro CASE_EPILOGUE
        bx      r10
        .endm

        .macro STORE_DEVICE at, offset, never
        ldr     r4, =0x409
        ldr     r5, =(\never * 0x600000)
        add     r6, \at, #\offset
        strd    r4, r5, [r6]
        .endm

#endif
