/* SPDX-License-Identifier: BSD-2-Clause */
/* Names everything that the installed headers promise: it links or it does not. C11 and C++20. */
#ifdef HR_STUB_FULL /* once for each form */
#define HR_OUT_OF_LINE
#endif
#include <compat/hr_client.h>
#include <compat/hr_server.h>
#include <compat/hr_shim.h>
#include <stub/hr_stub.h>
#ifdef __cplusplus
extern "C" {
#endif

/* Rows that no enumerator is made of. */
#define HR_CALL(name, index, ...) +index
#define HR_COLLISION(...) +1
int rows(void);
int rows(void) {
  return 0
#include <abi/call.def>
      ;
}

const void* const addresses[] = {hr_stub_vectors,   hr_stub_vectors_end,   hr_issue_undefined,
                                 hr_issue_landed,   hr_shim_reset_vectors, hr_server_vectors,
                                 hr_server_foreign, hr_server_undefined,   hr_server_stub};

int use_all(hr_word word);
int use_all(hr_word word) {
  hr_word answer[3];
  struct hr_registers registers = {{word, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}};
  int sum = hr_stub_install() + hr_stub_install_at(addresses[word & 3]);
  sum += hr_stub_install_personality(hr_stub_vectors, HR_PERSONALITY_COMMON) + HR_STUB_ALIGNMENT;
  sum += (int)hr_issue(&registers, HR_HVC_IMMEDIATE) +
         (int)hr_smccc_call(word, &registers, &registers);
  sum += (int)hr_common_query(answer) + (int)hr_native_soft_restart(word, 0, 0);
  sum += (int)hr_privcmd_call(HR_XEN_VERSION, 0, 0, 0, 0, 0) + hr_schedop_yield() +
         hr_xenver_version();
  sum += (int)hr_xen_hypercall(HR_XEN_VERSION, 0, 0, 0, 0, 0) + (int)hr_psci_version(word);
#ifdef __arm__
  sum += (int)hr_arm_stub_3_7_get_vectors() + (int)hr_arm_kvm_call(word, 1, 2, 3);
#else
  sum += (int)hr_arm64_stub_4_7_get_vectors() + (int)hr_arm64_kvm_call(word, 1, 2, 3);
#endif
  struct hr_server_table table = {NULL, NULL, 0, 0x10000, {1, 2, 3, 4}, {0, 0}};
  const struct hr_server server = {hr_server_answer, &table, 0};
  sum += (int)hr_server_install(&server, &registers) + hr_is_function_id(word);
  hr_server_answer(&table, &registers);
  sum += (int)hr_server_argument(&registers, 1);
  return sum + rows();
}

/* What a compiler may call in freestanding code. */
void* memset(void* to, int value, size_t size);
void* memset(void* to, int value, size_t size) {
  volatile unsigned char* byte = (volatile unsigned char*)to;
  while (size-- != 0) {
    *byte++ = (unsigned char)value;
  }
  return to;
}
#ifdef __cplusplus
}
#endif
