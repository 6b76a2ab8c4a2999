// SPDX-License-Identifier: BSD-2-Clause
// Compiled twice: for calls in place, and with HR_OUT_OF_LINE. The answers are those of KVM as its
// sources have them, for a guest of one CPU with PSCI 1.1 and stolen time, whose host is Debian's
// 6.1 [linux/arch/arm64/kvm: hypercalls.c, psci.c, trng.c, pvtime.c].
#pragma once

#include "compat/hr_kvm_guest.h"
#include "compat/hr_psci.h"
#include "compat/hr_trng.h"
#include "tests/below/below.hpp"
#include "tests/below/kvm/kvm.hpp"

namespace hyprelay::below {
namespace {

constexpr hr_word kHvc = HR_CONDUIT_HVC;

// Where tests/boot/guest/layout.hpp has it.
[[maybe_unused]] constexpr hr_word kStolenTime = 0x0a000000;

#ifdef __aarch64__
inline std::uint64_t virtual_counter() {
  std::uint64_t count = 0;
  __asm__ volatile("isb\n\tmrs %0, cntvct_el0" : "=r"(count)::"memory");
  return count;
}

inline std::uint64_t physical_counter() {
  std::uint64_t count = 0;
  __asm__ volatile("isb\n\tmrs %0, cntpct_el0" : "=r"(count)::"memory");
  return count;
}

inline hr_word own_mpidr() {
  hr_word mpidr = 0;
  __asm__ volatile("mrs %0, mpidr_el1" : "=r"(mpidr));
  return mpidr & 0xff00ffffff;
}
#else
inline std::uint64_t wide(std::uint32_t high, std::uint32_t low) {
  return std::uint64_t{high} << 32 | low;
}

inline std::uint64_t virtual_counter() {
  std::uint32_t low = 0;
  std::uint32_t high = 0;
  __asm__ volatile("isb\n\tmrrc p15, 1, %0, %1, c14" : "=r"(low), "=r"(high)::"memory");
  return wide(high, low);
}

inline std::uint64_t physical_counter() {
  std::uint32_t low = 0;
  std::uint32_t high = 0;
  __asm__ volatile("isb\n\tmrrc p15, 0, %0, %1, c14" : "=r"(low), "=r"(high)::"memory");
  return wide(high, low);
}

inline hr_word own_mpidr() {
  hr_word mpidr = 0;
  __asm__ volatile("mrc p15, 0, %0, c0, c0, 5" : "=r"(mpidr));
  return mpidr & 0xffffff;
}
#endif

inline void check_status(std::int32_t actual, std::int32_t wanted) {
  CHECK_EQ(static_cast<std::uint32_t>(actual), static_cast<std::uint32_t>(wanted));
}

inline unsigned ask_smccc() {
  hr_smccc_found found = {};
  CHECK_EQ(hr_smccc_discover(kHvc, HR_PSCI_1_0, &found), HR_SMCCC_1_1);
  CHECK_EQ(found.psci, HR_PSCI_1_1);
  check_status(found.soc_id, HR_SMCCC_NOT_SUPPORTED);
  for (const std::int32_t workaround : found.workaround) {
    // What this CPU needs, of what the host has.
    CHECK(workaround >= HR_SMCCC_NOT_SUPPORTED && workaround <= 1);
  }
  std::uint32_t uid[4] = {};
  CHECK_EQ(static_cast<unsigned>(hr_smccc_uid(kHvc, HR_FID(VENDOR_HYPERVISOR_UID), uid)),
           static_cast<unsigned>(HR_UID_KVM));
  CHECK_EQ(uid[0], 0xb66fb428u);
  CHECK_EQ(static_cast<unsigned>(hr_smccc_uid(kHvc, HR_FID(STANDARD_HYPERVISOR_UID), uid)),
           static_cast<unsigned>(HR_UID_NONE));
  std::uint32_t revision[2] = {};
  check_status(hr_smccc_revision(kHvc, HR_FID(VENDOR_HYPERVISOR_REVISION), revision),
               HR_SMCCC_NOT_SUPPORTED);
  check_status(hr_smccc_soc_id(kHvc, HR_SMCCC_SOC_VERSION), HR_SMCCC_NOT_SUPPORTED);
  // No function of anybody's.
  check_status(hr_smccc_status(hr_smccc_1_0(kHvc, 0xc600fff0, 1, 2, 3).r[0]),
               HR_SMCCC_NOT_SUPPORTED);
  return 12;
}

inline unsigned ask_psci() {
  const hr_word self = own_mpidr();
  const hr_word nobody = self + 1;
  check_status(hr_psci_version(kHvc), HR_PSCI_1_1);
  check_status(hr_psci_affinity_info(kHvc, self, 0), HR_PSCI_AFFINITY_ON);
  check_status(hr_psci_affinity_info(kHvc, nobody, 0), HR_PSCI_INVALID_PARAMETERS);
  check_status(hr_psci_affinity_info(kHvc, self, 4), HR_PSCI_INVALID_PARAMETERS);
  check_status(hr_psci_migrate_info_type(kHvc), HR_PSCI_MIGRATE_NEED_NOT);
  CHECK_EQ(static_cast<std::uint32_t>(hr_psci_migrate_info_up_cpu(kHvc)), 0xffffffffu);
  check_status(hr_psci_migrate(kHvc, self), HR_PSCI_NOT_SUPPORTED);
  check_status(hr_psci_cpu_on(kHvc, self, 0x40000000, 0), HR_PSCI_ALREADY_ON);
  check_status(hr_psci_cpu_on(kHvc, nobody, 0x40000000, 0), HR_PSCI_INVALID_PARAMETERS);
  // A standby ends with an interrupt, of which this program has none; and CPU_OFF with the machine.
  check_status(hr_psci_features(kHvc, HR_FID(PSCI_CPU_SUSPEND)), HR_PSCI_SUCCESS);
  check_status(hr_psci_features(kHvc, HR_FID(PSCI_CPU_ON)), HR_PSCI_SUCCESS);
  check_status(hr_psci_features(kHvc, HR_FID(PSCI_SYSTEM_OFF)), HR_PSCI_SUCCESS);
  check_status(hr_psci_features(kHvc, HR_FID(PSCI_SYSTEM_RESET2)), HR_PSCI_SUCCESS);
  check_status(hr_psci_features(kHvc, HR_FID(PSCI_CPU_FREEZE)), HR_PSCI_NOT_SUPPORTED);
  check_status(hr_psci_cpu_freeze(kHvc), HR_PSCI_NOT_SUPPORTED);
  check_status(hr_psci_cpu_default_suspend(kHvc, 0, 0), HR_PSCI_NOT_SUPPORTED);
  check_status(hr_psci_node_hw_state(kHvc, self, 0), HR_PSCI_NOT_SUPPORTED);
  check_status(hr_psci_system_suspend(kHvc, 0, 0), HR_PSCI_NOT_SUPPORTED);
  check_status(hr_psci_set_suspend_mode(kHvc, HR_PSCI_MODE_OS), HR_PSCI_NOT_SUPPORTED);
  CHECK_EQ(static_cast<std::uint32_t>(hr_psci_stat_count(kHvc, self, 0)), 0xffffffffu);
  check_status(hr_psci_mem_protect(kHvc, 1), HR_PSCI_NOT_SUPPORTED);
  // A type that is neither the warm reset nor the vendor's.
  check_status(hr_psci_system_reset2(kHvc, 1, 0), HR_PSCI_INVALID_PARAMETERS);
  return 22;
}

inline unsigned ask_trng() {
  check_status(hr_trng_version(kHvc), 0x10000);
  check_status(hr_trng_features(kHvc, HR_FID(TRNG_RND)), HR_TRNG_SUCCESS);
  check_status(hr_trng_features(kHvc, HR_FID(PSCI_CPU_ON)), HR_TRNG_NOT_SUPPORTED);
  std::uint32_t uuid[4] = {};
  check_status(hr_trng_get_uuid(kHvc, uuid), HR_TRNG_SUCCESS);
  CHECK((uuid[0] | uuid[1] | uuid[2] | uuid[3]) != 0);
  // An error by the specification, which KVM does not know of [arm/den0098 2.4].
  hr_word first[3] = {};
  check_status(hr_trng_rnd32(kHvc, 0, first), HR_TRNG_SUCCESS);
  hr_word second[3] = {};
  check_status(hr_trng_rnd32(kHvc, 96, first), HR_TRNG_SUCCESS);
  check_status(hr_trng_rnd32(kHvc, 96, second), HR_TRNG_SUCCESS);
  for (unsigned i = 0; i < 3; ++i) {
    CHECK(first[i] != 0 && first[i] != second[i]);
    CHECK_EQ(std::uint64_t{first[i]} >> 32, 0u);
  }
  check_status(hr_trng_rnd32(kHvc, 40, first), HR_TRNG_SUCCESS);
  CHECK_EQ(first[1] >> 8, 0u);
  CHECK_EQ(first[2], 0u);
  check_status(hr_trng_rnd32(kHvc, 97, first), HR_TRNG_INVALID_PARAMETERS);
#ifdef __aarch64__
  check_status(hr_trng_rnd64(kHvc, 192, first), HR_TRNG_SUCCESS);
  CHECK((first[0] >> 32) != 0 && (first[1] >> 32) != 0 && (first[2] >> 32) != 0);
  check_status(hr_trng_rnd64(kHvc, 193, first), HR_TRNG_INVALID_PARAMETERS);
  return 11;
#else
  return 9;
#endif
}

inline void ask_clock(hr_word counter, std::uint64_t (*now)()) {
  hr_kvm_guest_clock first = {};
  hr_kvm_guest_clock second = {};
  const std::uint64_t before = now();
  CHECK_EQ(hr_kvm_guest_ptp(counter, &first), 0);
  const std::uint64_t between = now();
  CHECK_EQ(hr_kvm_guest_ptp(counter, &second), 0);
  CHECK(before <= first.counter && first.counter <= between && between <= second.counter);
  // The clock of QEMU's host: these programs were written in 2026.
  constexpr std::uint64_t k2026 = 1767225600000000000;
  CHECK(first.nanoseconds > k2026 && first.nanoseconds < second.nanoseconds);
}

inline unsigned ask_vendor() {
  CHECK_EQ(hr_kvm_guest_is_there(), 1);
  std::uint32_t bitmap[4] = {};
  CHECK_EQ(hr_kvm_guest_features(bitmap), 0);
  CHECK_EQ(bitmap[0], 3u);
  CHECK_EQ(bitmap[1] | bitmap[2] | bitmap[3], 0u);
  CHECK_EQ(hr_kvm_guest_has(bitmap, HR_KVM_GUEST_PTP), 1);
  ask_clock(HR_KVM_GUEST_COUNTER_VIRTUAL, virtual_counter);
  ask_clock(HR_KVM_GUEST_COUNTER_PHYSICAL, physical_counter);
  hr_kvm_guest_clock clock = {1, 2};
  CHECK_EQ(hr_kvm_guest_ptp(2, &clock), -1);
  CHECK_EQ(clock.nanoseconds, 1u);
#ifdef __aarch64__
  check_status(hr_smccc_status(hr_smccc_1_0(kHvc, HR_FID(SMCCC_ARCH_FEATURES),
                                            HR_KVM_GUEST_PV_TIME(HR_KVM_GUEST_TIME_FEATURES), 0, 0)
                                   .r[0]),
               HR_SMCCC_SUCCESS);
  CHECK_EQ(hr_kvm_guest_pv_time_features(HR_KVM_GUEST_TIME_STOLEN), 0);
  CHECK_EQ(hr_kvm_guest_pv_time_features(0x22), -1);
  CHECK_EQ(hr_kvm_guest_pv_time_stolen(), kStolenTime);
  const auto* stolen = reinterpret_cast<const volatile hr_kvm_guest_stolen_time*>(kStolenTime);
  CHECK_EQ(stolen->revision, 0u);
  CHECK_EQ(stolen->attributes, 0u);
  // What the host ran since the first call: less than a minute, whoever reads it.
  CHECK(hr_kvm_guest_stolen(stolen) < 60000000000);
  return 11;
#else
  // Stolen time is for 64-bit guests: there is no id for others.
  return 7;
#endif
}

}  // namespace
}  // namespace hyprelay::below
