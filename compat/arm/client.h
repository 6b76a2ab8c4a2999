/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The inline clients for the dialects of arm (A32 and T32). Included by compat/hr_client.h, which
 * says what holds for all of them. Where a resident is C code behind the HVC, what it destroys is
 * what the procedure call standard lets C destroy: r0 to r3, r12.
 */
#ifndef HR_COMPAT_ARM_CLIENT_H
#define HR_COMPAT_ARM_CLIENT_H

/* Beside r0 to r3. */
#define HR_CLOBBERS_CALL "r12",

HR_DEFINE_COMMON(hr_common, 0)
HR_DEFINE_COMMON(hr_native, HR_HVC_IMMEDIATE)

/* arm-stub-3.7, arm-kvm-3.14, arm-kvm-4.8: the vectors. The stub gives a physical address, KVM the
 * virtual one of its own translation at HYP. arm-kvm-3.9 would jump to 0xffffffff. */
HR_DEFINE_GET(hr_arm_stub_3_7_get_vectors, ARM_STUB_3_7, 0, NOTHING)
/* arm-stub-3.7: sets the vectors, which must be 32-byte aligned; no error is possible. A KVM would
 * call the address. */
HR_DEFINE_SET_R0(hr_arm_stub_3_7_set_vectors, ARM_STUB_3_7, 0, NOTHING)

/* All four arm-kvm: calls a function, by its virtual address at HYP, with three words. Its
 * arguments arrive one register lower than they are passed here: see compat/hyp_call.hpp for 64-bit
 * ones. */
HR_DEFINE_CALL(hr_arm_kvm_call, 0)

/* arm-stub-4.12: 0, or HR_LINUX_STUB_ERROR. The contract of 4.12 and later lets the resident
 * destroy r0 to r3 and r12 [linux/Documentation/virt/kvm/arm/hyp-abi.rst]. */
static inline hr_word hr_arm_linux_call(hr_word op, hr_word argument) {
  HR_LOSES(ARM_STUB_4_12, C);
  register hr_word r0 __asm__("r0") = op;
  register hr_word r1 __asm__("r1") = argument;
  __asm__ volatile(HR_HVC_ASM(0)
                   : "+r"(r0), "+r"(r1)
                   :
                   : "r2", "r3", HR_CLOBBERS_CALL "cc", "memory");
  return r0;
}
static inline hr_word hr_arm_stub_4_12_set_vectors(hr_word vectors) {
  return hr_arm_linux_call(HR_ARM_STUB_4_12_SET_VECTORS, vectors);
}
/* arm-stub-4.12, arm-kvm-4.12: takes KVM down; 0. */
static inline hr_word hr_arm_stub_4_12_reset_vectors(void) {
  register hr_word r0 __asm__("r0") = HR_ARM_STUB_4_12_RESET_VECTORS;
  __asm__ volatile(HR_HVC_ASM(0) : "+r"(r0) : : "r1", "r2", "r3", HR_CLOBBERS_CALL "cc", "memory");
  return r0;
}
/* arm-stub-4.12, arm-stub-5.7, arm-kvm-4.12: the function runs at HYP with its MMU off and r2 as
 * given; r0 and r1 are the resident's. Bit 0 set for Thumb; a KVM does not look at it and stays in
 * the instruction set of its own kernel. Returns only when nobody understood. */
static inline hr_word hr_arm_stub_4_12_soft_restart(hr_word function, hr_word a2) {
  register hr_word r0 __asm__("r0") = HR_ARM_STUB_4_12_SOFT_RESTART;
  register hr_word r1 __asm__("r1") = function;
  register hr_word r2 __asm__("r2") = a2;
  __asm__ volatile(HR_HVC_ASM(0)
                   : "+r"(r0), "+r"(r1), "+r"(r2)
                   :
                   : "r3", HR_CLOBBERS_CALL "cc", "memory");
  return r0;
}

/* arm-rmk-2017: the common ABI's ancestor has its numbers, without alignment check and reset. */
HR_STATIC_ASSERT(HR_ARM_RMK_2017_GET_VECTORS + 0 == HR_OP_GET_VECTORS + 0, "arm-rmk-2017");
static inline hr_word hr_arm_rmk_2017_get_vectors(void) {
  return hr_common_get_vectors();
}
static inline hr_word hr_arm_rmk_2017_set_vectors(hr_word vectors) {
  return hr_common_set_vectors(vectors);
}
static inline hr_word hr_arm_rmk_2017_call(hr_word function, hr_word a1, hr_word a2) {
  return hr_common_soft_restart(function, a1, a2);
}

#endif /* HR_COMPAT_ARM_CLIENT_H */
