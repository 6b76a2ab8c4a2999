/* SPDX-License-Identifier: BSD-2-Clause */
/* Every inline client, used from C and, compiled as such, from C++: for each target in
 * CMakeLists.txt. */
#include "compat/hr_client.h"
#include "compat/hr_server.h"
#include "compat/hr_shim.h"

static void use_smccc(hr_word a[8]) {
  struct hr_registers all = {{a[0], a[1], 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}};
  struct hr_smccc_found found;
  uint32_t words[4];
  a[0] += hr_smccc_call(a[0], &all, &all) + hr_smccc_qualcomm_call(&all, &all);
  a[0] += hr_smccc_1_0_hvc_0(a[0]).r[0] + hr_smccc_1_1_smc_0(a[0]).r[1];
  a[0] += hr_smccc_1_0_smc_1(a[0], a[1]).r[2] + hr_smccc_1_1_hvc_1(a[0], a[1]).r[3];
  a[0] += hr_smccc_1_0_smc_2(a[0], a[1], a[2]).r[2] + hr_smccc_1_1_hvc_2(a[0], a[1], a[2]).r[3];
  a[0] += hr_smccc_1_1_hvc_3(a[0], a[1], a[2], a[3]).r[0];
  a[0] += hr_smccc_1_0_smc_4(a[0], a[1], a[2], a[3], a[4]).r[0];
  a[0] += hr_smccc_1_1_smc_4(a[0], a[1], a[2], a[3], a[4]).r[0];
  a[0] += hr_smccc_1_0_hvc_5(a[0], a[1], a[2], a[3], a[4], a[5]).r[0];
  a[0] += hr_smccc_1_1_hvc_5(a[0], a[1], a[2], a[3], a[4], a[5]).r[0];
  a[0] += hr_smccc_1_0_hvc_6(a[0], a[1], a[2], a[3], a[4], a[5], a[6]).r[0];
  a[0] += hr_smccc_1_1_smc_6(a[0], a[1], a[2], a[3], a[4], a[5], a[6]).r[0];
  a[0] += hr_smccc_discover(a[0], HR_PSCI_0_2, &found);
  a[0] += hr_smccc_without_hint(HR_FID32(PSCI_CPU_ON) | HR_SMCCC_NO_SVE);
  a[0] += hr_smccc_uid(a[0], HR_FID(VENDOR_HYPERVISOR_UID), words) == HR_UID_KVM;
  a[0] += hr_smccc_revision(a[0], HR_FID(VENDOR_HYPERVISOR_REVISION), words) == HR_SMCCC_SUCCESS;
  a[0] += hr_smccc_soc_id(a[0], HR_SMCCC_SOC_REVISION) == HR_SMCCC_NOT_SUPPORTED;
  a[0] += hr_trng_version(a[0]) > 0 && hr_trng_features(a[0], HR_FID(TRNG_RND)) == 0;
  a[0] += hr_trng_get_uuid(a[0], words) == HR_TRNG_SUCCESS;
  a[0] += hr_trng_rnd32(a[0], 96, a) == HR_TRNG_NO_ENTROPY;
#ifdef __aarch64__
  a[0] += hr_trng_rnd64(a[0], 192, a) == HR_TRNG_NO_ENTROPY;
#endif
}

static void use_psci(hr_word a[8]) {
  const struct hr_psci_0_1 ids = {1, 2, 3, 4};
  int32_t any = hr_psci_version(HR_CONDUIT_SMC) | hr_psci_features(HR_CONDUIT_HVC, a[0]);
  any |= hr_psci_cpu_suspend(a[0], HR_PSCI_POWER_DOWN, a[1], a[2]) | hr_psci_cpu_off(a[0]);
  any |= hr_psci_cpu_on(a[0], a[1], a[2], a[3]) | hr_psci_affinity_info(a[0], a[1], 0);
  any |= hr_psci_migrate(a[0], a[1]) | hr_psci_migrate_info_type(a[0]);
  any |= hr_psci_system_off(a[0]) | hr_psci_system_reset(a[0]) | hr_psci_cpu_freeze(a[0]);
  any |= hr_psci_cpu_default_suspend(a[0], a[1], a[2]) | hr_psci_node_hw_state(a[0], a[1], 0);
  any |= hr_psci_system_suspend(a[0], a[1], a[2]);
  any |= hr_psci_set_suspend_mode(a[0], HR_PSCI_MODE_OS) | hr_psci_mem_protect(a[0], 1);
  any |= hr_psci_system_reset2(a[0], HR_PSCI_RESET2_WARM, 0);
  any |= hr_psci_mem_protect_check_range(a[0], a[1], a[2]);
  any |= hr_psci_0_1_cpu_suspend(a[0], &ids, a[1], a[2]) | hr_psci_0_1_cpu_off(a[0], &ids, a[1]);
  any |= hr_psci_0_1_cpu_on(a[0], &ids, a[1], a[2]) | hr_psci_0_1_migrate(a[0], &ids, a[1]);
  a[0] += any == HR_PSCI_DENIED;
  a[0] += hr_psci_migrate_info_up_cpu(a[0]) + hr_psci_stat_residency(a[0], a[1], a[2]);
  a[0] += hr_psci_stat_count(a[0], a[1], a[2]);
}

