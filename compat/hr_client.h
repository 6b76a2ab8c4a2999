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
 */
#ifndef HR_COMPAT_HR_CLIENT_H
#define HR_COMPAT_HR_CLIENT_H

#include "abi/hr_abi.h"
#include "compat/hr_hvc.h"

/* A general register: 32 bits on arm, 64 on arm64. */
typedef unsigned long hr_word;

/* Registers by number: x0 to x17 on arm64; r0 to r7 and r12 on arm, where the others are not used.
 */
#define HR_REGISTERS 18
#define HR_REGISTERS_SIZE (HR_REGISTERS * sizeof(hr_word))
struct hr_registers {
  hr_word r[HR_REGISTERS];
};

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Loads the registers, makes one HVC with the immediate (a row of abi/immediate.def), and stores
 * the registers. It keeps to the procedure call standard even when the resident does not: x18 and
 * x30 come back on arm64. Returns HR_ISSUE_DONE, or one of the others of compat/hr_hvc.h.
 */
hr_word hr_issue(struct hr_registers* registers, hr_word immediate);
/* The same with SMC #0. */
hr_word hr_issue_smc(struct hr_registers* registers);
/* No functions, but addresses to go on at, with SP as it was at the HVC; the registers in memory
 * stay as they were. An Undefined Instruction handler of the caller can resume at
 * hr_issue_undefined: hr_issue then returns HR_ISSUE_UNDEFINED. Code of the caller that the call
 * brought to HYP/EL2 can branch to hr_issue_landed: it returns HR_ISSUE_LANDED, there. */
extern const unsigned char hr_issue_undefined[];
extern const unsigned char hr_issue_landed[];

#ifdef __cplusplus
}
#endif

#if defined(__aarch64__) || defined(__arm__)

#ifdef __aarch64__
#define HR_REGISTER(n) "x" #n
#define HR_NUMBER_REGISTER "x16" /* of Xen */
#else
#define HR_REGISTER(n) "r" #n
#define HR_NUMBER_REGISTER "r12"
#endif

#ifdef __cplusplus
#define HR_AS_WORD(number) static_cast<hr_word>(number)
#else
#define HR_AS_WORD(number) ((hr_word)(number))
#endif

/* What a client of a dialect tells the compiler, beside its operands, of the set of registers that
 * abi/dialect.def says is lost; it does not compile when that is another set. Flags come back,
 * because the resident returns with ERET; where it is C, nobody counts on it. */
#define HR_CLOBBERS_NOTHING
#define HR_CLOBBERS_SECOND HR_REGISTER(1),
#define HR_CLOBBERS_FOURTH HR_REGISTER(3),
#define HR_CLOBBERS_NINTH HR_REGISTER(9), HR_REGISTER(10),
#define HR_LOSES(dialect, set) HR_STATIC_ASSERT(HR_LOSES_##dialect##_##set, #dialect " loses " #set)

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
    return r0 == op ? 0 : r0;                                                                      \
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
    answer[0] = r1;                                                                                \
    answer[1] = r2;                                                                                \
    answer[2] = r3;                                                                                \
    return r0;                                                                                     \
  }

/* Xen: a hypercall with up to five arguments. Debug builds of Xen overwrite the number's register
 * and the arguments, so all of them are lost. The number is loaded last: a linker veneer may use
 * its register on the way. */
static inline hr_word hr_xen_hypercall(hr_word number, hr_word a0, hr_word a1, hr_word a2,
                                       hr_word a3, hr_word a4) {
  register hr_word r0 __asm__(HR_REGISTER(0)) = a0;
  register hr_word r1 __asm__(HR_REGISTER(1)) = a1;
  register hr_word r2 __asm__(HR_REGISTER(2)) = a2;
  register hr_word r3 __asm__(HR_REGISTER(3)) = a3;
  register hr_word r4 __asm__(HR_REGISTER(4)) = a4;
  register hr_word nr __asm__(HR_NUMBER_REGISTER) = number;
  __asm__ volatile(HR_HVC_ASM(HR_XEN_IMMEDIATE)
                   : "+r"(r0), "+r"(r1), "+r"(r2), "+r"(r3), "+r"(r4), "+r"(nr)
                   :
                   : "cc", "memory");
  return r0;
}

/* Jailhouse. */
static inline hr_word hr_jailhouse_call(hr_word code, hr_word a1, hr_word a2) {
  HR_LOSES(JAILHOUSE, FOURTH);
  register hr_word r0 __asm__(HR_REGISTER(0)) = code;
  register hr_word r1 __asm__(HR_REGISTER(1)) = a1;
  register hr_word r2 __asm__(HR_REGISTER(2)) = a2;
  __asm__ volatile(HR_HVC_ASM(HR_JAILHOUSE_IMMEDIATE)
                   : "+r"(r0)
                   : "r"(r1), "r"(r2)
                   : HR_CLOBBERS_FOURTH "memory");
  return r0;
}

#ifdef __aarch64__
#include "compat/arm64/client.h"
#else
#include "compat/arm/client.h"
#endif

/* SMC Calling Convention by HVC or SMC: conduit is HR_CONDUIT_SMC or HR_CONDUIT_HVC. 1.2 and later:
 * all of r[1] up to r[7] (x17) are arguments and results. */
static inline hr_word hr_smccc_1_2(hr_word conduit, struct hr_registers* registers) {
  return conduit == HR_CONDUIT_SMC ? hr_issue_smc(registers) : hr_issue(registers, 0);
}

/* 1.0 and 1.1 through the same door, for calls with up to three arguments and one result. */
static inline hr_word hr_smccc_call(hr_word conduit, hr_word function, hr_word a1, hr_word a2,
                                    hr_word a3) {
  struct hr_registers registers = {
      {function, a1, a2, a3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}};
  return hr_smccc_1_2(conduit, &registers) == HR_ISSUE_DONE ? registers.r[0] : ~0ul;
}

/* PSCI 0.2 and later. Results: 0 or more for success, -1 .. -9 as an int. */
static inline hr_word hr_psci_version(hr_word conduit) {
  return hr_smccc_call(conduit, HR_PSCI_VERSION, 0, 0, 0);
}
static inline hr_word hr_psci_features(hr_word conduit, hr_word function) {
  return hr_smccc_call(conduit, HR_PSCI_FEATURES, function, 0, 0);
}
static inline hr_word hr_psci_cpu_on(hr_word conduit, hr_word mpidr, hr_word entry,
                                     hr_word context) {
  return hr_smccc_call(conduit, HR_PSCI_CPU_ON, mpidr, entry, context);
}
static inline hr_word hr_psci_affinity_info(hr_word conduit, hr_word mpidr, hr_word level) {
  return hr_smccc_call(conduit, HR_PSCI_AFFINITY_INFO, mpidr, level, 0);
}
/* These return only when they fail. */
static inline hr_word hr_psci_cpu_off(hr_word conduit) {
  return hr_smccc_call(conduit, HR_PSCI_CPU_OFF, 0, 0, 0);
}
static inline hr_word hr_psci_system_off(hr_word conduit) {
  return hr_smccc_call(conduit, HR_PSCI_SYSTEM_OFF, 0, 0, 0);
}
static inline hr_word hr_psci_system_reset(hr_word conduit) {
  return hr_smccc_call(conduit, HR_PSCI_SYSTEM_RESET, 0, 0, 0);
}

#endif

#endif /* HR_COMPAT_HR_CLIENT_H */
