/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The inline clients for arm64. Included by compat/hr_client.h, which says what holds for all of
 * them. Each asm names what its dialect really destroys; flags always come back, because the
 * resident returns with ERET. Where a resident is C code behind the HVC, that is what the procedure
 * call standard lets C destroy: x0 to x18, and x30 where the resident does not save it.
 */
#ifndef HR_COMPAT_ARM64_CLIENT_H
#define HR_COMPAT_ARM64_CLIENT_H

#define HR_CLOBBERS_X4_X17 \
  "x4", "x5", "x6", "x7", "x8", "x9", "x10", "x11", "x12", "x13", "x14", "x15", "x16", "x17"

/*
 * The common ABI (abi/op.def), twice: hr_common_* by hvc #0, hr_native_* by the dedicated
 * immediate, which answers under every personality. Nothing but the result registers changes.
 *   get_vectors    the vectors, or all ones from a resident that knows no such call
 *   set_vectors    0, or all ones when the address is misaligned (or the stub is locked)
 *   soft_restart   function runs at EL2 with x0 = a1, x1 = a2, x2 = x3 = 0.
 *                  Returns all ones when the stub refuses, otherwise not at all.
 *   reset_vectors  0, or all ones
 *   op             LOCK or SET_PERSONALITY with its argument: 0, or all ones
 *   query          HR_QUERY_MAGIC when the common ABI answers; version, features, personality
 */
#define HR_DEFINE_COMMON(prefix, immediate)                                                        \
  static inline hr_word prefix##_get_vectors(void) {                                               \
    register hr_word r0 __asm__("x0") = HR_OP_GET_VECTORS;                                         \
    __asm__ volatile(HR_HVC_ASM(immediate) : "+r"(r0) : : "memory");                               \
    return r0;                                                                                     \
  }                                                                                                \
  static inline hr_word prefix##_set_vectors(hr_word vectors) {                                    \
    register hr_word r0 __asm__("x0") = HR_OP_SET_VECTORS;                                         \
    register hr_word r1 __asm__("x1") = vectors;                                                   \
    __asm__ volatile(HR_HVC_ASM(immediate) : "+r"(r0) : "r"(r1) : "memory");                       \
    return r0 == HR_OP_SET_VECTORS ? 0 : r0;                                                       \
  }                                                                                                \
  static inline hr_word prefix##_soft_restart(hr_word function, hr_word a1, hr_word a2) {          \
    register hr_word r0 __asm__("x0") = HR_OP_SOFT_RESTART;                                        \
    register hr_word r1 __asm__("x1") = a1;                                                        \
    register hr_word r2 __asm__("x2") = a2;                                                        \
    register hr_word r3 __asm__("x3") = function;                                                  \
    __asm__ volatile(HR_HVC_ASM(immediate) : "+r"(r0) : "r"(r1), "r"(r2), "r"(r3) : "memory");     \
    return r0;                                                                                     \
  }                                                                                                \
  static inline hr_word prefix##_reset_vectors(void) {                                             \
    register hr_word r0 __asm__("x0") = HR_OP_RESET_VECTORS;                                       \
    __asm__ volatile(HR_HVC_ASM(immediate) : "+r"(r0) : : "memory");                               \
    return r0 == HR_OP_RESET_VECTORS ? 0 : r0;                                                     \
  }                                                                                                \
  static inline hr_word prefix##_op(hr_word op, hr_word argument) {                                \
    register hr_word r0 __asm__("x0") = op;                                                        \
    register hr_word r1 __asm__("x1") = argument;                                                  \
    __asm__ volatile(HR_HVC_ASM(immediate) : "+r"(r0) : "r"(r1) : "memory");                       \
    return r0 == op ? 0 : r0;                                                                      \
  }                                                                                                \
  static inline hr_word prefix##_query(hr_word answer[3]) {                                        \
    register hr_word r0 __asm__("x0") = HR_OP_QUERY;                                               \
    register hr_word r1 __asm__("x1") = 0;                                                         \
    register hr_word r2 __asm__("x2") = 0;                                                         \
    register hr_word r3 __asm__("x3") = 0;                                                         \
    __asm__ volatile(HR_HVC_ASM(immediate) : "+r"(r0), "+r"(r1), "+r"(r2), "+r"(r3) : : "memory"); \
    answer[0] = r1;                                                                                \
    answer[1] = r2;                                                                                \
    answer[2] = r3;                                                                                \
    return r0;                                                                                     \
  }
