// SPDX-License-Identifier: BSD-2-Clause
// hr_kvm_guest.h below kvm_of_ours: the widths and endiannesses that no real KVM here runs.
#include "compat/hr_kvm_guest.h"
#include "tests/target/vendor/residents.hpp"

namespace hyprelay::target {
namespace {

HR_TEST(kvm_vendor, "kvm_of_ours, " OF_OURS_FORM ": UID, features, both counters") {
  int is_there = 0;
  int features = 1;
  int ptp[3] = {1, 1, 1};
  std::uint32_t bitmap[4] = {9, 9, 9, 9};
  hr_kvm_guest_clock clock[3] = {};
  bool kept = false;
  const bool ended = below_of_ours(kvm_of_ours, [&] {
    kept = keeps_values([&] { is_there = hr_kvm_guest_is_there(); });
    features = hr_kvm_guest_features(bitmap);
    ptp[0] = hr_kvm_guest_ptp(HR_KVM_GUEST_COUNTER_VIRTUAL, &clock[0]);
    ptp[1] = hr_kvm_guest_ptp(HR_KVM_GUEST_COUNTER_PHYSICAL, &clock[1]);
    ptp[2] = hr_kvm_guest_ptp(2, &clock[2]);
  });
  CHECK(ended);
  CHECK(kept);
  CHECK_EQ(is_there, 1);
  CHECK_EQ(features, 0);
  CHECK_EQ(bitmap[0], 3u);
  CHECK_EQ(bitmap[3], 0x80000000u);
  CHECK(hr_kvm_guest_has(bitmap, HR_KVM_GUEST_PTP));
  CHECK(!hr_kvm_guest_has(bitmap, 2) && hr_kvm_guest_has(bitmap, 127));
  CHECK_EQ(ptp[0], 0);
  CHECK_EQ(clock[0].nanoseconds, 0x18000001'8234abcdu);
  CHECK_EQ(clock[0].counter, 0x1f'fedcba98u);
  CHECK_EQ(clock[1].counter, 0x1f'fedd0000u);
  CHECK_EQ(ptp[2], -1);
  CHECK_EQ(clock[2].nanoseconds, 0u);
  constexpr std::uint32_t kFunctions[] = {0x8600ff01, 0x86000000, 0x86000001, 0x86000001,
                                          0x86000001};
  CHECK_EQ(asked().count, 5u);
  for (unsigned i = 0; i < 5; ++i) {
    CHECK_EQ(asked().asked[i].immediate, 0u);
    CHECK_EQ(asked().asked[i].r[0], Word{kFunctions[i]});
  }
  CHECK_EQ(asked().asked[3].r[1], Word{1});
  note_row("kvm-vendor", OF_OURS_FORM, "ours", asked().count);
}

HR_TEST(kvm_stolen, "hr_kvm_guest_stolen reads what is little endian, " OF_OURS_FORM) {
  alignas(64) unsigned char memory[16] = {0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8};
  CHECK_EQ(hr_kvm_guest_stolen(reinterpret_cast<hr_kvm_guest_stolen_time*>(memory)),
           0x0807060504030201u);
}

#ifdef __aarch64__
HR_TEST(kvm_time, "kvm_of_ours, " OF_OURS_FORM ": paravirtualized time") {
  int features[2] = {1, 1};
  Word stolen = 0;
  const bool ended = below_of_ours(kvm_of_ours, [&] {
    features[0] = hr_kvm_guest_pv_time_features(HR_KVM_GUEST_TIME_STOLEN);
    features[1] = hr_kvm_guest_pv_time_features(0x22);
    stolen = hr_kvm_guest_pv_time_stolen();
  });
  CHECK(ended);
  CHECK_EQ(features[0], 0);
  CHECK_EQ(features[1], -1);
  CHECK_EQ(stolen, Word{0x8'4000'1040});
  CHECK_EQ(asked().asked[0].r[0], Word{0xc5000020});
  CHECK_EQ(asked().asked[0].r[1], Word{0xc5000021});
  CHECK_EQ(asked().asked[2].r[0], Word{0xc5000021});
}

HR_TEST(kvm_is_not_gunyah, "hr_kvm_guest_is_there, " OF_OURS_FORM ": another's UID is not KVM's") {
  int is_there = 1;
  below_of_ours(gunyah_of_ours, [&] { is_there = hr_kvm_guest_is_there(); });
  CHECK_EQ(is_there, 0);
}
#endif

}  // namespace
}  // namespace hyprelay::target
