/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * hr_client.h: calling whoever is resident at HYP/EL2, in every dialect that is known. For
 * bootloaders and kernels; C11 or C++, A32, T32 or A64, either endianness.
 *
 * Environment: privileged code below HYP/EL2 (SVC, EL1), any MMU and cache state, interrupts of the
 * caller's choice. Nothing here writes memory but through the pointers it is given.
 *
 * The functions are named after the rows of abi/dialect.def and do exactly one HVC. None of them is
 * harmless in every dialect: find out who is there first (compat/probe.hpp, docs/dialects.md). A
 * call is per CPU, as the vectors are. Addresses of vectors and functions are physical unless said
 * otherwise, and their memory must be clean to the point of coherency: HYP/EL2 runs without caches.
 *
 * Two forms: static inline functions with the clobbers of each dialect (compat/arm/client.h,
 * compat/arm64/client.h), and hr_issue(), out of line, for callers that pick the call at run time.
 * HR_OUT_OF_LINE, defined before the first include, takes every other convention that has both
 * forms out of line: Xen, SMCCC with PSCI, TRNG and KVM's calls, Hyper-V, Jailhouse, Gunyah, v15.
 */
#ifndef HR_COMPAT_HR_CLIENT_H
#define HR_COMPAT_HR_CLIENT_H

#include "compat/hr_call.h"
#include "compat/hr_gunyah.h"
#include "compat/hr_hyperv.h"
#include "compat/hr_jailhouse.h"
#include "compat/hr_kvm_guest.h"
#include "compat/hr_levand.h"
#include "compat/hr_psci.h"
#include "compat/hr_smccc.h"
#include "compat/hr_trng.h"
#include "compat/hr_xen.h"

#if defined(__aarch64__) || defined(__arm__)

/* GET_VECTORS of a dialect. */
#define HR_DEFINE_GET(name, dialect, immediate, set)                                      \
  static inline hr_word name(void) {                                                      \
    HR_LOSES(dialect, set);                                                               \
    register hr_word r0 __asm__(HR_REGISTER(0)) = HR_AS_WORD(HR_##dialect##_GET_VECTORS); \
    __asm__ volatile(HR_HVC_ASM(immediate) : "+r"(r0) : : HR_CLOBBERS_##set "memory");    \
    return r0;                                                                            \
  }
/* SET_VECTORS of one that has the address in r0, where no error is possible. */
#define HR_DEFINE_SET_R0(name, dialect, immediate, set)                                \
  static inline void name(hr_word vectors) {                                           \
    HR_LOSES(dialect, set);                                                            \
    register hr_word r0 __asm__(HR_REGISTER(0)) = vectors;                             \
    __asm__ volatile(HR_HVC_ASM(immediate) : "+r"(r0) : : HR_CLOBBERS_##set "memory"); \
  }
/* CALL: a function at HYP/EL2, with three words. What is lost is C's, and LR on arm64. */
#define HR_DEFINE_CALL(name, immediate)                                              \
  static inline hr_word name(hr_word function, hr_word a1, hr_word a2, hr_word a3) { \
    register hr_word r0 __asm__(HR_REGISTER(0)) = function;                          \
    register hr_word r1 __asm__(HR_REGISTER(1)) = a1;                                \
    register hr_word r2 __asm__(HR_REGISTER(2)) = a2;                                \
    register hr_word r3 __asm__(HR_REGISTER(3)) = a3;                                \
    __asm__ volatile(HR_HVC_ASM(immediate)                                           \
                     : "+r"(r0), "+r"(r1), "+r"(r2), "+r"(r3)                        \
                     :                                                               \
                     : HR_CLOBBERS_CALL "cc", "memory");                             \
    return r0;                                                                       \
  }

/*
 * The common ABI (abi/op.def), twice: hr_common_* by hvc #0, hr_native_* by the dedicated
 * immediate, which answers under every personality. Nothing but the result registers changes.
 *   get_vectors    the vectors, or all ones from a resident that knows no such call
 *   set_vectors    0, or all ones when the address is misaligned (or the stub is locked)
 *   soft_restart   arm: function runs at HYP, bit 0 set for Thumb, with r0 = 0, r1 = a1, r2 = a2.
 *                  arm64: at EL2 with x0 = a1, x1 = a2, x2 = x3 = 0.
 *                  Returns all ones when the stub refuses, otherwise not at all.
 *   reset_vectors  0, or all ones
 *   op             LOCK or SET_PERSONALITY with its argument: 0, or all ones
 *   query          HR_QUERY_MAGIC when the common ABI answers; version, features, personality
 */
#define HR_DEFINE_COMMON(prefix, immediate)                                                        \
  HR_DEFINE_GET(prefix##_get_vectors, COMMON, immediate, NOTHING)                                  \
  static inline hr_word prefix##_op(hr_word op, hr_word argument) {                                \
    register hr_word r0 __asm__(HR_REGISTER(0)) = op;                                              \
    register hr_word r1 __asm__(HR_REGISTER(1)) = argument;                                        \
    __asm__ volatile(HR_HVC_ASM(immediate) : "+r"(r0) : "r"(r1) : "memory");                       \
    const hr_word result = r0;                                                                     \
    return result == op ? 0 : result;                                                              \
  }                                                                                                \
  static inline hr_word prefix##_set_vectors(hr_word vectors) {                                    \
    return prefix##_op(HR_OP_SET_VECTORS, vectors);                                                \
  }                                                                                                \
  static inline hr_word prefix##_reset_vectors(void) {                                             \
    return prefix##_op(HR_OP_RESET_VECTORS, 0);                                                    \
  }                                                                                                \
  static inline hr_word prefix##_soft_restart(hr_word function, hr_word a1, hr_word a2) {          \
    register hr_word r0 __asm__(HR_REGISTER(0)) = HR_OP_SOFT_RESTART;                              \
    register hr_word r1 __asm__(HR_REGISTER(1)) = a1;                                              \
    register hr_word r2 __asm__(HR_REGISTER(2)) = a2;                                              \
    register hr_word r3 __asm__(HR_REGISTER(3)) = function;                                        \
    __asm__ volatile(HR_HVC_ASM(immediate) : "+r"(r0) : "r"(r1), "r"(r2), "r"(r3) : "memory");     \
    return r0;                                                                                     \
  }                                                                                                \
  static inline hr_word prefix##_query(hr_word answer[3]) {                                        \
    register hr_word r0 __asm__(HR_REGISTER(0)) = HR_OP_QUERY;                                     \
    register hr_word r1 __asm__(HR_REGISTER(1)) = 0;                                               \
    register hr_word r2 __asm__(HR_REGISTER(2)) = 0;                                               \
    register hr_word r3 __asm__(HR_REGISTER(3)) = 0;                                               \
    __asm__ volatile(HR_HVC_ASM(immediate) : "+r"(r0), "+r"(r1), "+r"(r2), "+r"(r3) : : "memory"); \
    const hr_word magic = r0;                                                                      \
    const hr_word b1 = r1;                                                                         \
    const hr_word b2 = r2;                                                                         \
    const hr_word b3 = r3;                                                                         \
    answer[0] = b1;                                                                                \
    answer[1] = b2;                                                                                \
    answer[2] = b3;                                                                                \
    return magic;                                                                                  \
  }

#ifdef __aarch64__
#include "compat/arm64/client.h"
#else
#include "compat/arm/client.h"
#endif

#endif

#endif /* HR_COMPAT_HR_CLIENT_H */
