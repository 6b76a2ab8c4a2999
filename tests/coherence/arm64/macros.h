/* SPDX-License-Identifier: BSD-2-Clause */
/* clang-format off */
/*
 * What the cases are written in, for EL2 and EL1 (LEVEL). No stack, no memory but the case's own page. A case may use rA to rD, which
 * macros keep, but for rD; macros use x9 to x15.
 */
#ifndef HR_TESTS_COHERENCE_ARM64_MACROS_H
#define HR_TESTS_COHERENCE_ARM64_MACROS_H

#define rA x0
#define rB x1
#define rC x2
#define rD x3
#define VECTOR_BYTES 0x800

#if LEVEL == 2
#define SYSTEM(name) name##_el2
#define TLBI_ALL tlbi alle2
#define TRAP hvc #0
#else
#define SYSTEM(name) name##_el1
#define TLBI_ALL tlbi vmalle1
#define TRAP svc #0
#endif

#define SCTLR_ON 0x1005 /* M, C, I */
#define MAIR_TEST 0x0044ff /* 0 write-back, 1 uncached, 2 Device-nGnRnE */
#if LEVEL == 2
#define TCR_TEST 0x80803519 /* T0SZ 25, walker write-back, inner shareable; RES1 */
#define TCR_TEST_UNCACHED 0x80803019
#else
#define TCR_TEST 0x803519 /* EPD1 */
#define TCR_TEST_UNCACHED 0x803019
#endif

        .macro CONSTANT reg, value
        ldr     \reg, =\value
        .endm
        .macro STORE value, at, offset=0
        str     \value, [\at, #\offset]
        .endm
        .macro LOAD to, at, offset=0
        ldr     \to, [\at, #\offset]
        .endm
        .macro STORE_QUAD value, at, offset=0
        str     \value, [\at, #\offset]
        .endm
        .macro CLEAN at
        dc      cvac, \at
        .endm
        .macro CLEAN_POU at
        dc      cvau, \at
        .endm
        .macro FLUSH at
        dc      civac, \at
        .endm
        .macro DISCARD at
        dc      ivac, \at
        .endm
        .macro IC_LINE at
        ic      ivau, \at
        .endm
        .macro IC_ALL
        ic      iallu
        .endm
        .macro BARRIER
        dsb     sy
        .endm
        .macro SYNC
        isb
        .endm
        .macro INVALIDATE_TLB
        TLBI_ALL
        .endm
        /* The registers of translation, without SCTLR. */
        .macro SET_TABLE at, tcr=TCR_TEST
        ldr     x9, =MAIR_TEST
        msr     SYSTEM(mair), x9
        ldr     x9, =\tcr
        msr     SYSTEM(tcr), x9
        msr     SYSTEM(ttbr0), \at
        .endm
        .macro SET_SCTLR set, clear
        mrs     x9, SYSTEM(sctlr)
        ldr     x10, =\set
        ldr     x11, =\clear
        orr     x9, x9, x10
        bic     x9, x9, x11
        msr     SYSTEM(sctlr), x9
        .endm
        .macro SET_VECTORS at
        msr     SYSTEM(vbar), \at
        .endm
        .macro SET_TTBR at
        msr     SYSTEM(ttbr0), \at
        .endm
        .macro ADDRESS reg, symbol
        ldr     \reg, =\symbol
        .endm
        /* The instruction that returns. */
        .macro RETURN_OPCODE to
        ldr     w9, =0xd65f03c0
        mov     \to, x9
        .endm
        .macro STORE_CODE value, at
        str     w1, [\at]
        .endm
        .macro CALL at
        blr     \at
        .endm
        .macro JUMP_NEXT
        adr     x9, 8f
        br      x9
        nop
8:
        .endm
        .macro PAST to, from, distance
        add     \to, \from, #\distance
        .endm
        .macro EXCLUSIVE at
        ldxr    x9, [\at]
        clrex
        .endm
        .macro EXCLUSIVE_STORE at
        ldxr    x9, [\at]
        stxr    w10, x9, [\at]
        .endm
        .macro ALIAS to, from, number /* the same memory, uncached (1) or Device (2) */
        ldr     x9, =(0x40000000 * \number)
        add     \to, \from, x9
        .endm
        .macro CASE_PROLOGUE
        mov     x20, x30
        .endm
        .macro CASE_EPILOGUE
        ret     x20
        .endm

        /* An entry of Device memory, not for instructions or for them. */
        .macro STORE_DEVICE at, offset, never
        CONSTANT rB, (0x409 | (\never * 0x60000000000000))
        str     rB, [\at, #\offset]
        .endm

#endif
