/* SPDX-License-Identifier: BSD-2-Clause */
/* Instructions that were written. In the right one of a pair stands what WHEN says. */
#include "tests/coherence/case.h"

        .macro BODY_fetch_not_at_pou__no_clean right
        MMU_ON
        RETURN_OPCODE rB
        PAST    rC, rA, 512
        STORE_CODE rB, rC
        WHEN    \right, CLEAN_POU rC
        BARRIER
        IC_LINE rC
        BARRIER
        SYNC
        CALL    rC
        MMU_OFF
        .endm
        PAIR    fetch_not_at_pou__no_clean

        .macro BODY_fetch_not_at_pou__no_dsb right
        MMU_ON
        RETURN_OPCODE rB
        PAST    rC, rA, 512
        STORE_CODE rB, rC
        CLEAN_POU rC
        WHEN    \right, BARRIER
        IC_ALL
        WHEN    \right, BARRIER
        SYNC
        CALL    rC
        MMU_OFF
        .endm
        PAIR    fetch_not_at_pou__no_dsb

        .macro BODY_fetch_not_at_pou__uncached_fetch right
        MMU_ON
        RETURN_OPCODE rB
        PAST    rC, rA, 512
        STORE_CODE rB, rC
        UNLESS  \right, CLEAN_POU rC
        WHEN    \right, CLEAN rC
        BARRIER
        IC_LINE rC
        BARRIER
        MMU_OFF
        CALL    rC
        .endm
        PAIR    fetch_not_at_pou__uncached_fetch

        .macro BODY_fetch_stale__no_ic right
        MMU_ON
        RETURN_OPCODE rB
        PAST    rC, rA, 512
        STORE_CODE rB, rC
        CLEAN_POU rC
        BARRIER
        WHEN    \right, IC_LINE rC
        BARRIER
        SYNC
        CALL    rC
        MMU_OFF
        .endm
        PAIR    fetch_stale__no_ic

        .macro BODY_fetch_stale__no_ic_all right
        MMU_ON
        RETURN_OPCODE rB
        PAST    rC, rA, 512
        STORE_CODE rB, rC
        CLEAN_POU rC
        BARRIER
        WHEN    \right, IC_ALL
        BARRIER
        SYNC
        CALL    rC
        MMU_OFF
        .endm
        PAIR    fetch_stale__no_ic_all

        .macro BODY_fetch_stale__ic_too_early right
        MMU_ON
        RETURN_OPCODE rB
        PAST    rC, rA, 512
        STORE_CODE rB, rC
        UNLESS  \right, IC_LINE rC
        CLEAN_POU rC
        BARRIER
        WHEN    \right, IC_LINE rC
        BARRIER
        SYNC
        CALL    rC
        MMU_OFF
        .endm
        PAIR    fetch_stale__ic_too_early

        .macro BODY_fetch_stale__clean_not_complete right
        MMU_ON
        RETURN_OPCODE rB
        PAST    rC, rA, 512
        STORE_CODE rB, rC
        CLEAN_POU rC
        WHEN    \right, BARRIER
        IC_LINE rC
        BARRIER
        SYNC
        CALL    rC
        MMU_OFF
        .endm
        PAIR    fetch_stale__clean_not_complete

        .macro BODY_fetch_stale__no_dsb right
        MMU_ON
        RETURN_OPCODE rB
        PAST    rC, rA, 512
        STORE_CODE rB, rC
        CLEAN_POU rC
        BARRIER
        IC_LINE rC
        WHEN    \right, BARRIER
        SYNC
        CALL    rC
        MMU_OFF
        .endm
        PAIR    fetch_stale__no_dsb

        .macro BODY_fetch_stale__written_uncached right
        RETURN_OPCODE rB
        PAST    rC, rA, 512
        FLUSH   rC
        BARRIER
        SET_SCTLR 0x1000, 0
        SYNC
        STORE_CODE rB, rC
        BARRIER
        WHEN    \right, IC_LINE rC
        BARRIER
        SYNC
        CALL    rC
        MMU_OFF
        .endm
        PAIR    fetch_stale__written_uncached

        .macro BODY_fetch_no_isb__cached right
        MMU_ON
        RETURN_OPCODE rB
        PAST    rC, rA, 512
        STORE_CODE rB, rC
        CLEAN_POU rC
        BARRIER
        IC_LINE rC
        BARRIER
        WHEN    \right, SYNC
        CALL    rC
        MMU_OFF
        .endm
        PAIR    fetch_no_isb__cached

        .macro BODY_fetch_no_isb__uncached right
        RETURN_OPCODE rB
        PAST    rC, rA, 512
        FLUSH   rC
        BARRIER
        STORE_CODE rB, rC
        BARRIER
        WHEN    \right, SYNC
        CALL    rC
        .endm
        PAIR    fetch_no_isb__uncached
