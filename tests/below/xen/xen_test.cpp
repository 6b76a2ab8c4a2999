// SPDX-License-Identifier: BSD-2-Clause
// dom0 of the real Xen 4.17, or a guest, which asks it everything.
#include "compat/xen.hpp"

#include "compat/hr_psci.h"
#include "tests/below/xen/pages.hpp"

namespace hyprelay::below {

constinit Page shared_info_page = {};
constinit Page grant_page = {};
constinit Page source_page = {};
constinit Page target_page = {};
constinit Page vcpu_page = {};

namespace {

constexpr hr_word kENOSYS = ~hr_word{0} - 37;

HR_TEST(by_number, "calls by number with 0 to 5 arguments, and an unknown number") {
  CHECK_EQ(hr_xen_call0(60), kENOSYS);
  CHECK_EQ(hr_xen_call1(60, 1), kENOSYS);
  CHECK_EQ(hr_xen_call2(17, 0, 0), hr_word{0x40011});
  CHECK_EQ(hr_xen_call3(17, 7, 0, 0), hr_word{4096});
  CHECK_EQ(hr_xen_call4(17, 0, 0, 3, 4), hr_word{0x40011});
  CHECK_EQ(hr_xen_call5(17, 7, 0, 3, 4, 5), hr_word{4096});
  CHECK_EQ(hr_xen_call5(63, 1, 2, 3, 4, 5), kENOSYS);
  target::note_row("xen", "inline", "real:xen-4.17", 7);
}

HR_TEST(another_immediate, "an HVC with an immediate that Xen does not know is UNDEFINED") {
  CHECK_EQ(undefs_of([] { __asm__ volatile(HR_HVC_ASM(HR_HVC_IMMEDIATE)::: "memory"); }), Word{1});
  CHECK_EQ(undefs_of([] {
             __asm__ volatile(HR_HVC_ASM(HR_XEN_IMMEDIATE + 1)::: "memory");
           }),
           Word{1});
}

HR_TEST(privcmd, "hr_privcmd_call") {
  constexpr char kText[] = "hyprelay below Xen: privcmd\n";
  CHECK_EQ(hr_privcmd_call(60, 1, 2, 3, 4, 5), kENOSYS);
  CHECK_EQ(hr_privcmd_call(17, 0, 0, 3, 4, 5), hr_word{0x40011});
  CHECK_EQ(hr_privcmd_call(18, 0, sizeof kText - 1, reinterpret_cast<hr_word>(kText), 4, 5),
           hr_word{0});
  target::note_row("xen", "out-of-line", "real:xen-4.17", 3);
}

HR_TEST(results, "compat::xen: the version, a refusal by name, and a line on the console") {
  const auto version = compat::xen::version();
  CHECK(version && version.value().major == 4 && version.value().minor == 17);
  const auto refused = compat::xen::result_of(hr_vcpuop_is_up(0, nullptr));
  CHECK(!refused && refused.error().subject() == "EINVAL");
  CHECK(bool(compat::xen::print("hyprelay below Xen: C++\n")));
}

// a71812dc-c698-4369-9acf-79d18ddee667 [xen/include/public/arch-arm/smccc.h], as SMCCC has a UID in
// registers: four bytes in each, the first one lowest.
constexpr hr_word kUid[4] = {0xdc1218a7, 0x694398c6, 0xd179cf9a, 0x67e6de8d};

HR_TEST(smccc, "hvc #0 beside the hypercalls: Xen's UID and its PSCI, inline and out of line") {
  constexpr hr_word kUidFunction = 0x8500ff01;
  const struct hr_smccc_result uid = hr_smccc_1_1_hvc_0(kUidFunction);
  hr_registers registers = {{kUidFunction}};
  hr_smccc_call(HR_CONDUIT_HVC, &registers, &registers);
  for (unsigned i = 0; i < 4; ++i) {
    CHECK_EQ(uid.r[i], kUid[i]);
    CHECK_EQ(registers.r[i], kUid[i]);
  }
  CHECK_EQ(static_cast<std::uint32_t>(hr_smccc_1_1_hvc_0(0x8500ff77).r[0]), 0xffffffffu);
  target::note_row("smccc", "inline", "real:xen-4.17", 2);
  target::note_row("smccc", "out-of-line", "real:xen-4.17", 1);

  CHECK_EQ(static_cast<std::uint32_t>(hr_psci_version(HR_CONDUIT_HVC)), 0x10001u);
  CHECK_EQ(static_cast<std::uint32_t>(hr_psci_features(HR_CONDUIT_HVC, 0x84000002)), 0u);
  CHECK_EQ(hr_psci_features(HR_CONDUIT_HVC, 0x8400ff00), -1);
  registers = {{0x84000000}};
  hr_smccc_call(HR_CONDUIT_HVC, &registers, &registers);
  CHECK_EQ(registers.r[0], hr_word{0x10001});
  target::note_row("psci", "inline", "real:xen-4.17", 3);
  target::note_row("psci", "out-of-line", "real:xen-4.17", 1);
}

HR_TEST(typed_inline, "every typed operation, inline") {
  target::note_row("xen", "inline", "real:xen-4.17", ask_inline());
}

HR_TEST(typed_out_of_line, "every typed operation, out of line") {
  target::note_row("xen", "out-of-line", "real:xen-4.17", ask_out_of_line());
}

}  // namespace
}  // namespace hyprelay::below
