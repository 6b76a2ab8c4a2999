/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The inline clients for the dialects of arm64. Included by compat/hr_client.h, which says what
 * holds for all of them. Where a resident is C code behind the HVC, what it destroys is what the
 * procedure call standard lets C destroy: x0 to x18, and x30 where the resident does not save it.
 */
#ifndef HR_COMPAT_ARM64_CLIENT_H
#define HR_COMPAT_ARM64_CLIENT_H

/* x30, which 4.7 to 4.11 lose; what C destroys beside x0 to x4; a called function beside x0 to x3;
 * and a KVM beside x0. */
#define HR_CLOBBERS_LINK "x30",
#define HR_CLOBBERS_C \
  "x5", "x6", "x7", "x8", "x9", "x10", "x11", "x12", "x13", "x14", "x15", "x16", "x17", "x18",
#define HR_CLOBBERS_CALL "x4", HR_CLOBBERS_C HR_CLOBBERS_LINK
#define HR_CLOBBERS_C_LINK "x1", "x2", "x3", HR_CLOBBERS_CALL

HR_DEFINE_COMMON(hr_common, 0)
HR_DEFINE_COMMON(hr_native, HR_HVC_IMMEDIATE)

/* arm64-stub-3.8: the vectors, and setting them (2 KiB aligned, no error possible). Loses x1. */
HR_DEFINE_GET(hr_arm64_stub_3_8_get_vectors, ARM64_STUB_3_8, 0, SECOND)
HR_DEFINE_SET_R0(hr_arm64_stub_3_8_set_vectors, ARM64_STUB_3_8, 0, SECOND)

/* arm64-stub-4.7, arm64-stub-4.8: these lose x30. 2 is their answer to what they do not know. */
HR_DEFINE_GET(hr_arm64_stub_4_7_get_vectors, ARM64_STUB_4_7, 0, LINK)
static inline void hr_arm64_stub_4_7_set_vectors(hr_word vectors) {
  HR_LOSES(ARM64_STUB_4_7, LINK);
  register hr_word x0 __asm__("x0") = HR_ARM64_STUB_4_7_SET_VECTORS;
  register hr_word x1 __asm__("x1") = vectors;
  __asm__ volatile(HR_HVC_ASM(0) : "+r"(x0) : "r"(x1) : HR_CLOBBERS_LINK "memory");
}
/* arm64-stub-4.8 only, a 4.7 answers 2: the function runs at EL2 with x0 = a0, x1 = a1, x2 = a2. */
static inline hr_word hr_arm64_stub_4_8_soft_restart(hr_word function, hr_word a0, hr_word a1,
                                                     hr_word a2) {
  HR_LOSES(ARM64_STUB_4_8, LINK);
  register hr_word x0 __asm__("x0") = HR_ARM64_STUB_4_8_SOFT_RESTART;
  register hr_word x1 __asm__("x1") = function;
  register hr_word x2 __asm__("x2") = a0;
  register hr_word x3 __asm__("x3") = a1;
  register hr_word x4 __asm__("x4") = a2;
  __asm__ volatile(HR_HVC_ASM(0)
                   : "+r"(x0)
                   : "r"(x1), "r"(x2), "r"(x3), "r"(x4)
                   : HR_CLOBBERS_LINK "memory");
  return x0;
}

/* arm64-stub-4.12 and later, arm64-kvm-4.12 and later: 0, or HR_LINUX_STUB_ERROR. The contract lets
 * the resident destroy x0 to x18 [linux/Documentation/virt/kvm/arm/hyp-abi.rst]. */
static inline hr_word hr_arm64_linux_call(hr_word op, hr_word a1, hr_word a2, hr_word a3,
                                          hr_word a4) {
  HR_LOSES(ARM64_STUB_4_12, C);
  register hr_word x0 __asm__("x0") = op;
  register hr_word x1 __asm__("x1") = a1;
  register hr_word x2 __asm__("x2") = a2;
  register hr_word x3 __asm__("x3") = a3;
  register hr_word x4 __asm__("x4") = a4;
  __asm__ volatile(HR_HVC_ASM(0)
                   : "+r"(x0), "+r"(x1), "+r"(x2), "+r"(x3), "+r"(x4)
                   :
                   : HR_CLOBBERS_C "cc", "memory");
  return x0;
}
static inline hr_word hr_arm64_stub_4_12_set_vectors(hr_word vectors) {
  register hr_word x0 __asm__("x0") = HR_ARM64_STUB_4_12_SET_VECTORS;
  register hr_word x1 __asm__("x1") = vectors;
  __asm__ volatile(HR_HVC_ASM(0)
                   : "+r"(x0), "+r"(x1)
                   :
                   : "x2", "x3", "x4", HR_CLOBBERS_C "cc", "memory");
  return x0;
}
/* The function runs at EL2 with x0 = a0, x1 = a1, x2 = a2; through a KVM of 4.12 to 5.7 x0 is 0. */
static inline hr_word hr_arm64_stub_4_12_soft_restart(hr_word function, hr_word a0, hr_word a1,
                                                      hr_word a2) {
  return hr_arm64_linux_call(HR_ARM64_STUB_4_12_SOFT_RESTART, function, a0, a1, a2);
}
static inline hr_word hr_arm64_stub_4_12_reset_vectors(void) {
  register hr_word x0 __asm__("x0") = HR_ARM64_STUB_4_12_RESET_VECTORS;
  __asm__ volatile(HR_HVC_ASM(0)
                   : "+r"(x0)
                   :
                   : "x1", "x2", "x3", "x4", HR_CLOBBERS_C "cc", "memory");
  return x0;
}

/* arm64-kvm-3.14, arm64-kvm-4.7: the virtual address at EL2 of KVM's vectors. */
HR_DEFINE_GET(hr_arm64_kvm_get_vectors, ARM64_KVM_3_14, 0, C_LINK)
/* arm64-kvm-3.11 up to arm64-kvm-4.12: calls a function by its kernel address, which the resident
 * turns into its own, with three words. */
HR_DEFINE_CALL(hr_arm64_kvm_call, 0)

#endif /* HR_COMPAT_ARM64_CLIENT_H */
