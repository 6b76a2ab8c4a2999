/* SPDX-License-Identifier: BSD-2-Clause */
/* Loads and stores. In the right one of a pair stands what WHEN says. */
#include "tests/coherence/case.h"

        .macro BODY_read_past_dirty__mmu_off right
        MMU_ON
        STORE   rB, rA
        WHEN    \right, CLEAN rA
        BARRIER
        MMU_OFF
        LOAD    rB, rA
        .endm
        PAIR    read_past_dirty__mmu_off

        .macro BODY_read_past_dirty__c_off right
        MMU_ON
        STORE   rB, rA
        WHEN    \right, CLEAN rA
        BARRIER
        SET_SCTLR 0, 4
        SYNC
        LOAD    rB, rA
        MMU_OFF
        .endm
        PAIR    read_past_dirty__c_off

        .macro BODY_read_past_dirty__uncached_alias right
        MMU_ON
        STORE   rB, rA
        WHEN    \right, CLEAN rA
        BARRIER
        ALIAS   rC, rA, 1
        LOAD    rB, rC
        MMU_OFF
        .endm
        PAIR    read_past_dirty__uncached_alias

        .macro BODY_read_past_dirty__device_alias right
        MMU_ON
        STORE   rB, rA
        WHEN    \right, CLEAN rA
        BARRIER
        ALIAS   rC, rA, 2
        LOAD    rB, rC
        MMU_OFF
        .endm
        PAIR    read_past_dirty__device_alias

        .macro BODY_read_past_dirty__no_dsb right
        MMU_ON
        STORE   rB, rA
        CLEAN   rA
        WHEN    \right, BARRIER
        MMU_OFF
        LOAD    rB, rA
        .endm
        PAIR    read_past_dirty__no_dsb

        .macro BODY_read_past_dirty__only_to_pou right
        MMU_ON
        STORE   rB, rA
        UNLESS  \right, CLEAN_POU rA
        WHEN    \right, CLEAN rA
        BARRIER
        MMU_OFF
        LOAD    rB, rA
        .endm
        PAIR    read_past_dirty__only_to_pou

        .macro BODY_read_past_dirty__written_again right
        MMU_ON
        STORE   rB, rA
        CLEAN   rA
        BARRIER
        STORE   rB, rA
        WHEN    \right, CLEAN rA
        BARRIER
        MMU_OFF
        LOAD    rB, rA
        .endm
        PAIR    read_past_dirty__written_again

        .macro BODY_read_past_dirty__next_line right
        MMU_ON
        PAST    rC, rA, 64
        STORE   rB, rA
        STORE   rB, rC
        CLEAN   rA
        WHEN    \right, CLEAN rC
        BARRIER
        MMU_OFF
        LOAD    rB, rC
        .endm
        PAIR    read_past_dirty__next_line

        .macro BODY_write_under_dirty__mmu_off right
        MMU_ON
        STORE   rB, rA
        MMU_OFF
        WHEN    \right, FLUSH rA
        BARRIER
        STORE   rB, rA
        .endm
        PAIR    write_under_dirty__mmu_off

        .macro BODY_write_under_dirty__uncached_alias right
        MMU_ON
        STORE   rB, rA
        WHEN    \right, FLUSH rA
        BARRIER
        ALIAS   rC, rA, 1
        STORE   rB, rC
        MMU_OFF
        .endm
        PAIR    write_under_dirty__uncached_alias

        .macro BODY_write_under_dirty__no_dsb right
        MMU_ON
        STORE   rB, rA
        FLUSH   rA
        WHEN    \right, BARRIER
        MMU_OFF
        STORE   rB, rA
        .endm
        PAIR    write_under_dirty__no_dsb

        .macro BODY_write_under_dirty__other_bytes right
        MMU_ON
        STORE   rB, rA
        MMU_OFF
        WHEN    \right, FLUSH rA
        BARRIER
        STORE   rB, rA, 32
        .endm
        PAIR    write_under_dirty__other_bytes

        .macro BODY_stale_read__read_before right
        MMU_ON
        LOAD    rB, rA
        MMU_OFF
        STORE   rB, rA
        BARRIER
        WHEN    \right, DISCARD rA
        BARRIER
        MMU_ON
        LOAD    rB, rA
        MMU_OFF
        .endm
        PAIR    stale_read__read_before

        .macro BODY_stale_read__speculated right
        MMU_ON
        MMU_OFF
        STORE   rB, rA
        BARRIER
        WHEN    \right, DISCARD rA
        BARRIER
        MMU_ON
        LOAD    rB, rA
        MMU_OFF
        .endm
        PAIR    stale_read__speculated

        .macro BODY_stale_read__uncached_alias right
        MMU_ON
        LOAD    rB, rA
        ALIAS   rC, rA, 1
        STORE   rB, rC
        BARRIER
        WHEN    \right, DISCARD rA
        BARRIER
        LOAD    rB, rA
        MMU_OFF
        .endm
        PAIR    stale_read__uncached_alias

        .macro BODY_stale_read__invalidated_too_early right
        MMU_ON
        ALIAS   rC, rA, 1
        UNLESS  \right, DISCARD rA
        BARRIER
        STORE   rB, rC
        BARRIER
        WHEN    \right, DISCARD rA
        BARRIER
        LOAD    rB, rA
        MMU_OFF
        .endm
        PAIR    stale_read__invalidated_too_early

        .macro BODY_stale_read__no_dsb right
        MMU_ON
        LOAD    rB, rA
        ALIAS   rC, rA, 1
        STORE   rB, rC
        BARRIER
        DISCARD rA
        WHEN    \right, BARRIER
        LOAD    rB, rA
        MMU_OFF
        .endm
        PAIR    stale_read__no_dsb

        .macro BODY_lost_write__discarded right
        MMU_ON
        STORE   rB, rA
        UNLESS  \right, DISCARD rA
        WHEN    \right, FLUSH rA
        BARRIER
        LOAD    rB, rA
        MMU_OFF
        .endm
        PAIR    lost_write__discarded

        .macro BODY_lost_write__mmu_off right
        MMU_ON
        STORE   rB, rA
        MMU_OFF
        UNLESS  \right, DISCARD rA
        WHEN    \right, FLUSH rA
        BARRIER
        LOAD    rB, rA
        .endm
        PAIR    lost_write__mmu_off

        .macro BODY_unaligned_device__load right
        UNLESS  \right, PAST rC, rA, 1
        WHEN    \right, PAST rC, rA, 8
        LOAD    rB, rC
        .endm
        PAIR    unaligned_device__load

        .macro BODY_unaligned_device__store right
        UNLESS  \right, PAST rC, rA, 2
        WHEN    \right, PAST rC, rA, 8
        STORE   rB, rC
        .endm
        PAIR    unaligned_device__store

        .macro BODY_unaligned_device__alias right
        MMU_ON
        ALIAS   rC, rA, 2
        UNLESS  \right, PAST rC, rC, 1
        WHEN    \right, PAST rC, rC, 8
        LOAD    rB, rC
        MMU_OFF
        .endm
        PAIR    unaligned_device__alias

        .macro BODY_exclusive_device__mmu_off right
        WHEN    \right, MMU_ON
        EXCLUSIVE rA
        WHEN    \right, MMU_OFF
        .endm
        PAIR    exclusive_device__mmu_off

        .macro BODY_exclusive_device__store right
        WHEN    \right, MMU_ON
        EXCLUSIVE_STORE rA
        WHEN    \right, MMU_OFF
        .endm
        PAIR    exclusive_device__store

        .macro BODY_exclusive_device__alias right
        MMU_ON
        UNLESS  \right, ALIAS rC, rA, 2
        WHEN    \right, PAST rC, rA, 0
        EXCLUSIVE rC
        MMU_OFF
        .endm
        PAIR    exclusive_device__alias
