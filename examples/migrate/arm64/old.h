/* SPDX-License-Identifier: BSD-2-Clause */
/* arm64: the callers of those years, as they were written. */
#ifndef OLD_H
#define OLD_H

#include <stdint.h>

#define OLD_GENERATION "Linux 3.8 to 4.6"
#define BRIDGE_OF_STUB HR_PERSONALITY_LINUX_3_8
#define BRIDGE_OF_CALLS HR_PERSONALITY_LEVAND

/* [old-client] */
static inline uint64_t old_get_vectors(void) {
  register uint64_t x0 __asm__("x0") = 0; /* 0 gets */
  __asm__ volatile("hvc #0" : "+r"(x0) : : "x1", "memory");
  return x0;
}
static inline void old_set_vectors(uint64_t vectors) {
  register uint64_t x0 __asm__("x0") = vectors; /* all else sets */
  __asm__ volatile("hvc #0" : "+r"(x0) : : "x1", "memory");
}
/* [end] */

/* [old-call] */
/* CALL_HYP: x0 = the function, x1 to x3 its arguments; what comes back is its x0. */
static inline uint64_t old_call(uint64_t function, uint64_t a, uint64_t b, uint64_t c) {
  register uint64_t x0 __asm__("x0") = function;
  register uint64_t x1 __asm__("x1") = a;
  register uint64_t x2 __asm__("x2") = b;
  register uint64_t x3 __asm__("x3") = c;
  __asm__ volatile("hvc #0"
                   : "+r"(x0), "+r"(x1), "+r"(x2), "+r"(x3)
                   :
                   : "x4", "x5", "x6", "x7", "x8", "x9", "x10", "x11", "x12", "x13", "x14", "x15",
                     "x16", "x17", "x18", "x30", "cc", "memory");
  return x0;
}
/* [end] */

#endif
