/* SPDX-License-Identifier: BSD-2-Clause */
/* hr_smccc.h: the SMC Calling Convention, by HVC or SMC. Environment: compat/hr_client.h. */
#ifndef HR_COMPAT_HR_SMCCC_H
#define HR_COMPAT_HR_SMCCC_H

#include "compat/hr_call.h"

#if defined(__aarch64__) || defined(__arm__)

/* SMC Calling Convention by HVC or SMC: conduit is HR_CONDUIT_SMC or HR_CONDUIT_HVC. 1.2 and later:
 * all of r[1] up to r[7] (x17) are arguments and results. */
static inline hr_word hr_smccc_1_2(hr_word conduit, struct hr_registers* registers) {
  return conduit == HR_CONDUIT_SMC ? hr_issue_smc(registers) : hr_issue(registers, 0);
}

/* 1.0 and 1.1 through the same door, for calls with up to three arguments and one result. */
static inline hr_word hr_smccc_call(hr_word conduit, hr_word function, hr_word a1, hr_word a2,
                                    hr_word a3) {
  struct hr_registers registers = {
      {function, a1, a2, a3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}};
  return hr_smccc_1_2(conduit, &registers) == HR_ISSUE_DONE ? registers.r[0] : ~0ul;
}

#endif

#endif /* HR_COMPAT_HR_SMCCC_H */
