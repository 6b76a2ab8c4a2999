/* SPDX-License-Identifier: BSD-2-Clause */
/* Xen's hypercalls of compat/hr_xen.h out of line, for arm64, either endianness. */
#include "bare/asm.h"
#include "compat/hr_hvc.h"

/*
 * hr_xen_\name: one for each hypercall of abi/xen.def.
 * In:       x0 up to x2 = the arguments, as the procedure call standard has them; below Xen.
 * Out:      x0 = Xen's answer.
 * Clobbers: x16, and the arguments but the first: 0xdeadbeef in debug builds of Xen. Flags return.
 */
        .macro XEN_CALL name, number
FUNC hr_xen_\name
        mov     x16, #\number
        HR_HVC(HR_XEN_IMMEDIATE)
        ret
END hr_xen_\name
        .endm

#define HR_XEN_CALL(NAME, number, name, arguments) XEN_CALL name, number;
#define HR_XEN_COMMAND(...)
#define HR_XEN_VALUE(...)
#include "abi/xen.def"
#undef HR_XEN_CALL
#undef HR_XEN_COMMAND
#undef HR_XEN_VALUE

/*
 * hr_word hr_privcmd_call(hr_word number, hr_word a1, hr_word a2, hr_word a3, hr_word a4, hr_word a5)
 * In:       x0 = number, x1-x5 = a1 to a5; below Xen.
 * Out:      x0 = Xen's answer.
 * Clobbers: x1-x4, x16. The number is in x16 before the arguments move down; from there to the HVC
 *           is no branch that a veneer could be part of.
 */
FUNC hr_privcmd_call
        mov     x16, x0
        mov     x0, x1
        mov     x1, x2
        mov     x2, x3
        mov     x3, x4
        mov     x4, x5
        HR_HVC(HR_XEN_IMMEDIATE)
        ret
END hr_privcmd_call
