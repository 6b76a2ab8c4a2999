/* SPDX-License-Identifier: BSD-2-Clause */
/* clang-format off */
/*
 * A case is a function and a page of its own. fault_KIND__WORDS has the one fault that it is named for; right_KIND__WORDS is the
 * same with what it lacked. KIND is one of the sanitizer's, with `_` for `-`. Both begin and end with the MMU off and nothing dirty.
 */
#ifndef HR_TESTS_COHERENCE_CASE_H
#define HR_TESTS_COHERENCE_CASE_H

#ifdef __arm__
#include "tests/coherence/arm/macros.h"
#else
#include "tests/coherence/arm64/macros.h"
#endif

        /* rA := the case's page. */
        .macro CASE name
        .pushsection .bss.\name, "aw", %nobits
        .balign 4096
\name\()_page:
        .skip   4096
        .popsection
        .pushsection .cases, "a"
#ifdef __arm__
        .word   \name
#else
        .quad   \name
#endif
        .popsection
        .section .text.\name, "ax"
        .balign 64
        .global \name
        .type   \name, %function
\name:
        CASE_PROLOGUE
        ADDRESS rA, \name\()_page
        .endm

        /* Puts things in order without being watched for it: what the case was about is over. */
        .macro END_CASE name
        FLUSH   rA
        BARRIER
        CASE_EPILOGUE
        .ltorg
        .size   \name, . - \name
        .endm

        .macro MMU_ON
        ADDRESS rD, test_table
        SET_TABLE rD
        SYNC
        INVALIDATE_TLB
        BARRIER
        SYNC
        SET_SCTLR SCTLR_ON, 0
        SYNC
        .endm

        .macro MMU_OFF
        SET_SCTLR 0, SCTLR_ON
        SYNC
        .endm

        /* Entries like those of test_table in the case's page: this program's memory; and a second view of it, uncached. */
        .macro TABLE_ENTRIES
        CONSTANT rB, 0x40000701
        STORE_QUAD rB, rA, 8
        CONSTANT rB, 0x40000705
        STORE_QUAD rB, rA, 16
        .endm
        .macro OWN_TABLE
        TABLE_ENTRIES
        BARRIER
        FLUSH   rA
        BARRIER
        .endm
        .macro OWN_MMU_ON tcr=TCR_TEST
        SET_TABLE rA, \tcr
        SYNC
        INVALIDATE_TLB
        BARRIER
        SYNC
        SET_SCTLR SCTLR_ON, 0
        SYNC
        .endm

        /* Only in the right one of a pair. */
        .macro WHEN right, operation:vararg
        .if     \right
        \operation
        .endif
        .endm
        .macro UNLESS right, operation:vararg
        .ifeq   \right
        \operation
        .endif
        .endm

        /* Both of a pair, of the macro BODY_name. */
        .macro PAIR name
        CASE    fault_\name
        BODY_\name 0
        END_CASE fault_\name
        CASE    right_\name
        BODY_\name 1
        END_CASE right_\name
        .endm

#endif
