/* SPDX-License-Identifier: BSD-2-Clause */
/* The stub of this project. */
#include "tests/target/residents/arm64/resident.h"

/*
 * hr_resident_enter: installs the stub.
 * In:       EL2, x19 = where to go
 * Out:      at EL1
 * Clobbers: x0 to x17, x30
 */
FUNC hr_resident_enter, .text.hr_resident_enter
        bl      hr_stub_install
        cbnz    w0, .Lruined
        DROP
.Lruined:
        RUINED
END hr_resident_enter
