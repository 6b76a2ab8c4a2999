/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The inline clients for arm (A32 and T32). Included by compat/hr_client.h, which says what holds
 * for all of them. Each asm names what its dialect really destroys; flags always come back, because
 * the resident returns with ERET. Where a resident is C code behind the HVC, that is what the
 * procedure call standard lets C destroy: r0 to r3, r12.
 */
#ifndef HR_COMPAT_ARM_CLIENT_H
#define HR_COMPAT_ARM_CLIENT_H

/*
 * The common ABI (abi/op.def), twice: hr_common_* by hvc #0, hr_native_* by the dedicated
 * immediate, which answers under every personality. Nothing but the result registers changes.
 *   get_vectors    the vectors, or all ones from a resident that knows no such call
 *   set_vectors    0, or all ones when the address is misaligned (or the stub is locked)
 *   soft_restart   function runs at HYP, bit 0 set for Thumb, with r0 = 0, r1 = a1, r2 = a2.
 *                  Returns all ones when the stub refuses, otherwise not at all.
 *   reset_vectors  0, or all ones
 *   op             LOCK or SET_PERSONALITY with its argument: 0, or all ones
 *   query          HR_QUERY_MAGIC when the common ABI answers; version, features, personality
 */
#define HR_DEFINE_COMMON(prefix, immediate)                                                        \
  static inline hr_word prefix##_get_vectors(void) {                                               \
    register hr_word r0 __asm__("r0") = HR_OP_GET_VECTORS;                                         \
    __asm__ volatile(HR_HVC_ASM(immediate) : "+r"(r0) : : "memory");                               \
    return r0;                                                                                     \
  }                                                                                                \
  static inline hr_word prefix##_set_vectors(hr_word vectors) {                                    \
    register hr_word r0 __asm__("r0") = HR_OP_SET_VECTORS;                                         \
    register hr_word r1 __asm__("r1") = vectors;                                                   \
    __asm__ volatile(HR_HVC_ASM(immediate) : "+r"(r0) : "r"(r1) : "memory");                       \
    return r0 == HR_OP_SET_VECTORS ? 0 : r0;                                                       \
  }                                                                                                \
  static inline hr_word prefix##_soft_restart(hr_word function, hr_word a1, hr_word a2) {          \
    register hr_word r0 __asm__("r0") = HR_OP_SOFT_RESTART;                                        \
    register hr_word r1 __asm__("r1") = a1;                                                        \
    register hr_word r2 __asm__("r2") = a2;                                                        \
    register hr_word r3 __asm__("r3") = function;                                                  \
    __asm__ volatile(HR_HVC_ASM(immediate) : "+r"(r0) : "r"(r1), "r"(r2), "r"(r3) : "memory");     \
    return r0;                                                                                     \
  }                                                                                                \
  static inline hr_word prefix##_reset_vectors(void) {                                             \
    register hr_word r0 __asm__("r0") = HR_OP_RESET_VECTORS;                                       \
    __asm__ volatile(HR_HVC_ASM(immediate) : "+r"(r0) : : "memory");                               \
    return r0 == HR_OP_RESET_VECTORS ? 0 : r0;                                                     \
  }                                                                                                \
  static inline hr_word prefix##_op(hr_word op, hr_word argument) {                                \
    register hr_word r0 __asm__("r0") = op;                                                        \
    register hr_word r1 __asm__("r1") = argument;                                                  \
    __asm__ volatile(HR_HVC_ASM(immediate) : "+r"(r0) : "r"(r1) : "memory");                       \
    return r0 == op ? 0 : r0;                                                                      \
  }                                                                                                \
  static inline hr_word prefix##_query(hr_word answer[3]) {                                        \
    register hr_word r0 __asm__("r0") = HR_OP_QUERY;                                               \
    register hr_word r1 __asm__("r1") = 0;                                                         \
    register hr_word r2 __asm__("r2") = 0;                                                         \
    register hr_word r3 __asm__("r3") = 0;                                                         \
    __asm__ volatile(HR_HVC_ASM(immediate) : "+r"(r0), "+r"(r1), "+r"(r2), "+r"(r3) : : "memory"); \
    answer[0] = r1;                                                                                \
    answer[1] = r2;                                                                                \
    answer[2] = r3;                                                                                \
    return r0;                                                                                     \
  }
HR_DEFINE_COMMON(hr_common, 0)
HR_DEFINE_COMMON(hr_native, HR_HVC_IMMEDIATE)

/* arm-stub-3.7, arm-kvm-3.14, arm-kvm-4.8: the vectors. The stub gives a physical address, KVM the
 * virtual one of its own translation at HYP. arm-kvm-3.9 would jump to 0xffffffff. */
static inline hr_word hr_arm_stub_3_7_get_vectors(void) {
  register hr_word r0 __asm__("r0") = ~0ul;
  __asm__ volatile(HR_HVC_ASM(0) : "+r"(r0) : : "memory");
  return r0;
}
/* arm-stub-3.7: sets the vectors, which must be 32-byte aligned; no error is possible. A KVM would
 * call the address. */
