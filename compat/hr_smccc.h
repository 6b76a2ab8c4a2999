/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * hr_smccc.h: the SMC Calling Convention 1.0 to 1.3 as a caller, by HVC or SMC [arm/den0028]. For
 * bootloaders and kernels; C11 or C++, A32, T32 or A64, either endianness. compat/smccc.hpp has it
 * for C++, compat/hr_psci.h PSCI, compat/hr_trng.h entropy.
 *
 * Environment: privileged code below whoever answers (SVC, EL1; by SMC also HYP, EL2), any MMU and
 * cache state, interrupts of the caller's choice. Nothing here writes memory but through the
 * pointers it is given.
 *
 * The conduit is what the device tree or ACPI says that PSCI's is: HR_CONDUIT_HVC, HR_CONDUIT_SMC,
 * or HR_CONDUIT_NONE, by which nothing is called and -1 (NOT_SUPPORTED) is the answer. By the wrong
 * one a call can be UNDEFINED, or meant for somebody else: hvc #0 is also how Linux's stubs are
 * called (docs/dialects.md). Which ids exist, their arguments and results: abi/smccc.def.
 */
#ifndef HR_COMPAT_HR_SMCCC_H
#define HR_COMPAT_HR_SMCCC_H

#include "compat/hr_call.h"

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Out of line: every register of in, the call, every register to out; r0 to r7 on arm, x0 to x17 on
 * arm64 (1.2 has arguments and results in all of them; for 1.0 and 1.1 the first four are results,
 * and the rest is what came back). in and out may be the same; the other elements of out stay.
 * Returns HR_ISSUE_DONE, or what the caller's handler made of it (hr_issue_undefined).
 */
hr_word hr_smccc_hvc(const struct hr_registers* in, struct hr_registers* out);
hr_word hr_smccc_smc(const struct hr_registers* in, struct hr_registers* out);

#ifdef __cplusplus
}
#endif

#if defined(__aarch64__) || defined(__arm__)

#ifdef __cplusplus
#define HR_AS_ID(number) static_cast<uint32_t>(number)
#else
#define HR_AS_ID(number) ((uint32_t)(number))
#endif

/* The same by a conduit that is known at run time; HR_ISSUE_UNSUPPORTED when there is none. */
static inline hr_word hr_smccc_call(hr_word conduit, const struct hr_registers* in,
                                    struct hr_registers* out) {
  return conduit == HR_CONDUIT_HVC   ? hr_smccc_hvc(in, out)
         : conduit == HR_CONDUIT_SMC ? hr_smccc_smc(in, out)
                                     : HR_AS_WORD(HR_ISSUE_UNSUPPORTED);
}

/* r0 to r3 (x0 to x3), which are the results of a call before 1.2. */
struct hr_smccc_result {
  hr_word r[4];
};

/* An error or a small number in w0: some residents extend its sign to 64 bits, some do not. */
static inline int32_t hr_smccc_status(hr_word r0) {
#ifdef __cplusplus
  return static_cast<int32_t>(static_cast<uint32_t>(r0));
#else
  return (int32_t)(uint32_t)r0;
#endif
}

/*
 * Inline, with 0 to 6 arguments: struct hr_smccc_result hr_smccc_1_0_hvc_2(id, a1, a2), and so for
 * 1_0 and 1_1, hvc and smc. They differ in what the compiler believes to be lost beside the
 * results: 1.0 lets x4 to x17 be destroyed, 1.1 has them kept; on arm r4 to r14 are kept in both
 * [arm/den0028 2.6 and 2.7 of version 1.1]. 1.0's set is right for everybody; 1.1's only below
 * who has said SMCCC_VERSION 1.1. The sixth argument of 1.0 may be a session id; the seventh
 * register, a client id, needs hr_smccc_call. clang for arm cannot inline the sixth (r6) into a
 * function with a variable-length or over-aligned local, where r6 is its base pointer: call it from
 * a function of its own there, or out of line.
 */
#ifdef __aarch64__
#define HR_SMCCC_LOST_7_1_0 \
  "x7", "x8", "x9", "x10", "x11", "x12", "x13", "x14", "x15", "x16", "x17",
