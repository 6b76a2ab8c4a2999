/* SPDX-License-Identifier: BSD-2-Clause */
/* Tables, TLB and the registers that govern them. In the right one of a pair stands what WHEN says. */
#include "tests/coherence/case.h"

        .macro BODY_walk_past_dirty__uncached_walker right
        MMU_ON
        TABLE_ENTRIES
        WHEN    \right, CLEAN rA
        BARRIER
        MMU_OFF
        OWN_MMU_ON TCR_TEST_UNCACHED
        MMU_OFF
        .endm
        PAIR    walk_past_dirty__uncached_walker

        .macro BODY_walk_stale__written_uncached right
        MMU_ON
        LOAD    rB, rA
        MMU_OFF
        TABLE_ENTRIES
        BARRIER
        WHEN    \right, DISCARD rA
        BARRIER
        OWN_MMU_ON
        MMU_OFF
        .endm
        PAIR    walk_stale__written_uncached

        .macro BODY_walk_before_dsb__mmu_on right
        FLUSH   rA
        INVALIDATE_TLB
        BARRIER
        TABLE_ENTRIES
        WHEN    \right, BARRIER
        SET_TABLE rA
        SYNC
        SET_SCTLR SCTLR_ON, 0
        SYNC
        MMU_OFF
        .endm
        PAIR    walk_before_dsb__mmu_on

        .macro BODY_walk_before_dsb__new_entry right
        OWN_TABLE
        OWN_MMU_ON
        CONSTANT rB, 0x40000705
        STORE_QUAD rB, rA, 24
        WHEN    \right, BARRIER
        SYNC
        ALIAS   rC, rA, 2
        LOAD    rB, rC, 128
        MMU_OFF
        .endm
        PAIR    walk_before_dsb__new_entry

        .macro BODY_tlb_not_clean__other_tables right
        MMU_ON
        MMU_OFF
        OWN_TABLE
        SET_TABLE rA
        SYNC
        WHEN    \right, INVALIDATE_TLB
        BARRIER
        SYNC
        SET_SCTLR SCTLR_ON, 0
        SYNC
        MMU_OFF
        .endm
        PAIR    tlb_not_clean__other_tables

        .macro BODY_tlb_not_clean__no_dsb right
        MMU_ON
        MMU_OFF
        OWN_TABLE
        SET_TABLE rA
        SYNC
        INVALIDATE_TLB
        WHEN    \right, BARRIER
        SYNC
        SET_SCTLR SCTLR_ON, 0
        SYNC
        MMU_OFF
        .endm
        PAIR    tlb_not_clean__no_dsb

        .macro BODY_break_before_make__at_once right
        OWN_TABLE
        OWN_MMU_ON
        CONSTANT rB, 0x40000701
        CONSTANT rC, 0
        WHEN    \right, STORE_QUAD rC, rA, 16
        BARRIER
        INVALIDATE_TLB
        BARRIER
        STORE_QUAD rB, rA, 16
        BARRIER
        SYNC
        MMU_OFF
        .endm
        PAIR    break_before_make__at_once

        .macro BODY_break_before_make__no_tlbi right
        OWN_TABLE
        OWN_MMU_ON
        CONSTANT rB, 0x40000701
        CONSTANT rC, 0
        STORE_QUAD rC, rA, 16
        BARRIER
        WHEN    \right, INVALIDATE_TLB
        BARRIER
        STORE_QUAD rB, rA, 16
        BARRIER
        SYNC
        MMU_OFF
        .endm
        PAIR    break_before_make__no_tlbi

        .macro BODY_break_before_make__no_dsb right
        OWN_TABLE
        OWN_MMU_ON
        CONSTANT rB, 0x40000701
        CONSTANT rC, 0
        STORE_QUAD rC, rA, 16
        BARRIER
        INVALIDATE_TLB
        WHEN    \right, BARRIER
        STORE_QUAD rB, rA, 16
        BARRIER
        SYNC
        MMU_OFF
        .endm
        PAIR    break_before_make__no_dsb

        .macro BODY_no_isb__mmu_on_and_load right
        ADDRESS rD, test_table
        SET_TABLE rD
        SYNC
        INVALIDATE_TLB
        BARRIER
        SYNC
        SET_SCTLR SCTLR_ON, 0
        WHEN    \right, SYNC
        LOAD    rB, rA
        SYNC
        MMU_OFF
        .endm
        PAIR    no_isb__mmu_on_and_load

        .macro BODY_no_isb__mmu_on_and_branch right
        ADDRESS rD, test_table
        SET_TABLE rD
        SYNC
        INVALIDATE_TLB
        BARRIER
        SYNC
        SET_SCTLR SCTLR_ON, 0
        WHEN    \right, SYNC
        JUMP_NEXT
        SYNC
        MMU_OFF
        .endm
        PAIR    no_isb__mmu_on_and_branch

        .macro BODY_no_isb__tables_and_load right
        OWN_TABLE
        MMU_ON
        SET_TTBR rA
        WHEN    \right, SYNC
        LOAD    rB, rA, 128
        SYNC
        INVALIDATE_TLB
        BARRIER
        MMU_OFF
        .endm
        PAIR    no_isb__tables_and_load

        .macro BODY_no_isb__tables_and_mmu_on right
        INVALIDATE_TLB
        BARRIER
        ADDRESS rD, test_table
        SET_TABLE rD
        WHEN    \right, SYNC
        SET_SCTLR SCTLR_ON, 0
        SYNC
        MMU_OFF
        .endm
        PAIR    no_isb__tables_and_mmu_on

        .macro BODY_no_isb__vectors right
        ADDRESS rB, other_vectors
        SET_VECTORS rB
        WHEN    \right, SYNC
        TRAP
        ADDRESS rB, test_vectors
        SET_VECTORS rB
        SYNC
        .endm
        PAIR    no_isb__vectors

        .macro BODY_executable_device__no_xn right
        TABLE_ENTRIES
        STORE_DEVICE rA, 0, \right
        BARRIER
        FLUSH   rA
        BARRIER
        OWN_MMU_ON
        MMU_OFF
        .endm
        PAIR    executable_device__no_xn

        .macro BODY_no_isb__mmu_off_and_load right
        MMU_ON
        SET_SCTLR 0, SCTLR_ON
        WHEN    \right, SYNC
        LOAD    rB, rA
        SYNC
        .endm
        PAIR    no_isb__mmu_off_and_load
