/* SPDX-License-Identifier: BSD-2-Clause */
/* The stub of this project. */
#include "tests/target/residents/arm/resident.h"

/*
 * hr_resident_enter: installs the stub.
 * In:       Hyp mode, r4 = where to go
 * Out:      at SVC
 * Clobbers: r0 to r3, r12, lr
 */
FUNC hr_resident_enter, .text.hr_resident_enter
        bl      hr_stub_install
        cmp     r0, #0
        bne     .Lruined
        DROP
.Lruined:
        RUINED
END hr_resident_enter