HR_DEFINE_COMMON(hr_common, 0)
HR_DEFINE_COMMON(hr_native, HR_HVC_IMMEDIATE)

/* arm64-stub-3.8: the vectors, and setting them (2 KiB aligned, no error possible). Loses x1. */
static inline hr_word hr_arm64_stub_3_8_get_vectors(void) {
  register hr_word x0 __asm__("x0") = 0;
  __asm__ volatile(HR_HVC_ASM(0) : "+r"(x0) : : "x1", "memory");
  return x0;
}
static inline void hr_arm64_stub_3_8_set_vectors(hr_word vectors) {
  register hr_word x0 __asm__("x0") = vectors;
  __asm__ volatile(HR_HVC_ASM(0) : "+r"(x0) : : "x1", "memory");
}

/* arm64-stub-4.7, arm64-stub-4.8: these lose x30. 2 is their answer to what they do not know. */
static inline hr_word hr_arm64_stub_4_7_get_vectors(void) {
  register hr_word x0 __asm__("x0") = 0;
  __asm__ volatile(HR_HVC_ASM(0) : "+r"(x0) : : "x30", "memory");
  return x0;
}
static inline void hr_arm64_stub_4_7_set_vectors(hr_word vectors) {
  register hr_word x0 __asm__("x0") = 1;
  register hr_word x1 __asm__("x1") = vectors;
  __asm__ volatile(HR_HVC_ASM(0) : "+r"(x0) : "r"(x1) : "x30", "memory");
}
/* arm64-stub-4.8 only, a 4.7 answers 2: the function runs at EL2 with x0 = a0, x1 = a1, x2 = a2. */
static inline hr_word hr_arm64_stub_4_8_soft_restart(hr_word function, hr_word a0, hr_word a1,
                                                     hr_word a2) {
  register hr_word x0 __asm__("x0") = 2;
  register hr_word x1 __asm__("x1") = function;
  register hr_word x2 __asm__("x2") = a0;
  register hr_word x3 __asm__("x3") = a1;
  register hr_word x4 __asm__("x4") = a2;
  __asm__ volatile(HR_HVC_ASM(0) : "+r"(x0) : "r"(x1), "r"(x2), "r"(x3), "r"(x4) : "x30", "memory");
  return x0;
}

/* arm64-stub-4.12 and later, arm64-kvm-4.12 and later: 0, or HR_LINUX_STUB_ERROR. The contract lets
 * the resident destroy x0 to x18 [linux/Documentation/virt/kvm/arm/hyp-abi.rst]. */
static inline hr_word hr_arm64_linux_call(hr_word op, hr_word a1, hr_word a2, hr_word a3,
                                          hr_word a4) {
  register hr_word x0 __asm__("x0") = op;
  register hr_word x1 __asm__("x1") = a1;
  register hr_word x2 __asm__("x2") = a2;
  register hr_word x3 __asm__("x3") = a3;
  register hr_word x4 __asm__("x4") = a4;
  __asm__ volatile(HR_HVC_ASM(0)
                   : "+r"(x0), "+r"(x1), "+r"(x2), "+r"(x3), "+r"(x4)
                   :
                   : "x5", "x6", "x7", "x8", "x9", "x10", "x11", "x12", "x13", "x14", "x15", "x16",
                     "x17", "x18", "cc", "memory");
  return x0;
}
static inline hr_word hr_arm64_stub_4_12_set_vectors(hr_word vectors) {
  return hr_arm64_linux_call(0, vectors, 0, 0, 0);
}
/* The function runs at EL2 with x0 = a0, x1 = a1, x2 = a2; through a KVM of 4.12 to 5.7 x0 is 0. */
static inline hr_word hr_arm64_stub_4_12_soft_restart(hr_word function, hr_word a0, hr_word a1,
                                                      hr_word a2) {
  return hr_arm64_linux_call(1, function, a0, a1, a2);
}
static inline hr_word hr_arm64_stub_4_12_reset_vectors(void) {
  return hr_arm64_linux_call(2, 0, 0, 0, 0);
}

