// SPDX-License-Identifier: BSD-2-Clause
// dom0 of the real Xen 4.17, which asks it everything.
#include "compat/xen.hpp"

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

HR_TEST(typed_inline, "every typed operation, inline") {
  target::note_row("xen", "inline", "real:xen-4.17", ask_inline());
}

HR_TEST(typed_out_of_line, "every typed operation, out of line") {
  target::note_row("xen", "out-of-line", "real:xen-4.17", ask_out_of_line());
}

}  // namespace
}  // namespace hyprelay::below
