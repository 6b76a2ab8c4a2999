/* SPDX-License-Identifier: BSD-2-Clause */
/* hr_hyperv.h: hypercalls of Hyper-V, by SMCCC. arm64. Environment: compat/hr_client.h. */
#ifndef HR_COMPAT_HR_HYPERV_H
#define HR_COMPAT_HR_HYPERV_H

#include "compat/hr_call.h"

#if defined(__aarch64__)

/* Hyper-V: hypercalls are one SMCCC function; reading a register gives its result in x6 and x7,
 * which only SMCCC 1.2 has. Status: the low 16 bits of the result, 0 for success. */
#define HR_HYPERV_SELF_PARTITION (~0ul)
static inline hr_word hr_hyperv_call(hr_word control, hr_word input, hr_word output) {
  struct hr_registers r = {
      {HR_HYPERV_FUNCTION, control, input, output, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}};
  return hr_issue(&r, 0) == HR_ISSUE_DONE ? r.r[0] : ~0ul;
}
static inline hr_word hr_hyperv_set_register(hr_word name, hr_word low, hr_word high) {
  struct hr_registers r = {{HR_HYPERV_FUNCTION,
                            HR_HYPERV_SET_REGISTERS | HR_HYPERV_FAST | HR_HYPERV_ONE_REPETITION,
                            HR_HYPERV_SELF_PARTITION, HR_HYPERV_SELF_PROCESSOR, name, 0, low, high,
                            0, 0, 0, 0, 0, 0, 0, 0, 0, 0}};
  return hr_issue(&r, 0) == HR_ISSUE_DONE ? r.r[0] : ~0ul;
}
static inline hr_word hr_hyperv_get_register(hr_word name, hr_word value[2]) {
  struct hr_registers r = {{HR_HYPERV_FUNCTION,
                            HR_HYPERV_GET_REGISTERS | HR_HYPERV_FAST | HR_HYPERV_ONE_REPETITION,
                            HR_HYPERV_SELF_PARTITION, HR_HYPERV_SELF_PROCESSOR, name, 0, 0, 0, 0, 0,
                            0, 0, 0, 0, 0, 0, 0, 0}};
  if (hr_issue(&r, 0) != HR_ISSUE_DONE) {
    return ~0ul;
  }
  value[0] = r.r[6];
  value[1] = r.r[7];
  return r.r[0];
}

#endif

#endif /* HR_COMPAT_HR_HYPERV_H */