/* arm64-kvm-3.14, arm64-kvm-4.7: the virtual address at EL2 of KVM's vectors. */
static inline hr_word hr_arm64_kvm_get_vectors(void) {
  register hr_word x0 __asm__("x0") = 0;
  __asm__ volatile(HR_HVC_ASM(0) : "+r"(x0) : : "x30", "memory");
  return x0;
}
/* arm64-kvm-3.11 up to arm64-kvm-4.12: calls a function by its kernel address, which the resident
 * turns into its own, with three words. */
static inline hr_word hr_arm64_kvm_call(hr_word function, hr_word a1, hr_word a2, hr_word a3) {
  register hr_word x0 __asm__("x0") = function;
  register hr_word x1 __asm__("x1") = a1;
  register hr_word x2 __asm__("x2") = a2;
  register hr_word x3 __asm__("x3") = a3;
  __asm__ volatile(HR_HVC_ASM(0)
                   : "+r"(x0), "+r"(x1), "+r"(x2), "+r"(x3)
                   :
                   : HR_CLOBBERS_X4_X17, "x18", "x30", "cc", "memory");
  return x0;
}

/* arm64-levand-early: immediates 1, 2 and 3. Loses x9 and x10. */
static inline hr_word hr_arm64_levand_get_vectors(void) {
  register hr_word x0 __asm__("x0") = 0;
  __asm__ volatile(HR_HVC_ASM(1) : "+r"(x0) : : "x9", "x10", "memory");
  return x0;
}
static inline void hr_arm64_levand_set_vectors(hr_word vectors) {
  register hr_word x0 __asm__("x0") = vectors;
  __asm__ volatile(HR_HVC_ASM(2) : "+r"(x0) : : "x9", "x10", "memory");
}
static inline hr_word hr_arm64_levand_call(hr_word function, hr_word a1, hr_word a2, hr_word a3) {
  register hr_word x0 __asm__("x0") = function;
  register hr_word x1 __asm__("x1") = a1;
  register hr_word x2 __asm__("x2") = a2;
  register hr_word x3 __asm__("x3") = a3;
  __asm__ volatile(HR_HVC_ASM(3)
                   : "+r"(x0), "+r"(x1), "+r"(x2), "+r"(x3)
                   :
                   : HR_CLOBBERS_X4_X17, "x18", "x30", "cc", "memory");
  return x0;
}

/* Xen: a hypercall with up to five arguments. Debug builds of Xen overwrite x16 and the arguments,
 * so all of them are lost. */
static inline hr_word hr_xen_hypercall(hr_word number, hr_word a0, hr_word a1, hr_word a2,
                                       hr_word a3, hr_word a4) {
  register hr_word x0 __asm__("x0") = a0;
  register hr_word x1 __asm__("x1") = a1;
  register hr_word x2 __asm__("x2") = a2;
  register hr_word x3 __asm__("x3") = a3;
  register hr_word x4 __asm__("x4") = a4;
  register hr_word x16 __asm__("x16") = number;
  __asm__ volatile(HR_HVC_ASM(HR_XEN_IMMEDIATE)
                   : "+r"(x0), "+r"(x1), "+r"(x2), "+r"(x3), "+r"(x4), "+r"(x16)
                   :
                   : "cc", "memory");
  return x0;
}

/* Jailhouse: loses x3 besides. */
static inline hr_word hr_jailhouse_call(hr_word code, hr_word a1, hr_word a2) {
  register hr_word x0 __asm__("x0") = code;
  register hr_word x1 __asm__("x1") = a1;
  register hr_word x2 __asm__("x2") = a2;
  __asm__ volatile(HR_HVC_ASM(HR_JAILHOUSE_IMMEDIATE)
                   : "+r"(x0)
                   : "r"(x1), "r"(x2)
                   : "x3", "memory");
  return x0;
}

