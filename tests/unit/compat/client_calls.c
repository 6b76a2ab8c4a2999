/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Inline clients whose operands come from memory and whose results go there. Compiled with a
 * checker that makes a function call of each access, for client_calls.awk: a name says which
 * registers the call takes (i) and which results are used (o), as sets: bit n is rn (xn). The sets
 * are those of docs/conventions.md and docs/dialects.md, not of the headers.
 */
#include "compat/hr_client.h"

#define USE(inputs, outputs, name)                                       \
  void calls_i##inputs##_o##outputs##_##name(hr_word* in, hr_word* out); \
  void calls_i##inputs##_o##outputs##_##name(hr_word* in, hr_word* out)

USE(03, 01, common_op) {
  *out = hr_common_op(in[0], in[1]);
}
USE(0f, 01, common_soft_restart) {
  *out = hr_common_soft_restart(in[0], in[1], in[2]);
}
USE(0f, 0f, common_query) {
  *out = hr_common_query(out + 1);
  (void)in;
}
USE(0f, 0f, native_query) {
  *out = hr_native_query(out + 1);
  (void)in;
}
USE(0f, 01, smccc_smc_3) {
  *out = hr_smccc_1_0_smc_3(in[0], in[1], in[2], in[3]).r[0];
}
USE(07, 01, jailhouse) {
  *out = hr_jailhouse_call(in[0], in[1], in[2]);
}
USE(1f, 01, xen_call5) {
  *out = hr_xen_call5(in[5], in[0], in[1], in[2], in[3], in[4]);
}
USE(07, 01, xen_console_io) {
  *out = HR_AS_WORD(hr_xen_console_io(in[0], in[1], NULL));
}

#define RESULT ((struct hr_smccc_result*)(void*)out)
USE(01, 0f, smccc_0) {
  *RESULT = hr_smccc_1_1_hvc_0(in[0]);
}
USE(03, 0f, smccc_1) {
  *RESULT = hr_smccc_1_0_smc_1(in[0], in[1]);
}
USE(07, 0f, smccc_2) {
  *RESULT = hr_smccc_1_1_smc_2(in[0], in[1], in[2]);
}
USE(0f, 0f, smccc_3) {
  *RESULT = hr_smccc_1_0_hvc_3(in[0], in[1], in[2], in[3]);
}
USE(1f, 0f, smccc_4) {
  *RESULT = hr_smccc_1_1_hvc_4(in[0], in[1], in[2], in[3], in[4]);
}
USE(3f, 0f, smccc_5) {
  *RESULT = hr_smccc_1_0_smc_5(in[0], in[1], in[2], in[3], in[4], in[5]);
}
USE(7f, 0f, smccc_6) {
  *RESULT = hr_smccc_1_0_hvc_6(in[0], in[1], in[2], in[3], in[4], in[5], in[6]);
}
USE(0f, 01, psci_cpu_on) {
  *out = HR_AS_WORD(hr_psci_cpu_on(HR_CONDUIT_HVC, in[0], in[1], in[2]));
}
USE(0f, 01, trng) {
  *out = HR_AS_WORD(hr_trng_rnd32(HR_CONDUIT_SMC, in[0], out + 1));
}

#ifdef __arm__
USE(03, 01, arm_stub_4_12_set) {
  *out = hr_arm_stub_4_12_set_vectors(in[0]);
}
USE(07, 01, arm_stub_4_12_restart) {
  *out = hr_arm_stub_4_12_soft_restart(in[0], in[1]);
}
USE(0f, 01, arm_kvm_call) {
  *out = hr_arm_kvm_call(in[0], in[1], in[2], in[3]);
}
#else
USE(03, 01, arm64_stub_4_12_set) {
  *out = hr_arm64_stub_4_12_set_vectors(in[0]);
}
USE(1f, 01, arm64_restart) {
  *out = hr_arm64_stub_4_12_soft_restart(in[0], in[1], in[2], in[3]);
}
USE(1f, 01, arm64_4_8_restart) {
  *out = hr_arm64_stub_4_8_soft_restart(in[0], in[1], in[2], in[3]);
}
USE(0f, 01, levand) {
  *out = hr_arm64_levand_v15_call_hyp(in[0], in[1], in[2], in[3]);
}
USE(ff, ff, gunyah_identify) {
  hr_gunyah_identify(out);
  (void)in;
}
USE(ff, ff, gunyah_call) {
  hr_gunyah_call(5, out);
  (void)in;
}
HR_DEFINE_GUNYAH(own_gunyah, 7)
USE(ff, ff, gunyah_own) {
  own_gunyah(out);
  (void)in;
}
USE(0f, 01, hyperv_call) {
  *out = hr_hyperv_call(in[0], in[1], in[2]);
}
USE(ff, 01, hyperv_set) {
  *out = hr_hyperv_set_register(in[0], in[1], in[2]);
}
USE(3f, c1, hyperv_get) {
  *out = hr_hyperv_get_register(in[0], out + 1);
}
#endif
