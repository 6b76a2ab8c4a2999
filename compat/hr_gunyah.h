/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * hr_gunyah.h: hypercalls of Gunyah. arm64, either endianness. Environment: compat/hr_client.h.
 *
 * Two ways to hypercall n, 0 to 0x1ff [quic/gunyah-hypervisor, hypercalls;
 * linux/drivers/virt/gunyah]. By `hvc #(0x6000 + n)` x0 to x7 are arguments and results. By
 * `hvc #0`, which is SMCCC, x0 is 0xc6008000 + n, x1 to x7 are arguments, and x0 to x7 are results.
 * Either way x8 to x17 are lost, and an unknown one answers -1 in x0.
 *
 * With HR_OUT_OF_LINE defined before the include, calls go through hr_issue() of the client library
 * instead of being made in place; but for HR_DEFINE_GUNYAH, whose immediate is part of the
 * instruction.
 */
#ifndef HR_COMPAT_HR_GUNYAH_H
#define HR_COMPAT_HR_GUNYAH_H

#include "compat/hr_call.h"

#define HR_GUNYAH_CALLS 0x200
/* Vendor hypervisor, 64-bit, fast. */
#define HR_GUNYAH_FUNCTION(n) (0xc6008000u + (n))
/* x0 of identify. */
#define HR_GUNYAH_API_VERSION(word) ((word)&0x3fff)
#define HR_GUNYAH_IS_BIG_ENDIAN(word) (((word) >> 14) & 1)
#define HR_GUNYAH_IS_64_BIT(word) (((word) >> 15) & 1)
#define HR_GUNYAH_VARIANT(word) ((word) >> 56)
#define HR_GUNYAH_VARIANT_QUALCOMM 0x48

#if defined(__aarch64__)

/* HR_DEFINE_GUNYAH(my_call, n) defines void my_call(hr_word x[8]) for a literal n. */
#define HR_DEFINE_GUNYAH(name, n)                                                              \
  static inline void name(hr_word x[8]) {                                                      \
    HR_STATIC_ASSERT((n) >= 0 && (n) < HR_GUNYAH_CALLS, #name " is no hypercall of Gunyah");   \
    const hr_word a0 = x[0];                                                                   \
    const hr_word a1 = x[1];                                                                   \
    const hr_word a2 = x[2];                                                                   \
    const hr_word a3 = x[3];                                                                   \
    const hr_word a4 = x[4];                                                                   \
    const hr_word a5 = x[5];                                                                   \
    const hr_word a6 = x[6];                                                                   \
    const hr_word a7 = x[7];                                                                   \
    register hr_word x0 __asm__("x0") = a0;                                                    \
    register hr_word x1 __asm__("x1") = a1;                                                    \
    register hr_word x2 __asm__("x2") = a2;                                                    \
    register hr_word x3 __asm__("x3") = a3;                                                    \
    register hr_word x4 __asm__("x4") = a4;                                                    \
    register hr_word x5 __asm__("x5") = a5;                                                    \
    register hr_word x6 __asm__("x6") = a6;                                                    \
    register hr_word x7 __asm__("x7") = a7;                                                    \
    __asm__ volatile(                                                                          \
        HR_GUNYAH_HVC(n)                                                                       \
        : "+r"(x0), "+r"(x1), "+r"(x2), "+r"(x3), "+r"(x4), "+r"(x5), "+r"(x6), "+r"(x7)       \
        :                                                                                      \
        : "x8", "x9", "x10", "x11", "x12", "x13", "x14", "x15", "x16", "x17", "cc", "memory"); \
    const hr_word b0 = x0;                                                                     \
    const hr_word b1 = x1;                                                                     \
    const hr_word b2 = x2;                                                                     \
    const hr_word b3 = x3;                                                                     \
    const hr_word b4 = x4;                                                                     \
    const hr_word b5 = x5;                                                                     \
    const hr_word b6 = x6;                                                                     \
    const hr_word b7 = x7;                                                                     \
    x[0] = b0;                                                                                 \
    x[1] = b1;                                                                                 \
    x[2] = b2;                                                                                 \
    x[3] = b3;                                                                                 \
    x[4] = b4;                                                                                 \
    x[5] = b5;                                                                                 \
    x[6] = b6;                                                                                 \
    x[7] = b7;                                                                                 \
  }

#ifdef HR_OUT_OF_LINE
/* The registers of one call; all ones in x[0] when it was UNDEFINED. */
static inline void hr_gunyah_issue(hr_word x[8], hr_word immediate) {
  struct hr_registers r = {
      {x[0], x[1], x[2], x[3], x[4], x[5], x[6], x[7], 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}};
  if (hr_issue(&r, immediate) != HR_ISSUE_DONE) {
    x[0] = ~0ul;
    return;
  }
  for (unsigned i = 0; i < 8; ++i) {
    x[i] = r.r[i];
  }
}
static inline void hr_gunyah_identify(hr_word x[8]) {
  hr_gunyah_issue(x, HR_GUNYAH_IMMEDIATE);
}
static inline void hr_gunyah_hvc(hr_word x[8]) {
  hr_gunyah_issue(x, 0);
}
#else
#define HR_GUNYAH_HVC(n) HR_HVC_ASM(HR_GUNYAH_IMMEDIATE + n)
/* Who answers: x[0] by the macros above; x[1] to x[3] flags. */
HR_DEFINE_GUNYAH(hr_gunyah_identify, 0)
#undef HR_GUNYAH_HVC
#define HR_GUNYAH_HVC(n) HR_HVC_ASM(n)
HR_DEFINE_GUNYAH(hr_gunyah_hvc, 0)
#undef HR_GUNYAH_HVC
#endif
#define HR_GUNYAH_HVC(n) HR_HVC_ASM(HR_GUNYAH_IMMEDIATE + n)

/* Hypercall n, chosen at run time, by SMCCC: x[1] to x[7] are arguments, x[0] to x[7] results. From
 * HR_GUNYAH_CALLS on x[0] is all ones, and no call is made: its id is not Gunyah's.
 */
static inline void hr_gunyah_call(hr_word n, hr_word x[8]) {
  if (n >= HR_GUNYAH_CALLS) {
    x[0] = ~0ul;
    return;
  }
  x[0] = HR_GUNYAH_FUNCTION(n);
  hr_gunyah_hvc(x);
}

#endif

#endif /* HR_COMPAT_HR_GUNYAH_H */
