/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * hr_jailhouse.h: hypercalls of Jailhouse, by hvc #0x4a48 ("JH"). C11 or C++; A32, T32, A64; either
 * endianness. Environment: compat/hr_client.h.
 *
 * Numbers: abi/jailhouse.def. Result: 0 or more, or a negative errno (-38 ENOSYS for an unknown
 * code, -1 EPERM for a call that is the root cell's alone). r3 (x3) is lost, everything else comes
 * back [jailhouse/include/arch/arm/asm/jailhouse_hypercall.h]. Any other immediate, 0 too, parks
 * the CPU for good: PSCI and SMCCC go by SMC there.
 *
 * With HR_OUT_OF_LINE defined before the include, calls go through hr_issue() of the client library
 * instead of being made in place.
 */
#ifndef HR_COMPAT_HR_JAILHOUSE_H
#define HR_COMPAT_HR_JAILHOUSE_H

#include "compat/hr_call.h"

enum {
#define HR_JAILHOUSE_CALL(name, code, ...) HR_JAILHOUSE_##name = code,
#include "abi/jailhouse.def"
#define HR_JAILHOUSE_INFO(name, value, text) HR_JAILHOUSE_INFO_##name = value,
#include "abi/jailhouse.def"
#define HR_JAILHOUSE_CPU_INFO(name, value, text) HR_JAILHOUSE_CPU_INFO_##name = value,
#include "abi/jailhouse.def"
#define HR_JAILHOUSE_CPU_STATE(name, value, text) HR_JAILHOUSE_CPU_##name = value,
#include "abi/jailhouse.def"
#define HR_JAILHOUSE_CELL_STATE(name, value, text) HR_JAILHOUSE_CELL_##name = value,
#include "abi/jailhouse.def"
};
HR_STATIC_ASSERT(HR_JAILHOUSE_HYPERVISOR_GET_INFO == HR_JAILHOUSE_GET_INFO, "the probe's call");

/* Whether a result is a negative errno. */
#define HR_JAILHOUSE_FAILED(result) ((result) > ~4095ul)

#if defined(__aarch64__) || defined(__arm__)

static inline hr_word hr_jailhouse_call(hr_word code, hr_word a1, hr_word a2) {
#ifdef HR_OUT_OF_LINE
  struct hr_registers r = {{code, a1, a2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}};
  return hr_issue(&r, HR_JAILHOUSE_IMMEDIATE) == HR_ISSUE_DONE ? r.r[0] : ~0ul;
#else
  HR_LOSES(JAILHOUSE, FOURTH);
  register hr_word r0 __asm__(HR_REGISTER(0)) = code;
  register hr_word r1 __asm__(HR_REGISTER(1)) = a1;
  register hr_word r2 __asm__(HR_REGISTER(2)) = a2;
  __asm__ volatile(HR_HVC_ASM(HR_JAILHOUSE_IMMEDIATE)
                   : "+r"(r0)
                   : "r"(r1), "r"(r2)
                   : HR_CLOBBERS_FOURTH "cc", "memory");
  return r0;
#endif
}

/* Gives HYP/EL2 back to the stub that the root cell's Linux had before. Every CPU of the root cell
 * makes this call; it comes back, without Jailhouse, when all have. */
static inline hr_word hr_jailhouse_disable(void) {
  return hr_jailhouse_call(HR_JAILHOUSE_DISABLE, 0, 0);
}
/* configuration: physical address of a struct jailhouse_cell_desc. The id of the cell. */
static inline hr_word hr_jailhouse_cell_create(hr_word configuration) {
  return hr_jailhouse_call(HR_JAILHOUSE_CELL_CREATE, configuration, 0);
}
static inline hr_word hr_jailhouse_cell_start(hr_word cell) {
  return hr_jailhouse_call(HR_JAILHOUSE_CELL_START, cell, 0);
}
/* Stops the cell, and lets the root cell write its memory. */
static inline hr_word hr_jailhouse_cell_set_loadable(hr_word cell) {
  return hr_jailhouse_call(HR_JAILHOUSE_CELL_SET_LOADABLE, cell, 0);
}
static inline hr_word hr_jailhouse_cell_destroy(hr_word cell) {
  return hr_jailhouse_call(HR_JAILHOUSE_CELL_DESTROY, cell, 0);
}
/* info: HR_JAILHOUSE_INFO_*. */
static inline hr_word hr_jailhouse_hypervisor_get_info(hr_word info) {
  return hr_jailhouse_call(HR_JAILHOUSE_HYPERVISOR_GET_INFO, info, 0);
}
/* HR_JAILHOUSE_CELL_RUNNING and the others. */
static inline hr_word hr_jailhouse_cell_get_state(hr_word cell) {
  return hr_jailhouse_call(HR_JAILHOUSE_CELL_GET_STATE, cell, 0);
}
/* info: HR_JAILHOUSE_CPU_INFO_STATE (answers HR_JAILHOUSE_CPU_RUNNING or _FAILED), or
 * _STATISTICS and above (a count, modulo 2^31). */
static inline hr_word hr_jailhouse_cpu_get_info(hr_word cpu, hr_word info) {
  return hr_jailhouse_call(HR_JAILHOUSE_CPU_GET_INFO, cpu, info);
}
static inline hr_word hr_jailhouse_debug_console_putc(char letter) {
  return hr_jailhouse_call(HR_JAILHOUSE_DEBUG_CONSOLE_PUTC, HR_AS_WORD(letter) & 0xff, 0);
}

#endif

#endif /* HR_COMPAT_HR_JAILHOUSE_H */