/* Gunyah: hypercall n, a literal below 0x200: x[0] to x[7] are arguments and results, x8 to x17 are
 * lost. HR_DEFINE_GUNYAH(my_call, 0) defines void my_call(hr_word x[8]). */
#define HR_DEFINE_GUNYAH(name, n)                                                              \
  static inline void name(hr_word x[8]) {                                                      \
    register hr_word x0 __asm__("x0") = x[0];                                                  \
    register hr_word x1 __asm__("x1") = x[1];                                                  \
    register hr_word x2 __asm__("x2") = x[2];                                                  \
    register hr_word x3 __asm__("x3") = x[3];                                                  \
    register hr_word x4 __asm__("x4") = x[4];                                                  \
    register hr_word x5 __asm__("x5") = x[5];                                                  \
    register hr_word x6 __asm__("x6") = x[6];                                                  \
    register hr_word x7 __asm__("x7") = x[7];                                                  \
    __asm__ volatile(                                                                          \
        HR_HVC_ASM(HR_GUNYAH_IMMEDIATE + n)                                                    \
        : "+r"(x0), "+r"(x1), "+r"(x2), "+r"(x3), "+r"(x4), "+r"(x5), "+r"(x6), "+r"(x7)       \
        :                                                                                      \
        : "x8", "x9", "x10", "x11", "x12", "x13", "x14", "x15", "x16", "x17", "cc", "memory"); \
    x[0] = x0;                                                                                 \
    x[1] = x1;                                                                                 \
    x[2] = x2;                                                                                 \
    x[3] = x3;                                                                                 \
    x[4] = x4;                                                                                 \
    x[5] = x5;                                                                                 \
    x[6] = x6;                                                                                 \
    x[7] = x7;                                                                                 \
  }
HR_DEFINE_GUNYAH(hr_gunyah_identify, 0)

/* Hyper-V: hypercalls are one SMCCC function; reading a register gives its result in x6 and x7,
 * which only SMCCC 1.2 has. Status: the low 16 bits of the result, 0 for success. */
#define HR_HYPERV_FUNCTION 0x46000001ul
#define HR_HYPERV_FAST 0x10000ul
#define HR_HYPERV_ONE_REPETITION 0x100000000ul
#define HR_HYPERV_GET_REGISTERS 0x50ul
#define HR_HYPERV_SET_REGISTERS 0x51ul
#define HR_HYPERV_SELF_PARTITION (~0ul)
#define HR_HYPERV_SELF_PROCESSOR 0xfffffffeul
static inline hr_word hr_hyperv_call(hr_word control, hr_word input, hr_word output) {
  struct hr_registers r = {
      {HR_HYPERV_FUNCTION, control, input, output, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}};
  return hr_issue(&r, 0) == HR_ISSUE_DONE ? r.r[0] : ~0ul;
}
static inline hr_word hr_hyperv_set_register(hr_word name, hr_word low, hr_word high) {
  struct hr_registers r = {{HR_HYPERV_FUNCTION,
                            HR_HYPERV_SET_REGISTERS | HR_HYPERV_FAST | HR_HYPERV_ONE_REPETITION,
                            HR_HYPERV_SELF_PARTITION, HR_HYPERV_SELF_PROCESSOR, name, 0, low, high,
                            0, 0, 0, 0, 0, 0, 0, 0, 0, 0}};
  return hr_issue(&r, 0) == HR_ISSUE_DONE ? r.r[0] : ~0ul;
}
static inline hr_word hr_hyperv_get_register(hr_word name, hr_word value[2]) {
  struct hr_registers r = {{HR_HYPERV_FUNCTION,
                            HR_HYPERV_GET_REGISTERS | HR_HYPERV_FAST | HR_HYPERV_ONE_REPETITION,
                            HR_HYPERV_SELF_PARTITION, HR_HYPERV_SELF_PROCESSOR, name, 0, 0, 0, 0, 0,
                            0, 0, 0, 0, 0, 0, 0, 0}};
  if (hr_issue(&r, 0) != HR_ISSUE_DONE) {
    return ~0ul;
  }
  value[0] = r.r[6];
  value[1] = r.r[7];
  return r.r[0];
}

#endif /* HR_COMPAT_ARM64_CLIENT_H */