static inline void hr_arm_stub_3_7_set_vectors(hr_word vectors) {
  register hr_word r0 __asm__("r0") = vectors;
  __asm__ volatile(HR_HVC_ASM(0) : "+r"(r0) : : "memory");
}

/* All four arm-kvm: calls a function, by its virtual address at HYP, with three words. Its
 * arguments arrive one register lower than they are passed here: see compat/hyp_call.hpp for 64-bit
 * ones. */
static inline hr_word hr_arm_kvm_call(hr_word function, hr_word a1, hr_word a2, hr_word a3) {
  register hr_word r0 __asm__("r0") = function;
  register hr_word r1 __asm__("r1") = a1;
  register hr_word r2 __asm__("r2") = a2;
  register hr_word r3 __asm__("r3") = a3;
  __asm__ volatile(HR_HVC_ASM(0)
                   : "+r"(r0), "+r"(r1), "+r"(r2), "+r"(r3)
                   :
                   : "r12", "cc", "memory");
  return r0;
}

/* arm-stub-4.12: 0, or HR_LINUX_STUB_ERROR. The contract of 4.12 and later lets the resident
 * destroy r0 to r3 and r12 [linux/Documentation/virt/kvm/arm/hyp-abi.rst]. */
static inline hr_word hr_arm_linux_call(hr_word op, hr_word argument) {
  register hr_word r0 __asm__("r0") = op;
  register hr_word r1 __asm__("r1") = argument;
  __asm__ volatile(HR_HVC_ASM(0) : "+r"(r0), "+r"(r1) : : "r2", "r3", "r12", "cc", "memory");
  return r0;
}
static inline hr_word hr_arm_stub_4_12_set_vectors(hr_word vectors) {
  return hr_arm_linux_call(0, vectors);
}
/* arm-stub-4.12, arm-kvm-4.12: takes KVM down; 0. */
static inline hr_word hr_arm_stub_4_12_reset_vectors(void) {
  return hr_arm_linux_call(2, 0);
}
/* arm-stub-4.12, arm-stub-5.7, arm-kvm-4.12: the function runs at HYP with its MMU off and r2 as
 * given; r0 and r1 are the resident's. Bit 0 set for Thumb; a KVM does not look at it and stays in
 * the instruction set of its own kernel. Returns only when nobody understood. */
static inline hr_word hr_arm_stub_4_12_soft_restart(hr_word function, hr_word a2) {
  register hr_word r0 __asm__("r0") = 1;
  register hr_word r1 __asm__("r1") = function;
  register hr_word r2 __asm__("r2") = a2;
  __asm__ volatile(HR_HVC_ASM(0) : "+r"(r0), "+r"(r1), "+r"(r2) : : "r3", "r12", "cc", "memory");
  return r0;
}

/* arm-rmk-2017: the common ABI's ancestor has its numbers, without alignment check and reset. */
static inline hr_word hr_arm_rmk_2017_get_vectors(void) {
  return hr_common_get_vectors();
}
static inline hr_word hr_arm_rmk_2017_set_vectors(hr_word vectors) {
  return hr_common_set_vectors(vectors);
}
static inline hr_word hr_arm_rmk_2017_call(hr_word function, hr_word a1, hr_word a2) {
  return hr_common_soft_restart(function, a1, a2);
}

/* Xen: a hypercall with up to five arguments. Debug builds of Xen overwrite r12 and the arguments,
 * so all of them are lost. r12 is loaded last: a linker veneer may use it on the way. */
static inline hr_word hr_xen_hypercall(hr_word number, hr_word a0, hr_word a1, hr_word a2,
                                       hr_word a3, hr_word a4) {
  register hr_word r0 __asm__("r0") = a0;
  register hr_word r1 __asm__("r1") = a1;
  register hr_word r2 __asm__("r2") = a2;
  register hr_word r3 __asm__("r3") = a3;
  register hr_word r4 __asm__("r4") = a4;
  register hr_word r12 __asm__("r12") = number;
  __asm__ volatile(HR_HVC_ASM(HR_XEN_IMMEDIATE)
                   : "+r"(r0), "+r"(r1), "+r"(r2), "+r"(r3), "+r"(r4), "+r"(r12)
                   :
                   : "cc", "memory");
  return r0;
}

/* Jailhouse: loses r3 besides. */
static inline hr_word hr_jailhouse_call(hr_word code, hr_word a1, hr_word a2) {
  register hr_word r0 __asm__("r0") = code;
  register hr_word r1 __asm__("r1") = a1;
  register hr_word r2 __asm__("r2") = a2;
  __asm__ volatile(HR_HVC_ASM(HR_JAILHOUSE_IMMEDIATE)
                   : "+r"(r0)
                   : "r"(r1), "r"(r2)
                   : "r3", "memory");
  return r0;
}

#endif /* HR_COMPAT_ARM_CLIENT_H */
