/* SPDX-License-Identifier: BSD-2-Clause */
/* hr_psci.h: PSCI, on top of the SMC Calling Convention. Environment: compat/hr_client.h. */
#ifndef HR_COMPAT_HR_PSCI_H
#define HR_COMPAT_HR_PSCI_H

#include "compat/hr_smccc.h"

#if defined(__aarch64__) || defined(__arm__)

/* PSCI 0.2 and later. Results: 0 or more for success, -1 .. -9 as an int. */
static inline hr_word hr_psci_version(hr_word conduit) {
  return hr_smccc_call(conduit, HR_PSCI_VERSION, 0, 0, 0);
}
static inline hr_word hr_psci_features(hr_word conduit, hr_word function) {
  return hr_smccc_call(conduit, HR_PSCI_FEATURES, function, 0, 0);
}
static inline hr_word hr_psci_cpu_on(hr_word conduit, hr_word mpidr, hr_word entry,
                                     hr_word context) {
  return hr_smccc_call(conduit, HR_PSCI_CPU_ON, mpidr, entry, context);
}
static inline hr_word hr_psci_affinity_info(hr_word conduit, hr_word mpidr, hr_word level) {
  return hr_smccc_call(conduit, HR_PSCI_AFFINITY_INFO, mpidr, level, 0);
}
/* These return only when they fail. */
static inline hr_word hr_psci_cpu_off(hr_word conduit) {
  return hr_smccc_call(conduit, HR_PSCI_CPU_OFF, 0, 0, 0);
}
static inline hr_word hr_psci_system_off(hr_word conduit) {
  return hr_smccc_call(conduit, HR_PSCI_SYSTEM_OFF, 0, 0, 0);
}
static inline hr_word hr_psci_system_reset(hr_word conduit) {
  return hr_smccc_call(conduit, HR_PSCI_SYSTEM_RESET, 0, 0, 0);
}

#endif

#endif /* HR_COMPAT_HR_PSCI_H */
