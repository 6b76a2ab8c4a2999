/* SPDX-License-Identifier: BSD-2-Clause */
/* HR_HVC_ASM in a C compiler's own output, one per published immediate, between marks. */
#include "compat/hr_hvc.h"

void _start(void);
void _start(void) {
  __asm__ volatile(HR_HVC_ASM(0));
  __asm__ volatile(HR_HVC_ASM(0xea1));
  __asm__ volatile(HR_HVC_ASM(0x4a48));
  __asm__ volatile(HR_HVC_ASM(0x6000));
  __asm__ volatile(HR_HVC_ASM(0x4852));
}
