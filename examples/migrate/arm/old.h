/* SPDX-License-Identifier: BSD-2-Clause */
/* arm: the callers of those years, as they were written. */
#ifndef OLD_H
#define OLD_H

#include <stdint.h>

#define OLD_GENERATION "Linux 3.7 to 4.11"
#define BRIDGE_OF_STUB HR_PERSONALITY_BRIDGE_STUB
#define BRIDGE_OF_CALLS HR_PERSONALITY_BRIDGE_KVM

/* [old-client] */
static inline uint32_t old_get_vectors(void) {
  register uint32_t r0 __asm__("r0") = 0xffffffff; /* -1 gets */
  __asm__ volatile(".arch_extension virt\n\thvc #0" : "+r"(r0) : : "memory");
  return r0;
}
static inline void old_set_vectors(uint32_t vectors) {
  register uint32_t r0 __asm__("r0") = vectors; /* all else sets */
  __asm__ volatile(".arch_extension virt\n\thvc #0" : "+r"(r0) : : "memory");
}
/* [end] */

/* [old-call] */
/* r0 = the function, r1 to r3 its arguments; what comes back is its r0. */
static inline uint32_t old_call(uint32_t function, uint32_t a, uint32_t b, uint32_t c) {
  register uint32_t r0 __asm__("r0") = function;
  register uint32_t r1 __asm__("r1") = a;
  register uint32_t r2 __asm__("r2") = b;
  register uint32_t r3 __asm__("r3") = c;
  __asm__ volatile(".arch_extension virt\n\thvc #0"
                   : "+r"(r0), "+r"(r1), "+r"(r2), "+r"(r3)
                   :
                   : "r12", "cc", "memory");
  return r0;
}
/* [end] */

#endif
