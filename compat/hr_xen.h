/* SPDX-License-Identifier: BSD-2-Clause */
/* hr_xen.h: hypercalls of Xen, by hvc #0xea1. Environment: compat/hr_client.h. */
#ifndef HR_COMPAT_HR_XEN_H
#define HR_COMPAT_HR_XEN_H

#include "compat/hr_call.h"

#if defined(__aarch64__) || defined(__arm__)

/* Xen: a hypercall with up to five arguments. Debug builds of Xen overwrite the number's register
 * and the arguments, so all of them are lost. The number is loaded last: a linker veneer may use
 * its register on the way. */
static inline hr_word hr_xen_hypercall(hr_word number, hr_word a0, hr_word a1, hr_word a2,
                                       hr_word a3, hr_word a4) {
  register hr_word r0 __asm__(HR_REGISTER(0)) = a0;
  register hr_word r1 __asm__(HR_REGISTER(1)) = a1;
  register hr_word r2 __asm__(HR_REGISTER(2)) = a2;
  register hr_word r3 __asm__(HR_REGISTER(3)) = a3;
  register hr_word r4 __asm__(HR_REGISTER(4)) = a4;
  register hr_word nr __asm__(HR_NUMBER_REGISTER) = number;
  __asm__ volatile(HR_HVC_ASM(HR_XEN_IMMEDIATE)
                   : "+r"(r0), "+r"(r1), "+r"(r2), "+r"(r3), "+r"(r4), "+r"(nr)
                   :
                   : "cc", "memory");
  return r0;
}

#endif

#endif /* HR_COMPAT_HR_XEN_H */
