/* SPDX-License-Identifier: BSD-2-Clause */
/* The caller's side of a runtime that serves numbered functions at HYP/EL2. */
#ifndef RUNTIME_H
#define RUNTIME_H

#include "immediates.h"

#include <compat/hr_client.h>

/* [new-call] */
/* Numbers instead of addresses: nothing below HYP/EL2 says where to jump. */
enum { RUNTIME_SUM, RUNTIME_VECTORS };

#ifdef __aarch64__
#define RUNTIME_REGISTER(n) "x" #n
#define RUNTIME_CLOBBERS \
  "x4", "x5", "x6", "x7", "x8", "x9", "x10", "x11", "x12", "x13", "x14", "x15", "x16", "x17"
#else
#define RUNTIME_REGISTER(n) "r" #n
#define RUNTIME_CLOBBERS "r12"
#endif

static inline hr_word runtime_call(hr_word number, hr_word a, hr_word b, hr_word c) {
  register hr_word r0 __asm__(RUNTIME_REGISTER(0)) = number;
  register hr_word r1 __asm__(RUNTIME_REGISTER(1)) = a;
  register hr_word r2 __asm__(RUNTIME_REGISTER(2)) = b;
  register hr_word r3 __asm__(RUNTIME_REGISTER(3)) = c;
  __asm__ volatile(HR_HVC_ASM(RUNTIME_IMMEDIATE)
                   : "+r"(r0), "+r"(r1), "+r"(r2), "+r"(r3)
                   :
                   : RUNTIME_CLOBBERS, "cc", "memory");
  return r0;
}
/* [end] */

#endif