#define HR_XEN_CALL(...)
#define HR_XEN_VALUE(...)
#define HR_XEN_COMMAND(shape, call, name, value, function, type) HR_USE_##shape(function)
#define HR_USE_NOTHING(function) sum += function();
#define HR_USE_POINTER(function) sum += function(NULL);
#define HR_USE_ARRAY(function) sum += function(NULL, a[0]);
#define HR_USE_VCPU(function) sum += function(a[0], NULL);
static hr_word use_xen(const hr_word a[8]) {
  long sum = 0;
#include "abi/xen.def"
  sum += hr_consoleio_write("", 1) + hr_consoleio_read(NULL, 1) + hr_xen_multicall(NULL, 1);
  return HR_AS_WORD(sum) + hr_xen_call0(a[0]) + hr_xen_call1(a[0], a[1]) +
         hr_xen_call2(a[0], a[1], a[2]) + hr_xen_call3(a[0], a[1], a[2], a[3]) +
         hr_xen_call4(a[0], a[1], a[2], a[3], a[4]) + hr_privcmd_call(1, 2, 3, 4, 5, 6);
}

hr_word use_all(hr_word a[8]);
hr_word use_all(hr_word a[8]) {
  hr_word sum = hr_common_get_vectors() + hr_native_get_vectors();
  sum += hr_common_set_vectors(a[0]) + hr_native_set_vectors(a[0]);
  sum += hr_common_soft_restart(a[0], a[1], a[2]) + hr_native_soft_restart(a[0], a[1], a[2]);
  sum += hr_common_reset_vectors() + hr_native_reset_vectors();
  sum += hr_common_op(HR_OP_LOCK, a[0]) + hr_native_op(HR_OP_SET_PERSONALITY, a[0]);
  sum += hr_common_query(a) + hr_native_query(a);
  sum += hr_is_function_id(a[0]) != 0;
  sum += hr_xen_hypercall(HR_XEN_VERSION, a[0], a[1], a[2], a[3], a[4]);
  sum += use_xen(a);
  sum += hr_jailhouse_call(a[0], a[1], a[2]) + hr_jailhouse_disable();
  sum += hr_jailhouse_cell_create(a[0]) + hr_jailhouse_cell_start(a[0]);
  sum += hr_jailhouse_cell_set_loadable(a[0]) + hr_jailhouse_cell_destroy(a[0]);
  sum += hr_jailhouse_cell_get_state(a[0]) + hr_jailhouse_cpu_get_info(a[0], a[1]);
  sum += hr_jailhouse_hypervisor_get_info(a[0]) + hr_jailhouse_debug_console_putc('x');
  uint32_t bitmap[4];
  struct hr_kvm_guest_clock clock;
  const struct hr_kvm_guest_stolen_time stolen = {0, 0, 0};
  sum += hr_kvm_guest_is_there() != 0 && hr_kvm_guest_features(bitmap) == 0 &&
         hr_kvm_guest_has(bitmap, HR_KVM_GUEST_PTP) &&
         hr_kvm_guest_ptp(HR_KVM_GUEST_COUNTER_VIRTUAL, &clock) == 0 &&
         hr_kvm_guest_stolen(&stolen) != 0;
  use_smccc(a);
  use_psci(a);
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
  hr_gunyah_call(a[0], a);
  sum += hr_hyperv_call(a[0], a[1], a[2]) + hr_hyperv_set_register(a[0], a[1], a[2]);
  sum += hr_hyperv_get_register(a[0], a);
  struct hr_hyperv_facts facts;
  sum += hr_hyperv_begin(HR_HYPERV_GUEST_ID(HR_HYPERV_SYSTEM_LINUX, 0x60100, 0), &facts);
  sum += hr_hyperv_fast8(a[0], a[1]) + hr_hyperv_fast16(a[0], a[1], a[2]);
  sum += hr_hyperv_repeat(a[0], a[1], a[2], a[3]) + hr_hyperv_report_panic(1, 2, 3, 4);
  sum += hr_hyperv_report_message(a[0], a[1]) + hr_hyperv_teardown() + hr_hyperv_teardown_cpu();
  sum += hr_arm64_levand_v15_get_vectors() + hr_arm64_levand_v15_call_hyp(a[0], 1, 2, 3);
  hr_arm64_levand_v15_set_vectors(a[0]);
  sum += hr_arm64_levand_v15_call_func(a[0], 1, 2, 3);
#endif
  return sum + hr_shim_reset_vectors[0] + hr_issue_undefined[0] + hr_issue_landed[0];
}