#define HR_SMCCC_LOST_6_1_0 "x6", HR_SMCCC_LOST_7_1_0
#define HR_SMCCC_LOST_5_1_0 "x5", HR_SMCCC_LOST_6_1_0
#define HR_SMCCC_LOST_4_1_0 "x4", HR_SMCCC_LOST_5_1_0
#define HR_SMCCC_OUT_1_0(...) , __VA_ARGS__
#define HR_SMCCC_IN_1_0(...)
#else
#define HR_SMCCC_LOST_7_1_0
#define HR_SMCCC_LOST_6_1_0
#define HR_SMCCC_LOST_5_1_0
#define HR_SMCCC_LOST_4_1_0
#define HR_SMCCC_OUT_1_0(...)
#define HR_SMCCC_IN_1_0(...) __VA_ARGS__
#endif
#define HR_SMCCC_LOST_7_1_1
#define HR_SMCCC_LOST_6_1_1
#define HR_SMCCC_LOST_5_1_1
#define HR_SMCCC_LOST_4_1_1
#define HR_SMCCC_OUT_1_1(...)
#define HR_SMCCC_IN_1_1(...) __VA_ARGS__

#define HR_SMCCC_SET(n, value) register hr_word r##n __asm__(HR_REGISTER(n)) = value;
#define HR_SMCCC_GET(n) register hr_word r##n __asm__(HR_REGISTER(n));
#define HR_SMCCC_RESULT                                     \
  const hr_word b0 = r0;                                    \
  const hr_word b1 = r1;                                    \
  const hr_word b2 = r2;                                    \
  const hr_word b3 = r3;                                    \
  const struct hr_smccc_result result = {{b0, b1, b2, b3}}; \
  return result;

