/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * hr_levand.h: arm64's calls that are told apart by the immediate of HVC, as Geoff Levand's kexec
 * series had them until its v15 of March 2016 [kexec list, "[PATCH v15 03/20] arm64: Convert hcalls
 * to use HVC immediate value"]. They were not merged; RHELSA 3.19.0-0.69 and later has them. arm64,
 * either endianness. Environment: compat/hr_client.h.
 *
 * The early trees: 1 get, 2 set, 3 call; read in a tree. v15 has names for its immediates, whose
 * values nobody of this project has read: 0 and 3 are from memory, 1 and 2 are the early trees'.
 * UNVERIFIED: no probe and no relay makes a v15 call.
 *
 * With HR_OUT_OF_LINE defined before the include, calls go through hr_issue() of the client library
 * instead of being made in place.
 */
#ifndef HR_COMPAT_HR_LEVAND_H
#define HR_COMPAT_HR_LEVAND_H

#include "compat/hr_call.h"

#if defined(__aarch64__)

#ifdef HR_OUT_OF_LINE
#define HR_LEVAND_CALL(immediate, lost)                                                 \
  struct hr_registers r = {{a0, a1, a2, a3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}}; \
  return hr_issue(&r, immediate) == HR_ISSUE_DONE ? r.r[0] : ~0ul;
#else
/* What is lost ends in a comma. */
#define HR_LEVAND_CALL(immediate, lost)                     \
  register hr_word x0 __asm__("x0") = a0;                   \
  register hr_word x1 __asm__("x1") = a1;                   \
  register hr_word x2 __asm__("x2") = a2;                   \
  register hr_word x3 __asm__("x3") = a3;                   \
  __asm__ volatile(HR_HVC_ASM(immediate)                    \
                   : "+r"(x0), "+r"(x1), "+r"(x2), "+r"(x3) \
                   :                                        \
                   : lost "cc", "memory");                  \
  return x0;
#endif
/* Of the early trees; of C, and of a function that was called through. */
#define HR_LEVAND_LOST_EARLY HR_CLOBBERS_NINTH
#define HR_LEVAND_LOST_C \
  "x4", "x5", "x6", "x7", "x8", "x9", "x10", "x11", "x12", "x13", "x14", "x15", "x16", "x17", "x18",
#define HR_LEVAND_LOST_LINK HR_LEVAND_LOST_C "x30",

#define HR_LEVAND_DEFINE(name, immediate, lost)                                \
  static inline hr_word name(hr_word a0, hr_word a1, hr_word a2, hr_word a3) { \
    HR_LEVAND_CALL(immediate, HR_LEVAND_LOST_##lost)                           \
  }
HR_LEVAND_DEFINE(hr_levand_early_get, HR_LEVAND_GET_VECTORS, EARLY)
HR_LEVAND_DEFINE(hr_levand_early_set, HR_LEVAND_SET_VECTORS, EARLY)
HR_LEVAND_DEFINE(hr_levand_early_call, HR_LEVAND_CALL_FUNC, LINK)
HR_LEVAND_DEFINE(hr_levand_v15_get, HR_LEVAND_GET_VECTORS, C)
HR_LEVAND_DEFINE(hr_levand_v15_set, HR_LEVAND_SET_VECTORS, C)
HR_LEVAND_DEFINE(hr_levand_v15_call, HR_LEVAND_CALL_FUNC, LINK)
HR_LEVAND_DEFINE(hr_levand_v15_hyp, HR_LEVAND_CALL_HYP, LINK)

/* arm64-levand-early: the vectors; set to a physical address, 2 KiB aligned, no error possible; and
 * a function of KVM's, with three words. Loses x9 and x10; a call what C loses, and x30. */
static inline hr_word hr_arm64_levand_get_vectors(void) {
  HR_LOSES(ARM64_LEVAND_EARLY, NINTH);
  return hr_levand_early_get(0, 0, 0, 0);
}
static inline void hr_arm64_levand_set_vectors(hr_word vectors) {
  (void)hr_levand_early_set(vectors, 0, 0, 0);
}
static inline hr_word hr_arm64_levand_call(hr_word function, hr_word a1, hr_word a2, hr_word a3) {
  return hr_levand_early_call(function, a1, a2, a3);
}

/* arm64-levand-v15: HVC_GET_VECTORS, HVC_SET_VECTORS; HVC_CALL_HYP: a function of KVM's by its
 * kernel address; HVC_CALL_FUNC: one by its physical address, at EL2 with its MMU off, which keeps
 * x18. */
static inline hr_word hr_arm64_levand_v15_get_vectors(void) {
  HR_LOSES(ARM64_LEVAND_V15, C);
  return hr_levand_v15_get(0, 0, 0, 0);
}
static inline void hr_arm64_levand_v15_set_vectors(hr_word vectors) {
  (void)hr_levand_v15_set(vectors, 0, 0, 0);
}
static inline hr_word hr_arm64_levand_v15_call_hyp(hr_word function, hr_word a1, hr_word a2,
                                                   hr_word a3) {
  return hr_levand_v15_hyp(function, a1, a2, a3);
}
static inline hr_word hr_arm64_levand_v15_call_func(hr_word function, hr_word a1, hr_word a2,
                                                    hr_word a3) {
  return hr_levand_v15_call(function, a1, a2, a3);
}

#endif

#endif /* HR_COMPAT_HR_LEVAND_H */
