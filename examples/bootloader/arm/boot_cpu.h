/* SPDX-License-Identifier: BSD-2-Clause */
/* arm, for cpu.h. */
#ifndef BOOT_CPU_H
#define BOOT_CPU_H

#define MODE_HYP "HYP"
#define MODE_BELOW "SVC"
#define VECTORS_REGISTER "HVBAR"

/* A zImage [linux/Documentation/arm/booting.rst]. */
#define KERNEL_MAGIC_OFFSET 0x24
#define KERNEL_MAGIC 0x016f2818ul

static inline int runs_at_hyp(void) {
  unsigned cpsr;
  /* volatile: the answer changes with drop(). */
  __asm__ volatile("mrs %0, cpsr" : "=r"(cpsr));
  return (cpsr & 0x1f) == 0x1a;
}

/* Affinity 0 of this CPU: MPIDR. */
static inline hr_word cpu_number(void) {
  hr_word mpidr;
  __asm__("mrc p15, 0, %0, c0, c0, 5" : "=r"(mpidr));
  return mpidr & 0xff;
}

/* [soft-restart] */
/* r3 = the kernel, an even address: it starts in ARM state. r1 = no machine number, r2 = the tree;
 * the stub makes r0 = 0. Returns only if the stub refuses. */
static inline hr_word restart_into(hr_word kernel, hr_word tree) {
  return hr_common_soft_restart(kernel, ~0ul, tree);
}
/* [end] */

#endif
