// SPDX-License-Identifier: BSD-2-Clause
// A guest of the real KVM, which asks it everything that it answers, and ends by PSCI's SYSTEM_OFF:
// there may be other guests after it.
#include "tests/below/kvm/kvm.hpp"

#include "compat/hr_psci.h"
#include "tests/below/below.hpp"

extern "C" void hr_test_end() {
  hr_psci_system_off(HR_CONDUIT_HVC);
}

namespace hyprelay::below {
namespace {

constexpr const char kKvm[] = "real:kvm";

// What hr_smccc_hvc sends: x0 to x17, r0 to r7.
constexpr unsigned kSent = sizeof(hr_word) == 8 ? HR_REGISTERS : 8;

HR_TEST(smccc_in_place, "SMCCC 1.1, the UIDs, and what nobody has, in place") {
  target::note_row("smccc", "inline", kKvm, smccc_inline());
}

HR_TEST(smccc_by_call, "the same out of line") {
  target::note_row("smccc", "out-of-line", kKvm, smccc_out_of_line());
}

HR_TEST(all_registers, "a call keeps what SMCCC 1.1 has kept") {
  hr_registers in = {};
  hr_registers out = {};
  for (unsigned i = 0; i < kSent; ++i) {
    in.r[i] = hr_word{0x55667700} + i;
  }
  in.r[0] = HR_FID(SMCCC_VERSION);
  CHECK_EQ(hr_smccc_hvc(&in, &out), HR_ISSUE_DONE);
  CHECK_EQ(out.r[0], hr_word{HR_SMCCC_1_1});
  for (unsigned i = 4; i < kSent; ++i) {
    CHECK_EQ(out.r[i], in.r[i]);
  }
  target::note_row("smccc", "out-of-line", kKvm, 1);
}

HR_TEST(psci_in_place, "PSCI 1.1, in place") {
  target::note_row("psci", "inline", kKvm, psci_inline());
}

HR_TEST(psci_by_call, "PSCI 1.1, out of line") {
  target::note_row("psci", "out-of-line", kKvm, psci_out_of_line());
}

HR_TEST(trng_in_place, "TRNG 1.0, in place") {
  target::note_row("trng", "inline", kKvm, trng_inline());
}

HR_TEST(trng_by_call, "TRNG 1.0, out of line") {
  target::note_row("trng", "out-of-line", kKvm, trng_out_of_line());
}

HR_TEST(vendor_in_place, "features, PTP and stolen time, in place") {
  target::note_row("kvm-vendor", "inline", kKvm, vendor_inline());
}

HR_TEST(vendor_by_call, "features, PTP and stolen time, out of line") {
  target::note_row("kvm-vendor", "out-of-line", kKvm, vendor_out_of_line());
}

}  // namespace
}  // namespace hyprelay::below
