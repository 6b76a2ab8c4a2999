/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * hr_psci.h: PSCI 0.1 to 1.1 as a caller [arm/den0022], inline, by HVC or SMC. For bootloaders and
 * kernels; C11 or C++, A32, T32 or A64, either endianness. compat/hr_smccc.h says what a conduit is
 * and what holds for every call; ids, arguments and results are rows of abi/smccc.def.
 *
 * Of the ids of both widths the caller's own is used. MPIDRs are affinities as MPIDR has them, its
 * other bits zero; entries are physical, bit 0 set for a Thumb one; a context is what the CPU
 * has in r0 (x0) there. It starts with MMU and caches off, exceptions masked, little endian (as the
 * caller, on arm, where it can be); by SMC at the caller's highest non-secure level (HYP, EL2, if
 * there), by HVC at SVC or EL1 [arm/den0022 6.4].
 *
 * int32_t results are an error of abi/smccc_error.def (HR_PSCI_DENIED, ...), or what the function
 * says.
 */
#ifndef HR_COMPAT_HR_PSCI_H
#define HR_COMPAT_HR_PSCI_H

#include "compat/hr_smccc.h"

/*
 * The ids of PSCI 0.1, which has no fixed ones: properties of the tree's node, "cpu_suspend" and so
 * on, one cell each [linux/Documentation/devicetree/bindings/arm/psci.yaml]. 0 stands for one that
 * is not there, whose call is answered by NOT_SUPPORTED without being made. Reading a tree is the
 * caller's; hyp-check/core/psci.hpp is one that needs no libfdt.
 */
struct hr_psci_0_1 {
  uint32_t cpu_suspend;
  uint32_t cpu_off;
  uint32_t cpu_on;
  uint32_t migrate;
};

#if defined(__aarch64__) || defined(__arm__)

enum hr_psci_affinity { HR_PSCI_AFFINITY_ON, HR_PSCI_AFFINITY_OFF, HR_PSCI_AFFINITY_ON_PENDING };
enum hr_psci_node { HR_PSCI_NODE_ON, HR_PSCI_NODE_OFF, HR_PSCI_NODE_STANDBY };
enum hr_psci_migrate { HR_PSCI_MIGRATE_CAN, HR_PSCI_MIGRATE_CANNOT, HR_PSCI_MIGRATE_NEED_NOT };
enum hr_psci_mode { HR_PSCI_MODE_PLATFORM, HR_PSCI_MODE_OS };
/* Types of SYSTEM_RESET2; bit 31 set: the vendor's own [arm/den0022 5.17]. */
#define HR_PSCI_RESET2_WARM 0

/* What hr_psci_features says of CPU_SUSPEND [arm/den0022 5.15.2]. */
#define HR_PSCI_SUSPEND_OS_MODE 0x1        /* SET_SUSPEND_MODE is there */
#define HR_PSCI_SUSPEND_EXTENDED_STATE 0x2 /* power states have the extended format */
/* A power state in the original format [arm/den0022 5.4.2]; its state id is the platform's. */
#define HR_PSCI_POWER_DOWN 0x10000

/* HR_DEFINE_PSCI_n: a function with n arguments, its status as the result. */
#define HR_PSCI_STATUS(id, a1, a2, a3) hr_smccc_status(hr_smccc_1_0(conduit, id, a1, a2, a3).r[0])
#define HR_DEFINE_PSCI_0(name, id)              \
  static inline int32_t name(hr_word conduit) { \
    return HR_PSCI_STATUS(HR_FID(id), 0, 0, 0); \
  }
#define HR_DEFINE_PSCI_1(name, id, a1)                      \
  static inline int32_t name(hr_word conduit, hr_word a1) { \
    return HR_PSCI_STATUS(HR_FID(id), a1, 0, 0);            \
  }
#define HR_DEFINE_PSCI_2(name, id, a1, a2)                              \
  static inline int32_t name(hr_word conduit, hr_word a1, hr_word a2) { \
    return HR_PSCI_STATUS(HR_FID(id), a1, a2, 0);                       \
  }
#define HR_DEFINE_PSCI_3(name, id, a1, a2, a3)                                      \
  static inline int32_t name(hr_word conduit, hr_word a1, hr_word a2, hr_word a3) { \
    return HR_PSCI_STATUS(HR_FID(id), a1, a2, a3);                                  \
  }

/* 0.2. The version: major << 16 | minor. */
HR_DEFINE_PSCI_0(hr_psci_version, PSCI_VERSION)
/* To standby or, with HR_PSCI_POWER_DOWN, off: then this CPU goes on at the entry. */
HR_DEFINE_PSCI_3(hr_psci_cpu_suspend, PSCI_CPU_SUSPEND, power_state, entry, context)
/* Return only when they fail. */
HR_DEFINE_PSCI_0(hr_psci_cpu_off, PSCI_CPU_OFF)
HR_DEFINE_PSCI_0(hr_psci_system_off, PSCI_SYSTEM_OFF)
HR_DEFINE_PSCI_0(hr_psci_system_reset, PSCI_SYSTEM_RESET)
HR_DEFINE_PSCI_3(hr_psci_cpu_on, PSCI_CPU_ON, mpidr, entry, context)
/* enum hr_psci_affinity, of all CPUs that share the affinities above the level. From 1.0 on only
 * level 0 need be there. */
