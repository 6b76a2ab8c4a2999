/* SPDX-License-Identifier: BSD-2-Clause */
/* DC ZVA, which arm does not have. */
#include "tests/coherence/case.h"

        .macro BODY_zero_device__mmu_off right
        WHEN    \right, MMU_ON
        dc      zva, rA
        WHEN    \right, MMU_OFF
        .endm
        PAIR    zero_device__mmu_off
        .macro BODY_zero_device__alias right
        MMU_ON
        UNLESS  \right, ALIAS rC, rA, 2
        WHEN    \right, PAST rC, rA, 0
        dc      zva, rC
        MMU_OFF
        .endm
        PAIR    zero_device__alias
