/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One function around each inline client that cost.sh measures: its arguments come as the procedure
 * call standard has them, so that what is left beside the return is what the call costs where it
 * stands.
 */
#include "compat/hr_client.h"

int inline_xen_version(hr_word command, void* argument);
int inline_xen_console_io(hr_word command, hr_word count, char* text);
int inline_xen_multicall(struct hr_multicall_entry* calls, hr_word count);
hr_word inline_smccc_1_1_hvc(hr_word id, hr_word a1, hr_word a2, hr_word a3);
hr_word inline_smccc_1_0_hvc(hr_word id, hr_word a1, hr_word a2, hr_word a3);
hr_word inline_set_vectors(hr_word vectors);
hr_word inline_reset_vectors(void);

int inline_xen_version(hr_word command, void* argument) {
  return hr_xen_version(command, argument);
}
int inline_xen_console_io(hr_word command, hr_word count, char* text) {
  return hr_xen_console_io(command, count, text);
}
int inline_xen_multicall(struct hr_multicall_entry* calls, hr_word count) {
  return hr_xen_multicall(calls, count);
}
/* 1.0 loses more on arm64, which shows only where the caller keeps something there. */
hr_word inline_smccc_1_1_hvc(hr_word id, hr_word a1, hr_word a2, hr_word a3) {
  return hr_smccc_1_1_hvc_3(id, a1, a2, a3).r[0];
}
hr_word inline_smccc_1_0_hvc(hr_word id, hr_word a1, hr_word a2, hr_word a3) {
  return hr_smccc_1_0_hvc_3(id, a1, a2, a3).r[0];
}
#ifdef __aarch64__
hr_word inline_hyperv_call(hr_word control, hr_word input, hr_word output);
hr_word inline_hyperv_call(hr_word control, hr_word input, hr_word output) {
  return hr_hyperv_call(control, input, output);
}
hr_word inline_hyperv_fast8(hr_word code, hr_word input);
hr_word inline_hyperv_fast8(hr_word code, hr_word input) {
  return hr_hyperv_fast8(code, input);
}
hr_word inline_hyperv_set_register(hr_word name, hr_word low, hr_word high);
hr_word inline_hyperv_set_register(hr_word name, hr_word low, hr_word high) {
  return hr_hyperv_set_register(name, low, high);
}
hr_word inline_hyperv_get_register(hr_word name, hr_word value[2]);
hr_word inline_hyperv_get_register(hr_word name, hr_word value[2]) {
  return hr_hyperv_get_register(name, value);
}
hr_word inline_set_vectors(hr_word vectors) {
  return hr_arm64_stub_4_12_set_vectors(vectors);
}
hr_word inline_reset_vectors(void) {
  return hr_arm64_stub_4_12_reset_vectors();
}
#else
hr_word inline_set_vectors(hr_word vectors) {
  return hr_arm_stub_4_12_set_vectors(vectors);
}
hr_word inline_reset_vectors(void) {
  return hr_arm_stub_4_12_reset_vectors();
}
#endif