HR_DEFINE_PSCI_2(hr_psci_affinity_info, PSCI_AFFINITY_INFO, mpidr, level)
HR_DEFINE_PSCI_1(hr_psci_migrate, PSCI_MIGRATE, mpidr)
/* enum hr_psci_migrate. */
HR_DEFINE_PSCI_0(hr_psci_migrate_info_type, PSCI_MIGRATE_INFO_TYPE)
/* The MPIDR, when the type is CAN or CANNOT; otherwise it means nothing. */
static inline hr_word hr_psci_migrate_info_up_cpu(hr_word conduit) {
  return hr_smccc_1_0(conduit, HR_FID(PSCI_MIGRATE_INFO_UP_CPU), 0, 0, 0).r[0];
}

/* 1.0. Flags of a function, 0 or more when it is there: the id is one of abi/smccc.def. */
HR_DEFINE_PSCI_1(hr_psci_features, PSCI_FEATURES, id)
HR_DEFINE_PSCI_0(hr_psci_cpu_freeze, PSCI_CPU_FREEZE)
HR_DEFINE_PSCI_2(hr_psci_cpu_default_suspend, PSCI_CPU_DEFAULT_SUSPEND, entry, context)
/* enum hr_psci_node. */
HR_DEFINE_PSCI_2(hr_psci_node_hw_state, PSCI_NODE_HW_STATE, mpidr, level)
/* Only the last CPU that is on may: HR_PSCI_DENIED. */
HR_DEFINE_PSCI_2(hr_psci_system_suspend, PSCI_SYSTEM_SUSPEND, entry, context)
/* enum hr_psci_mode. */
HR_DEFINE_PSCI_1(hr_psci_set_suspend_mode, PSCI_SET_SUSPEND_MODE, mode)
/* Microseconds and a count: no errors, 0 where nothing is known (but see FEATURES). */
static inline hr_word hr_psci_stat_residency(hr_word conduit, hr_word mpidr, hr_word power_state) {
  return hr_smccc_1_0(conduit, HR_FID(PSCI_STAT_RESIDENCY), mpidr, power_state, 0).r[0];
}
static inline hr_word hr_psci_stat_count(hr_word conduit, hr_word mpidr, hr_word power_state) {
  return hr_smccc_1_0(conduit, HR_FID(PSCI_STAT_COUNT), mpidr, power_state, 0).r[0];
}

/* 1.1. Returns only when it fails. */
HR_DEFINE_PSCI_2(hr_psci_system_reset2, PSCI_SYSTEM_RESET2, type, cookie)
/* What it was: 0 off, 1 on. */
HR_DEFINE_PSCI_1(hr_psci_mem_protect, PSCI_MEM_PROTECT, on)
HR_DEFINE_PSCI_2(hr_psci_mem_protect_check_range, PSCI_MEM_PROTECT_CHECK_RANGE, start, bytes)

/* 0.1. Arguments are words of the caller's width. */
static inline int32_t hr_psci_0_1_call(hr_word conduit, uint32_t id, hr_word a1, hr_word a2,
                                       hr_word a3) {
  return id == 0 ? HR_PSCI_NOT_SUPPORTED : HR_PSCI_STATUS(id, a1, a2, a3);
}
static inline int32_t hr_psci_0_1_cpu_suspend(hr_word conduit, const struct hr_psci_0_1* ids,
                                              hr_word power_state, hr_word entry) {
  return hr_psci_0_1_call(conduit, ids->cpu_suspend, power_state, entry, 0);
}
static inline int32_t hr_psci_0_1_cpu_off(hr_word conduit, const struct hr_psci_0_1* ids,
                                          hr_word power_state) {
  return hr_psci_0_1_call(conduit, ids->cpu_off, power_state, 0, 0);
}
static inline int32_t hr_psci_0_1_cpu_on(hr_word conduit, const struct hr_psci_0_1* ids,
                                         hr_word mpidr, hr_word entry) {
  return hr_psci_0_1_call(conduit, ids->cpu_on, mpidr, entry, 0);
}
static inline int32_t hr_psci_0_1_migrate(hr_word conduit, const struct hr_psci_0_1* ids,
                                          hr_word mpidr) {
  return hr_psci_0_1_call(conduit, ids->migrate, mpidr, 0, 0);
}

#endif

#endif /* HR_COMPAT_HR_PSCI_H */