#define HR_DEFINE_SMCCC(version, conduit, instruction)                                        \
  static inline struct hr_smccc_result hr_smccc_##version##_##conduit##_0(hr_word id) {       \
    HR_SMCCC_SET(0, id)                                                                       \
    HR_SMCCC_GET(1)                                                                           \
    HR_SMCCC_GET(2)                                                                           \
    HR_SMCCC_GET(3)                                                                           \
    __asm__ volatile(instruction                                                              \
                     : "+r"(r0), "=r"(r1), "=r"(r2), "=r"(r3)                                 \
                     :                                                                        \
                     : HR_SMCCC_LOST_4_##version "memory");                                   \
    HR_SMCCC_RESULT                                                                           \
  } static inline struct hr_smccc_result hr_smccc_##version##_##conduit##_1(hr_word id,       \
                                                                            hr_word a1) {     \
    HR_SMCCC_SET(0, id)                                                                       \
    HR_SMCCC_SET(1, a1)                                                                       \
    HR_SMCCC_GET(2)                                                                           \
    HR_SMCCC_GET(3)                                                                           \
    __asm__ volatile(instruction                                                              \
                     : "+r"(r0), "+r"(r1), "=r"(r2), "=r"(r3)                                 \
                     :                                                                        \
                     : HR_SMCCC_LOST_4_##version "memory");                                   \
    HR_SMCCC_RESULT                                                                           \
  } static inline struct hr_smccc_result hr_smccc_##version##_##conduit##_2(                  \
      hr_word id, hr_word a1, hr_word a2) {                                                   \
    HR_SMCCC_SET(0, id)                                                                       \
    HR_SMCCC_SET(1, a1)                                                                       \
    HR_SMCCC_SET(2, a2)                                                                       \
    HR_SMCCC_GET(3)                                                                           \
    __asm__ volatile(instruction                                                              \
                     : "+r"(r0), "+r"(r1), "+r"(r2), "=r"(r3)                                 \
                     :                                                                        \
                     : HR_SMCCC_LOST_4_##version "memory");                                   \
    HR_SMCCC_RESULT                                                                           \
  } static inline struct hr_smccc_result hr_smccc_##version##_##conduit##_3(                  \
      hr_word id, hr_word a1, hr_word a2, hr_word a3) {                                       \
    HR_SMCCC_SET(0, id)                                                                       \
    HR_SMCCC_SET(1, a1)                                                                       \
    HR_SMCCC_SET(2, a2)                                                                       \
    HR_SMCCC_SET(3, a3)                                                                       \
    __asm__ volatile(instruction                                                              \
                     : "+r"(r0), "+r"(r1), "+r"(r2), "+r"(r3)                                 \
                     :                                                                        \
                     : HR_SMCCC_LOST_4_##version "memory");                                   \
    HR_SMCCC_RESULT                                                                           \
  } static inline struct hr_smccc_result hr_smccc_##version##_##conduit##_4(                  \
      hr_word id, hr_word a1, hr_word a2, hr_word a3, hr_word a4) {                           \
    HR_SMCCC_SET(0, id)                                                                       \
    HR_SMCCC_SET(1, a1)                                                                       \
    HR_SMCCC_SET(2, a2)                                                                       \
    HR_SMCCC_SET(3, a3)                                                                       \
    HR_SMCCC_SET(4, a4)                                                                       \
    __asm__ volatile(instruction                                                              \
                     : "+r"(r0), "+r"(r1), "+r"(r2), "+r"(r3)HR_SMCCC_OUT_##version("+r"(r4)) \
                     : HR_SMCCC_IN_##version("r"(r4))                                         \
                     : HR_SMCCC_LOST_5_##version "memory");                                   \
    HR_SMCCC_RESULT                                                                           \
  } static inline struct hr_smccc_result hr_smccc_##version##_##conduit##_5(                  \
      hr_word id, hr_word a1, hr_word a2, hr_word a3, hr_word a4, hr_word a5) {               \
    HR_SMCCC_SET(0, id)                                                                       \
    HR_SMCCC_SET(1, a1)                                                                       \
    HR_SMCCC_SET(2, a2)                                                                       \
    HR_SMCCC_SET(3, a3)                                                                       \
    HR_SMCCC_SET(4, a4)                                                                       \
    HR_SMCCC_SET(5, a5)                                                                       \
    __asm__ volatile(instruction                                                              \
                     : "+r"(r0), "+r"(r1), "+r"(r2),                                          \
                       "+r"(r3)HR_SMCCC_OUT_##version("+r"(r4), "+r"(r5))                     \
                     : HR_SMCCC_IN_##version("r"(r4), "r"(r5))                                \
                     : HR_SMCCC_LOST_6_##version "memory");                                   \
    HR_SMCCC_RESULT                                                                           \
  } static inline struct hr_smccc_result hr_smccc_##version##_##conduit##_6(                  \
      hr_word id, hr_word a1, hr_word a2, hr_word a3, hr_word a4, hr_word a5, hr_word a6) {   \
    HR_SMCCC_SET(0, id)                                                                       \
    HR_SMCCC_SET(1, a1)                                                                       \
    HR_SMCCC_SET(2, a2)                                                                       \
    HR_SMCCC_SET(3, a3)                                                                       \
    HR_SMCCC_SET(4, a4)                                                                       \
    HR_SMCCC_SET(5, a5)                                                                       \
    HR_SMCCC_SET(6, a6)                                                                       \
    __asm__ volatile(instruction                                                              \
                     : "+r"(r0), "+r"(r1), "+r"(r2),                                          \
                       "+r"(r3)HR_SMCCC_OUT_##version("+r"(r4), "+r"(r5), "+r"(r6))           \
                     : HR_SMCCC_IN_##version("r"(r4), "r"(r5), "r"(r6))                       \
                     : HR_SMCCC_LOST_7_##version "memory");                                   \
    HR_SMCCC_RESULT                                                                           \
  }

HR_DEFINE_SMCCC(1_0, hvc, HR_HVC_ASM(0))
HR_DEFINE_SMCCC(1_0, smc, HR_SMC_ASM)
HR_DEFINE_SMCCC(1_1, hvc, HR_HVC_ASM(0))
HR_DEFINE_SMCCC(1_1, smc, HR_SMC_ASM)

/* With three arguments by a conduit that is known at run time, and 1.0's losses. What is below, and
 * PSCI and TRNG, are made of it; with HR_OUT_OF_LINE defined before the include they all go
 * through hr_smccc_call instead of being made in place. */
static inline struct hr_smccc_result hr_smccc_1_0(hr_word conduit, hr_word id, hr_word a1,
                                                  hr_word a2, hr_word a3) {
#ifdef HR_OUT_OF_LINE
  struct hr_registers all = {{id, a1, a2, a3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}};
  if (hr_smccc_call(conduit, &all, &all) == HR_ISSUE_DONE) {
    const struct hr_smccc_result result = {{all.r[0], all.r[1], all.r[2], all.r[3]}};
    return result;
  }
#else
  if (conduit == HR_CONDUIT_HVC) {
    return hr_smccc_1_0_hvc_3(id, a1, a2, a3);
  }
  if (conduit == HR_CONDUIT_SMC) {
    return hr_smccc_1_0_smc_3(id, a1, a2, a3);
  }
#endif
  {
    const struct hr_smccc_result none = {{~0ul, 0, 0, 0}};
    return none;
  }
}

/*
 * The quirk of Qualcomm's secure world: a call that an interrupt ended answers r0 = 1 and a session
 * in r6 (x6), and is continued by the same call with id 1 and that session
 * [linux/drivers/firmware/qcom_scm-smc.c]. Calls until it is answered; the registers of in stay.
 */
#define HR_SMCCC_QUALCOMM_INTERRUPTED 1
static inline hr_word hr_smccc_qualcomm_call(const struct hr_registers* in,
                                             struct hr_registers* out) {
  struct hr_registers next = *in;
  hr_word status;
  do {
    status = hr_smccc_smc(&next, out);
    next.r[0] = out->r[0];
    next.r[6] = out->r[6];
  } while (status == HR_ISSUE_DONE && out->r[0] == HR_SMCCC_QUALCOMM_INTERRUPTED);
  return status;
}

/* 1.3: the caller has no live SVE state, which need not be kept then [arm/den0028 2.5 of 1.3]. It
 * is no part of which function that is: who compares ids takes it off first. */
#define HR_SMCCC_NO_SVE 0x10000
static inline uint32_t hr_smccc_without_hint(uint32_t id) {
  return id & ~HR_AS_ID(HR_SMCCC_NO_SVE);
}

#define HR_SMCCC_1_0 0x10000
#define HR_SMCCC_1_1 0x10001
#define HR_SMCCC_1_2 0x10002
#define HR_SMCCC_1_3 0x10003

/* Who answers, as far as that was found out. */
struct hr_smccc_found {
  uint32_t psci;         /* version of PSCI, major << 16 | minor; 0 when there is none */
  uint32_t version;      /* of SMCCC, likewise; 0 when nobody says that it is one (PSCI 0.1) */
  int32_t soc_id;        /* 0 or more: SOC_ID can be asked */
  int32_t workaround[3]; /* ARCH_WORKAROUND_1, 2, 3: 0 call it, 1 or NOT_REQUIRED this CPU needs
                            none, NOT_SUPPORTED nothing is known [arm/den0028 7.5 to 7.7 of 1.4] */
};

/* What a device tree says of PSCI, by the compatible of its node, and ACPI by its boot flags
 * [linux/Documentation/devicetree/bindings/arm/psci.yaml, acpi 5.2.9.4]. */
#define HR_PSCI_0_1 0x00000001 /* "arm,psci": ids are those of the tree */
#define HR_PSCI_0_2 0x00000002 /* "arm,psci-0.2", ACPI */
#define HR_PSCI_1_0 0x00010000 /* "arm,psci-1.0" */
#define HR_PSCI_1_1 0x00010001

/*
 * Asks who answers, by the chain that harms nobody [arm/den0028 appendix B]: nothing below PSCI
 * 0.2, where ids are not fixed; PSCI_VERSION; from PSCI 1.0 on PSCI_FEATURES(SMCCC_VERSION), only
 * if it knows that SMCCC_VERSION, and only then ARCH_FEATURES. psci_of_tree: HR_PSCI_0_1 and so on,
 * 0 when neither tree nor ACPI names PSCI. Returns the version of SMCCC, 0 when there is none.
 */
static inline uint32_t hr_smccc_discover(hr_word conduit, uint32_t psci_of_tree,
                                         struct hr_smccc_found* found) {
  static const uint32_t asked[4] = {HR_FID32(SMCCC_SOC_ID), HR_FID32(SMCCC_WORKAROUND_1),
                                    HR_FID32(SMCCC_WORKAROUND_2), HR_FID32(SMCCC_WORKAROUND_3)};
  int32_t answer;
  unsigned i;
  found->psci = psci_of_tree;
  found->version = 0;
  found->soc_id = HR_SMCCC_NOT_SUPPORTED;
  for (i = 0; i < 3; ++i) {
    found->workaround[i] = HR_SMCCC_NOT_SUPPORTED;
  }
  if (psci_of_tree < HR_PSCI_0_2 || (conduit != HR_CONDUIT_HVC && conduit != HR_CONDUIT_SMC)) {
    return 0;
  }
  answer = hr_smccc_status(hr_smccc_1_0(conduit, HR_FID(PSCI_VERSION), 0, 0, 0).r[0]);
  if (answer < HR_PSCI_0_2) {
    return 0; /* the tree is wrong about it */
  }
  found->psci = HR_AS_ID(answer);
  found->version = HR_SMCCC_1_0;
  if (answer < HR_PSCI_1_0 ||
      hr_smccc_status(
          hr_smccc_1_0(conduit, HR_FID(PSCI_FEATURES), HR_FID(SMCCC_VERSION), 0, 0).r[0]) < 0) {
    return found->version;
  }
  answer = hr_smccc_status(hr_smccc_1_0(conduit, HR_FID(SMCCC_VERSION), 0, 0, 0).r[0]);
  if (answer < HR_SMCCC_1_1) {
    return found->version;
  }
  found->version = HR_AS_ID(answer);
  for (i = 0; i < 4; ++i) {
    answer =
        hr_smccc_status(hr_smccc_1_0(conduit, HR_FID(SMCCC_ARCH_FEATURES), asked[i], 0, 0).r[0]);
    *(i == 0 ? &found->soc_id : &found->workaround[i - 1]) = answer;
  }
  return found->version;
}

/*
 * Who the hypervisor is. id: HR_FID(VENDOR_HYPERVISOR_UID), where KVM, Hyper-V and Gunyah answer,
 * or HR_FID(STANDARD_HYPERVISOR_UID), where Xen does. Every resident of SMCCC 1.1 has an answer to
 * both; below another one it must not be asked. uid: as it came, r0 first.
 */
static inline enum hr_uid hr_smccc_uid(hr_word conduit, uint32_t id, uint32_t uid[4]) {
#define HR_UID(name, value, text, r0, r1, r2, r3, group) {r0, r1, r2, r3},
  static const uint32_t known[][4] = {
#include "abi/uid.def"
  };
#undef HR_UID
#define HR_UID(name, ...) HR_UID_##name,
  static const enum hr_uid names[] = {
#include "abi/uid.def"
  };
#undef HR_UID
  const struct hr_smccc_result answer = hr_smccc_1_0(conduit, id, 0, 0, 0);
  unsigned i;
  for (i = 0; i < 4; ++i) {
    uid[i] = HR_AS_ID(answer.r[i]);
  }
  if (hr_smccc_status(answer.r[0]) == HR_SMCCC_NOT_SUPPORTED) {
    return HR_UID_NONE;
  }
  for (i = 0; i < sizeof known / sizeof known[0]; ++i) {
    if (uid[0] == known[i][0] && uid[1] == known[i][1] && uid[2] == known[i][2] &&
        uid[3] == known[i][3]) {
      return names[i];
    }
  }
  return HR_UID_OTHER;
}

/* REVISION of either owner: major and minor. 0, or NOT_SUPPORTED. CALL_COUNT is the status alone:
 * hr_smccc_status(hr_smccc_1_0(conduit, HR_FID(VENDOR_HYPERVISOR_CALL_COUNT), 0, 0, 0).r[0]). */
static inline int32_t hr_smccc_revision(hr_word conduit, uint32_t id, uint32_t revision[2]) {
  const struct hr_smccc_result answer = hr_smccc_1_0(conduit, id, 0, 0, 0);
  revision[0] = HR_AS_ID(answer.r[0]);
  revision[1] = HR_AS_ID(answer.r[1]);
  return hr_smccc_status(answer.r[0]) < 0 ? HR_SMCCC_NOT_SUPPORTED : HR_SMCCC_SUCCESS;
}

/* SOC_ID: the chip's version (bits 30:24 JEP-106 bank, 23:16 code, 15:0 the maker's number), or its
 * revision; or an error [arm/den0028 7.4 of 1.2]. */
#define HR_SMCCC_SOC_VERSION 0
#define HR_SMCCC_SOC_REVISION 1
static inline int32_t hr_smccc_soc_id(hr_word conduit, hr_word which) {
  return hr_smccc_status(hr_smccc_1_0(conduit, HR_FID(SMCCC_SOC_ID), which, 0, 0).r[0]);
}

#endif

#endif /* HR_COMPAT_HR_SMCCC_H */
