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
 * With HR_OUT_OF_LINE defined before the include, calls go through hr_issue() of the client library
 * instead of being made in place.
 */
#ifndef HR_COMPAT_HR_KVM_GUEST_H
#define HR_COMPAT_HR_KVM_GUEST_H

#include "compat/hr_call.h"

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

/* 28b46fb6-2ec5-11e9-a9ca-4b564d003a74 as r0 to r3 [linux/include/linux/arm-smccc.h]. */
#define HR_KVM_GUEST_UID_0 0xb66fb428u
#define HR_KVM_GUEST_UID_1 0xe911c52eu
#define HR_KVM_GUEST_UID_2 0x564bcaa9u
#define HR_KVM_GUEST_UID_3 0x743a004du

#if defined(__aarch64__) || defined(__arm__)

/* 32-bit results: the upper half of the register is anybody's on arm64. */
static inline uint32_t hr_kvm_guest_low(hr_word word) {
#ifdef __cplusplus
  return static_cast<uint32_t>(word);
#else
  return (uint32_t)word;
#endif
}

/* r[0], the function ID, to r[3] (x0 to x3) are arguments and results. Returns HR_ISSUE_DONE, or
 * what hr_issue() says when there was no call; then r stays. Lost beside them: what SMCCC 1.0 takes
 * [arm/smccc section 2.6], x4 to x17 on arm64. */
static inline hr_word hr_kvm_guest_call(hr_word r[4]) {
#ifdef HR_OUT_OF_LINE
  struct hr_registers all = {{r[0], r[1], r[2], r[3], 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}};
  const hr_word status = hr_issue(&all, 0);
  if (status == HR_ISSUE_DONE) {
    r[0] = all.r[0];
    r[1] = all.r[1];
    r[2] = all.r[2];
    r[3] = all.r[3];
  }
  return status;
#else
  register hr_word r0 __asm__(HR_REGISTER(0)) = r[0];
  register hr_word r1 __asm__(HR_REGISTER(1)) = r[1];
  register hr_word r2 __asm__(HR_REGISTER(2)) = r[2];
  register hr_word r3 __asm__(HR_REGISTER(3)) = r[3];
  __asm__ volatile(HR_HVC_ASM(0)
                   : "+r"(r0), "+r"(r1), "+r"(r2), "+r"(r3)
                   :
                   :
#ifdef __aarch64__
                   "x4", "x5", "x6", "x7", "x8", "x9", "x10", "x11", "x12", "x13", "x14", "x15",
                   "x16", "x17",
#endif
                   "cc", "memory");
  r[0] = r0;
  r[1] = r1;
  r[2] = r2;
  r[3] = r3;
  return HR_ISSUE_DONE;
#endif
}

/* 1 if the vendor UID is KVM's, 0 if it is another's or nobody's. */
static inline int hr_kvm_guest_is_there(void) {
  hr_word r[4] = {HR_SMCCC_VENDOR_UID, 0, 0, 0};
  return hr_kvm_guest_call(r) == HR_ISSUE_DONE && hr_kvm_guest_low(r[0]) == HR_KVM_GUEST_UID_0 &&
         hr_kvm_guest_low(r[1]) == HR_KVM_GUEST_UID_1 &&
         hr_kvm_guest_low(r[2]) == HR_KVM_GUEST_UID_2 &&
         hr_kvm_guest_low(r[3]) == HR_KVM_GUEST_UID_3;
}

/* The bitmap of vendor calls, to be asked of a KVM only: others have other functions at this
 * number. Returns 0; or -1, and an empty bitmap, when it has none. */
static inline int hr_kvm_guest_features(uint32_t bitmap[4]) {
  hr_word r[4] = {HR_KVM_GUEST_FUNCTION(HR_KVM_GUEST_FEATURES), 0, 0, 0};
  const int refused =
      hr_kvm_guest_call(r) != HR_ISSUE_DONE || hr_kvm_guest_low(r[0]) == 0xffffffffu;
  for (unsigned i = 0; i < 4; ++i) {
    bitmap[i] = refused ? 0 : hr_kvm_guest_low(r[i]);
  }
  return refused ? -1 : 0;
}

/* Whether the bitmap has a call of abi/kvm_guest.def, by its number, 0 to 127. */
static inline int hr_kvm_guest_has(const uint32_t bitmap[4], unsigned number) {
  return (bitmap[number / 32 & 3] & 1u << (number & 31)) != 0;
}

static inline uint64_t hr_kvm_guest_wide(hr_word high, hr_word low) {
  uint64_t wide = hr_kvm_guest_low(high);
  wide = wide << 32 | hr_kvm_guest_low(low);
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
  hr_word r[4] = {HR_KVM_GUEST_FUNCTION(HR_KVM_GUEST_PTP), counter, 0, 0};
  /* Bit 31 of a clock's high word is clear until the year 2262. */
  if (hr_kvm_guest_call(r) != HR_ISSUE_DONE || (hr_kvm_guest_low(r[0]) >> 31) != 0) {
    return -1;
  }
  clock->nanoseconds = hr_kvm_guest_wide(r[0], r[1]);
  clock->counter = hr_kvm_guest_wide(r[2], r[3]);
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
  hr_word r[4] = {HR_KVM_GUEST_PV_TIME(HR_KVM_GUEST_TIME_FEATURES), HR_KVM_GUEST_PV_TIME(number), 0,
                  0};
  return hr_kvm_guest_call(r) == HR_ISSUE_DONE && r[0] == 0 ? 0 : -1;
}
/* Physical address of this CPU's struct hr_kvm_guest_stolen_time, 64-byte aligned; all ones when
 * there is none. */
static inline hr_word hr_kvm_guest_pv_time_stolen(void) {
  hr_word r[4] = {HR_KVM_GUEST_PV_TIME(HR_KVM_GUEST_TIME_STOLEN), 0, 0, 0};
  return hr_kvm_guest_call(r) == HR_ISSUE_DONE ? r[0] : ~0ul;
}
#endif

#endif

#endif /* HR_COMPAT_HR_KVM_GUEST_H */
