/* SPDX-License-Identifier: BSD-2-Clause */
/* arm64, for cpu.h. */
#ifndef BOOT_CPU_H
#define BOOT_CPU_H

#define MODE_HYP "EL2"
#define MODE_BELOW "EL1"
#define VECTORS_REGISTER "VBAR_EL2"

/* An Image [linux/Documentation/arm64/booting.rst]. */
#define KERNEL_MAGIC_OFFSET 0x38
#define KERNEL_MAGIC 0x644d5241ul

static inline int runs_at_hyp(void) {
  hr_word level;
  /* volatile: the answer changes with drop(). */
  __asm__ volatile("mrs %0, currentel" : "=r"(level));
  return level == 8;
}

/* Affinity 0 of this CPU. */
static inline hr_word cpu_number(void) {
  hr_word mpidr;
  __asm__("mrs %0, mpidr_el1" : "=r"(mpidr));
  return mpidr & 0xff;
}

/* [soft-restart] */
/* x3 = the kernel. x1 = the tree, x2 = 0: the stub makes them x0 and x1, and x2 = x3 = 0. Returns
 * only if the stub refuses. */
static inline hr_word restart_into(hr_word kernel, hr_word tree) {
  return hr_common_soft_restart(kernel, tree, 0);
}
/* [end] */

#endif
