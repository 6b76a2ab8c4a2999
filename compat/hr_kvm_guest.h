/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * KVM as a guest sees it: who answers, what it can do, its clock, its stolen time. C11 or C++; A32,
 * T32, A64; either endianness.
 *
 * Environment: SVC/EL1 (or EL0 of nobody: HVC is UNDEFINED there), any MMU and cache state. All
 * calls are SMCCC by hvc #0 [arm/smccc], so they are for callers that know that an SMCCC server is
 * there: on a Linux stub of 4.11 and before they are fatal (docs/hvc-space.md). The discovery chain
 * of compat/hr_smccc.h says so without asking blindly.
 *
 * With HR_OUT_OF_LINE defined before the include, calls go through hr_smccc_call() of the client
 * library instead of being made in place.
 */
#ifndef HR_COMPAT_HR_KVM_GUEST_H
#define HR_COMPAT_HR_KVM_GUEST_H

#include "compat/hr_smccc.h"

enum {
#define HR_KVM_GUEST_CALL(name, number, text) HR_KVM_GUEST_##name = number,
#include "abi/kvm_guest.def"
#define HR_KVM_GUEST_COUNTER(name, value, text) HR_KVM_GUEST_COUNTER_##name = value,
#include "abi/kvm_guest.def"
#define HR_KVM_GUEST_TIME(name, number, text) HR_KVM_GUEST_TIME_##name = number,
#include "abi/kvm_guest.def"
};
/* Vendor hypervisor, 32-bit, fast; standard hypervisor, 64-bit, fast [arm/smccc section 6]. */
#define HR_KVM_GUEST_FUNCTION(number) (0x86000000u + (number))
#define HR_KVM_GUEST_PV_TIME(number) (0xc5000000u + (number))

#if defined(__aarch64__) || defined(__arm__)

/* An answer, whose r0 is all ones when there was no call either. */
static inline struct hr_smccc_result hr_kvm_guest_call(hr_word id, hr_word a1) {
  return hr_smccc_1_0(HR_CONDUIT_HVC, id, a1, 0, 0);
}

/* 1 if the vendor UID is KVM's, 0 if it is another's or nobody's. */
static inline int hr_kvm_guest_is_there(void) {
  uint32_t uid[4];
  return hr_smccc_uid(HR_CONDUIT_HVC, HR_FID(VENDOR_HYPERVISOR_UID), uid) == HR_UID_KVM;
}

/* The bitmap of vendor calls, to be asked of a KVM only: others have other functions at this
 * number. Returns 0; or -1, and an empty bitmap, when it has none. */
static inline int hr_kvm_guest_features(uint32_t bitmap[4]) {
  const struct hr_smccc_result answer =
      hr_kvm_guest_call(HR_KVM_GUEST_FUNCTION(HR_KVM_GUEST_FEATURES), 0);
  const int refused = hr_smccc_status(answer.r[0]) == HR_SMCCC_NOT_SUPPORTED;
  for (unsigned i = 0; i < 4; ++i) {
    bitmap[i] = refused ? 0 : HR_AS_ID(answer.r[i]);
  }
  return refused ? -1 : 0;
}

/* Whether the bitmap has a call of abi/kvm_guest.def, by its number, 0 to 127. */
static inline int hr_kvm_guest_has(const uint32_t bitmap[4], unsigned number) {
  return (bitmap[number / 32 & 3] & 1u << (number & 31)) != 0;
}

/* Of 32-bit results: the upper half of a register is anybody's on arm64. */
static inline uint64_t hr_kvm_guest_wide(hr_word high, hr_word low) {
  uint64_t wide = HR_AS_ID(high);
  wide = wide << 32 | HR_AS_ID(low);
  return wide;
}

/* The host's wall clock, and the counter at that moment. */
struct hr_kvm_guest_clock {
  uint64_t nanoseconds; /* since 1970, UTC */
  uint64_t counter;     /* ticks of the counter that was asked for */
};

/* counter: HR_KVM_GUEST_COUNTER_VIRTUAL or _PHYSICAL. Returns 0, or -1 and leaves clock as it was:
 * an unknown counter, or a host whose clock is not the architected counter. */
static inline int hr_kvm_guest_ptp(hr_word counter, struct hr_kvm_guest_clock* clock) {
  const struct hr_smccc_result answer =
      hr_kvm_guest_call(HR_KVM_GUEST_FUNCTION(HR_KVM_GUEST_PTP), counter);
  /* Bit 31 of a clock's high word is clear until the year 2262. */
  if (hr_smccc_status(answer.r[0]) < 0) {
    return -1;
  }
  clock->nanoseconds = hr_kvm_guest_wide(answer.r[0], answer.r[1]);
  clock->counter = hr_kvm_guest_wide(answer.r[2], answer.r[3]);
  return 0;
}

/* What the host keeps for each CPU; little endian in memory [arm/den0057a section 3.2.2]. */
struct hr_kvm_guest_stolen_time {
  uint32_t revision;   /* 0 */
  uint32_t attributes; /* 0 */
  uint64_t nanoseconds;
};
HR_STATIC_ASSERT(offsetof(struct hr_kvm_guest_stolen_time, nanoseconds) == 8, "DEN0057A");

/* Time during which the host ran something else on this CPU, ns since the guest began. `time` is
 * mapped Normal, cacheable. */
static inline uint64_t hr_kvm_guest_stolen(const volatile struct hr_kvm_guest_stolen_time* time) {
  const uint64_t raw = time->nanoseconds;
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
  return __builtin_bswap64(raw);
#else
  return raw;
#endif
}

#ifdef __aarch64__
/* Paravirtualized time is 64-bit alone: a 32-bit caller gets -1. Discovery [arm/den0057a section
 * 3.2]: ARCH_FEATURES of HR_KVM_GUEST_PV_TIME(FEATURES) first, then this. 0 if `number` of the
 * table is there, else -1. */
static inline int hr_kvm_guest_pv_time_features(unsigned number) {
  return hr_kvm_guest_call(HR_KVM_GUEST_PV_TIME(HR_KVM_GUEST_TIME_FEATURES),
                           HR_KVM_GUEST_PV_TIME(number))
                     .r[0] == 0
             ? 0
             : -1;
}
/* Physical address of this CPU's struct hr_kvm_guest_stolen_time, 64-byte aligned; all ones when
 * there is none. */
static inline hr_word hr_kvm_guest_pv_time_stolen(void) {
  return hr_kvm_guest_call(HR_KVM_GUEST_PV_TIME(HR_KVM_GUEST_TIME_STOLEN), 0).r[0];
}
#endif

#endif

#endif /* HR_COMPAT_HR_KVM_GUEST_H */
