/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * hr_trng.h: entropy of the firmware or the hypervisor, TRNG 1.0 as a caller [arm/den0098], inline,
 * by HVC or SMC. compat/hr_smccc.h says what a conduit is and what holds for every call; it must
 * have found SMCCC 1.1 or later before any of these is made. Ids and errors (HR_TRNG_NO_ENTROPY,
 * ...): abi/smccc.def, abi/smccc_error.def.
 */
#ifndef HR_COMPAT_HR_TRNG_H
#define HR_COMPAT_HR_TRNG_H

#include "compat/hr_smccc.h"

#if defined(__aarch64__) || defined(__arm__)

/* major << 16 | minor, or an error. */
static inline int32_t hr_trng_version(hr_word conduit) {
  return hr_smccc_status(hr_smccc_1_0(conduit, HR_FID(TRNG_VERSION), 0, 0, 0).r[0]);
}

/* 0 or more when that id of the TRNG's is there. */
static inline int32_t hr_trng_features(hr_word conduit, hr_word id) {
  return hr_smccc_status(hr_smccc_1_0(conduit, HR_FID(TRNG_FEATURES), id, 0, 0).r[0]);
}

/* The UUID as it came, r0 first; 0, or NOT_SUPPORTED. */
static inline int32_t hr_trng_get_uuid(hr_word conduit, uint32_t uuid[4]) {
  const struct hr_smccc_result answer = hr_smccc_1_0(conduit, HR_FID(TRNG_GET_UUID), 0, 0, 0);
  unsigned i;
  for (i = 0; i < 4; ++i) {
    uuid[i] = HR_AS_ID(answer.r[i]);
  }
  return hr_smccc_status(answer.r[0]) == HR_TRNG_NOT_SUPPORTED ? HR_TRNG_NOT_SUPPORTED
                                                               : HR_TRNG_SUCCESS;
}

/* Up to 96 bits (rnd64: 192): the lowest in entropy[0]; bits that were not asked for are 0,
 * whatever the resident left there: of a 32-bit function the upper half of a register is not
 * defined [arm/den0028 2.5]. 0, or an error. NO_ENTROPY is worth another try. */
static inline int32_t hr_trng_rnd(hr_word conduit, uint32_t id, hr_word bits, hr_word entropy[3]) {
  const struct hr_smccc_result answer = hr_smccc_1_0(conduit, id, bits, 0, 0);
  const int32_t status = hr_smccc_status(answer.r[0]);
  const hr_word all = 8 * sizeof(hr_word);
  const hr_word width = (id & HR_FID_BIT64) != 0 ? all : 32;
  hr_word left = status == HR_TRNG_SUCCESS ? bits : 0;
  unsigned i;
  for (i = 0; i < 3; ++i) {
    const hr_word here = left < width ? left : width;
    entropy[i] = here == 0 ? 0 : answer.r[3 - i] & ~0ul >> (all - here);
    left -= here;
  }
  return status;
}
static inline int32_t hr_trng_rnd32(hr_word conduit, hr_word bits, hr_word entropy[3]) {
  return hr_trng_rnd(conduit, HR_FID32(TRNG_RND), bits, entropy);
}
#ifdef __aarch64__
static inline int32_t hr_trng_rnd64(hr_word conduit, hr_word bits, hr_word entropy[3]) {
  return hr_trng_rnd(conduit, HR_FID64(TRNG_RND), bits, entropy);
}
#endif

#endif

#endif /* HR_COMPAT_HR_TRNG_H */
