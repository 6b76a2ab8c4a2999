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

#define HR_XEN_IMMEDIATE 0xea1
#define HR_JAILHOUSE_IMMEDIATE 0x4a48
#define HR_GUNYAH_IMMEDIATE 0x6000

#define HR_XEN_VERSION 17ul /* xen_version(command 0): major << 16 | minor */
#define HR_XEN_CONSOLE_IO 18ul
#define HR_XEN_SCHED_OP 29ul

#define HR_SMCCC_VERSION 0x80000000ul
#define HR_SMCCC_ARCH_FEATURES 0x80000001ul
#define HR_SMCCC_VENDOR_UID 0x8600ff01ul
#define HR_PSCI_VERSION 0x84000000ul
#define HR_PSCI_CPU_OFF 0x84000002ul
#define HR_PSCI_SYSTEM_OFF 0x84000008ul
#define HR_PSCI_FEATURES 0x8400000aul
/* CPU_ON and AFFINITY_INFO take addresses: the caller's width picks the function. */
#ifdef __aarch64__
#define HR_PSCI_CPU_ON 0xc4000003ul
#define HR_PSCI_AFFINITY_INFO 0xc4000004ul
#else
#define HR_PSCI_CPU_ON 0x84000003ul
#define HR_PSCI_AFFINITY_INFO 0x84000004ul
#endif

/* Registers by number: x0 to x17 on arm64; r0 to r7 and r12 on arm, where the others are not used.
 */
#define HR_REGISTERS 18
#define HR_REGISTERS_SIZE (HR_REGISTERS * sizeof(hr_word))
struct hr_registers {
  hr_word r[HR_REGISTERS];
};

/* What hr_issue returns: done; UNDEFINED, if the caller's handler tells it so, below; or the
 * immediate is none of those that are built in, and no HVC was made. */
#define HR_ISSUE_DONE 0ul
#define HR_ISSUE_UNDEFINED 1ul
#define HR_ISSUE_UNSUPPORTED 2ul

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Loads the registers, makes one HVC with the immediate (0, 1, 2, 3, HR_HVC_IMMEDIATE,
 * HR_XEN_IMMEDIATE, HR_JAILHOUSE_IMMEDIATE or HR_GUNYAH_IMMEDIATE), and stores the registers. It
 * keeps to the procedure call standard even when the resident does not: x18 and x30 come back on
 * arm64. An Undefined Instruction handler of the caller can resume at hr_issue_undefined, with SP
 * as it was at the exception: hr_issue then returns HR_ISSUE_UNDEFINED and the registers stay as
 * they were.
 */
hr_word hr_issue(struct hr_registers* registers, hr_word immediate);
/* The same with SMC #0. */
hr_word hr_issue_smc(struct hr_registers* registers);
/* No function: an address to resume at. */
extern const unsigned char hr_issue_undefined[];

#ifdef __cplusplus
}
#endif

#if defined(__aarch64__)
#include "compat/arm64/client.h"
#elif defined(__arm__)
#include "compat/arm/client.h"
#endif

#if defined(__aarch64__) || defined(__arm__)

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
