/* SPDX-License-Identifier: BSD-2-Clause */
/* Xen's hypercalls of compat/hr_xen.h out of line, for arm: A32 and T32, either endianness. */
#include "bare/asm.h"
#include "compat/hr_hvc.h"

/*
 * hr_xen_\name: one for each hypercall of abi/xen.def.
 * In:       r0 up to r2 = the arguments, as the procedure call standard has them; below Xen.
 * Out:      r0 = Xen's answer.
 * Clobbers: r12, and the arguments but the first: 0xdeadbeef in debug builds of Xen. Flags return.
 */
        .macro XEN_CALL name, number
FUNC hr_xen_\name
        mov     r12, #\number
        HR_HVC(HR_XEN_IMMEDIATE)
        bx      lr
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
 * In:       r0 = number, r1-r3 = a1 to a3; a4 and a5 on the stack, in this order; below Xen.
 * Out:      r0 = Xen's answer.
 * Clobbers: r1-r3, r12. The number is in r12 before the arguments move down; from there to the HVC
 *           is no branch that a veneer could be part of.
 */
FUNC hr_privcmd_call
        push    {r4}
        mov     r12, r0
        mov     r0, r1
        mov     r1, r2
        mov     r2, r3
        ldr     r3, [sp, #4]
        ldr     r4, [sp, #8]
        HR_HVC(HR_XEN_IMMEDIATE)
        pop     {r4}
        bx      lr
END hr_privcmd_call
