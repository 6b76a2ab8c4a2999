/* SPDX-License-Identifier: BSD-2-Clause */
/* Every inline client, used from C and, compiled as such, from C++: for each target in
 * CMakeLists.txt. */
#include "compat/hr_client.h"
#include "compat/hr_shim.h"

hr_word use_all(hr_word a[8]);
hr_word use_all(hr_word a[8]) {
  hr_word sum = hr_common_get_vectors() + hr_native_get_vectors();
  sum += hr_common_set_vectors(a[0]) + hr_native_set_vectors(a[0]);
  sum += hr_common_soft_restart(a[0], a[1], a[2]) + hr_native_soft_restart(a[0], a[1], a[2]);
  sum += hr_common_reset_vectors() + hr_native_reset_vectors();
  sum += hr_common_op(HR_OP_LOCK, a[0]) + hr_native_op(HR_OP_SET_PERSONALITY, a[0]);
  sum += hr_common_query(a) + hr_native_query(a);
  sum += hr_xen_hypercall(HR_XEN_VERSION, a[0], a[1], a[2], a[3], a[4]);
  sum += hr_jailhouse_call(a[0], a[1], a[2]);
  uint32_t bitmap[4];
  struct hr_kvm_guest_clock clock;
  const struct hr_kvm_guest_stolen_time stolen = {0, 0, 0};
  sum += hr_kvm_guest_is_there() != 0 && hr_kvm_guest_features(bitmap) == 0 &&
         hr_kvm_guest_has(bitmap, HR_KVM_GUEST_PTP) &&
         hr_kvm_guest_ptp(HR_KVM_GUEST_COUNTER_VIRTUAL, &clock) == 0 &&
         hr_kvm_guest_stolen(&stolen) != 0;
  sum += hr_psci_version(HR_CONDUIT_SMC) + hr_psci_features(HR_CONDUIT_HVC, a[0]);
  sum += hr_psci_cpu_on(HR_CONDUIT_SMC, a[0], a[1], a[2]);
  sum += hr_psci_affinity_info(HR_CONDUIT_SMC, a[0], a[1]);
  sum += hr_psci_cpu_off(HR_CONDUIT_SMC) + hr_psci_system_off(HR_CONDUIT_SMC);
  sum += hr_psci_system_reset(HR_CONDUIT_SMC);
#ifdef __arm__
  sum += hr_arm_stub_3_7_get_vectors() + hr_arm_kvm_call(a[0], a[1], a[2], a[3]);
  hr_arm_stub_3_7_set_vectors(a[0]);
  sum += hr_arm_stub_4_12_set_vectors(a[0]) + hr_arm_stub_4_12_soft_restart(a[0], a[1]);
  sum += hr_arm_stub_4_12_reset_vectors();
  sum += hr_arm_rmk_2017_get_vectors() + hr_arm_rmk_2017_set_vectors(a[0]);
  sum += hr_arm_rmk_2017_call(a[0], a[1], a[2]);
#else
  sum += hr_arm64_stub_3_8_get_vectors() + hr_arm64_stub_4_7_get_vectors();
  hr_arm64_stub_3_8_set_vectors(a[0]);
  hr_arm64_stub_4_7_set_vectors(a[0]);
  sum += hr_arm64_stub_4_8_soft_restart(a[0], a[1], a[2], a[3]);
  sum += hr_arm64_stub_4_12_set_vectors(a[0]) + hr_arm64_stub_4_12_reset_vectors();
  sum += hr_arm64_stub_4_12_soft_restart(a[0], a[1], a[2], a[3]);
  sum += hr_arm64_kvm_get_vectors() + hr_arm64_kvm_call(a[0], a[1], a[2], a[3]);
  sum += hr_arm64_levand_get_vectors() + hr_arm64_levand_call(a[0], a[1], a[2], a[3]);
  hr_arm64_levand_set_vectors(a[0]);
  sum += hr_kvm_guest_pv_time_features(HR_KVM_GUEST_TIME_STOLEN) == 0;
  sum += hr_kvm_guest_pv_time_stolen();
  hr_gunyah_identify(a);
  sum += hr_hyperv_call(a[0], a[1], a[2]) + hr_hyperv_set_register(a[0], a[1], a[2]);
  sum += hr_hyperv_get_register(a[0], a);
#endif
  return sum + hr_shim_reset_vectors[0] + hr_issue_undefined[0] + hr_issue_landed[0];
}
