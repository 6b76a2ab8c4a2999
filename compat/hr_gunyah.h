/* SPDX-License-Identifier: BSD-2-Clause */
/* hr_gunyah.h: hypercalls of Gunyah, by hvc #0x6000 and up. arm64. Environment: compat/hr_client.h.
 */
#ifndef HR_COMPAT_HR_GUNYAH_H
#define HR_COMPAT_HR_GUNYAH_H

#include "compat/hr_call.h"

#if defined(__aarch64__)

/* Gunyah: hypercall n, a literal below 0x200: x[0] to x[7] are arguments and results, x8 to x17 are
 * lost. HR_DEFINE_GUNYAH(my_call, 0) defines void my_call(hr_word x[8]). */
#define HR_DEFINE_GUNYAH(name, n)                                                              \
  static inline void name(hr_word x[8]) {                                                      \
    register hr_word x0 __asm__("x0") = x[0];                                                  \
    register hr_word x1 __asm__("x1") = x[1];                                                  \
    register hr_word x2 __asm__("x2") = x[2];                                                  \
    register hr_word x3 __asm__("x3") = x[3];                                                  \
    register hr_word x4 __asm__("x4") = x[4];                                                  \
    register hr_word x5 __asm__("x5") = x[5];                                                  \
    register hr_word x6 __asm__("x6") = x[6];                                                  \
    register hr_word x7 __asm__("x7") = x[7];                                                  \
    __asm__ volatile(                                                                          \
        HR_HVC_ASM(HR_GUNYAH_IMMEDIATE + n)                                                    \
        : "+r"(x0), "+r"(x1), "+r"(x2), "+r"(x3), "+r"(x4), "+r"(x5), "+r"(x6), "+r"(x7)       \
        :                                                                                      \
        : "x8", "x9", "x10", "x11", "x12", "x13", "x14", "x15", "x16", "x17", "cc", "memory"); \
    x[0] = x0;                                                                                 \
    x[1] = x1;                                                                                 \
    x[2] = x2;                                                                                 \
    x[3] = x3;                                                                                 \
    x[4] = x4;                                                                                 \
    x[5] = x5;                                                                                 \
    x[6] = x6;                                                                                 \
    x[7] = x7;                                                                                 \
  }
HR_DEFINE_GUNYAH(hr_gunyah_identify, 0)

#endif

#endif /* HR_COMPAT_HR_GUNYAH_H */
