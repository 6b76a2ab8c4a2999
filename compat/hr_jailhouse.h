/* SPDX-License-Identifier: BSD-2-Clause */
/* hr_jailhouse.h: hypercalls of Jailhouse, by hvc #0x4a48. Environment: compat/hr_client.h. */
#ifndef HR_COMPAT_HR_JAILHOUSE_H
#define HR_COMPAT_HR_JAILHOUSE_H

#include "compat/hr_call.h"

#if defined(__aarch64__) || defined(__arm__)

static inline hr_word hr_jailhouse_call(hr_word code, hr_word a1, hr_word a2) {
  HR_LOSES(JAILHOUSE, FOURTH);
  register hr_word r0 __asm__(HR_REGISTER(0)) = code;
  register hr_word r1 __asm__(HR_REGISTER(1)) = a1;
  register hr_word r2 __asm__(HR_REGISTER(2)) = a2;
  __asm__ volatile(HR_HVC_ASM(HR_JAILHOUSE_IMMEDIATE)
                   : "+r"(r0)
                   : "r"(r1), "r"(r2)
                   : HR_CLOBBERS_FOURTH "memory");
  return r0;
}

#endif

#endif /* HR_COMPAT_HR_JAILHOUSE_H */
