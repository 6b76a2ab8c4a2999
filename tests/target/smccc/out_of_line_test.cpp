// SPDX-License-Identifier: BSD-2-Clause
// SMCCC through hr_smccc_call: every register both ways, the quirk, the hint, an UNDEFINED call.
#define HR_OUT_OF_LINE
#include "tests/target/smccc/forms.hpp"

namespace hyprelay::target {
namespace {

hr_registers pattern(Word seed) {
  hr_registers registers = {};
  for (unsigned i = 0; i < HR_REGISTERS; ++i) {
    // All bits of the register.
    registers.r[i] = (~Word{0} / 0xff) * (seed + i);
  }
  return registers;
}

void check_registers(Word conduit) {
  const hr_registers in = pattern(0x10);
  hr_registers out = pattern(0x80);
  Answer answer = {kUsed, false, {}};
  for (unsigned i = 0; i < kUsed; ++i) {
    answer.r[i] = (~Word{0} / 0xff) * (0x40 + i);
  }
  Word status = 99;
  bool kept = false;
  will_answer(answer);
  below_scribe([&] { kept = keeps_values([&] { status = hr_smccc_call(conduit, &in, &out); }); });
  CHECK_EQ(status, Word{HR_ISSUE_DONE});
  CHECK(kept);
  CHECK_EQ(scribe().calls, 1u);
  CHECK(scribe().call[0].smc == (conduit == HR_CONDUIT_SMC));
  CHECK_EQ(scribe().call[0].immediate, Word{0});
  for (unsigned i = 0; i < kUsed; ++i) {
    CHECK_EQ(scribe().call[0].r[i], (~Word{0} / 0xff) * (0x10 + i));
    CHECK_EQ(out.r[i], answer.r[i]);
    CHECK_EQ(in.r[i], (~Word{0} / 0xff) * (0x10 + i));
  }
  for (unsigned i = kUsed; i < HR_REGISTERS; ++i) {
    CHECK_EQ(out.r[i], (~Word{0} / 0xff) * (0x80 + i));
  }
  note_row("smccc", "out-of-line", "ours", 1);
}

HR_TEST(registers_hvc, "hr_smccc_hvc carries r0 to r7, x0 to x17, both ways") {
  check_registers(HR_CONDUIT_HVC);
}

HR_TEST(registers_smc, "hr_smccc_smc carries r0 to r7, x0 to x17, both ways") {
  check_registers(HR_CONDUIT_SMC);
}

HR_TEST(in_place, "in and out may be the same") {
  hr_registers registers = pattern(0x10);
  will_answer({2, false, {0x71, 0x72}});
  below_scribe([&] { hr_smccc_call(HR_CONDUIT_HVC, &registers, &registers); });
  CHECK_EQ(registers.r[0], hr_word{0x71});
  CHECK_EQ(registers.r[1], hr_word{0x72});
  CHECK_EQ(registers.r[2], (~hr_word{0} / 0xff) * 0x12);
}

HR_TEST(qualcomm, "a call that was interrupted is continued with its session in r6") {
  const hr_registers in = {{0x02000601, 1, 2, 3, 4, 5, 0, 7}};
  hr_registers out = {};
  will_answer({7, false, {1, 0, 0, 0, 0, 0, 0x5e55}});
  will_answer({7, false, {1, 0, 0, 0, 0, 0, 0x5e56}});
  will_answer({7, false, {0, 0xb1, 0xb2, 0xb3, 0, 0, 0}});
  Word status = 99;
  below_scribe([&] { status = hr_smccc_qualcomm_call(&in, &out); });
  CHECK_EQ(status, Word{HR_ISSUE_DONE});
  CHECK_EQ(scribe().calls, 3u);
  constexpr Word kIds[] = {0x02000601, 1, 1};
  constexpr Word kSessions[] = {0, 0x5e55, 0x5e56};
  for (unsigned i = 0; i < 3; ++i) {
    CHECK(scribe().call[i].smc);
    CHECK_EQ(scribe().call[i].r[0], kIds[i]);
    CHECK_EQ(scribe().call[i].r[5], Word{5});
    CHECK_EQ(scribe().call[i].r[6], kSessions[i]);
    CHECK_EQ(scribe().call[i].r[7], Word{7});
  }
  CHECK_EQ(out.r[3], hr_word{0xb3});
}

HR_TEST(hint, "the hint of 1.3 is bit 16, and no part of the function") {
  will_answer(0);
  below_scribe([] { hr_smccc_1_1_hvc_0(HR_FID32(PSCI_VERSION) | HR_SMCCC_NO_SVE); });
  CHECK_EQ(scribe().call[0].r[0], Word{0x84010000});
  CHECK_EQ(hr_smccc_without_hint(0x84010000), 0x84000000u);
  CHECK_EQ(hr_smccc_without_hint(0xc600ff01), 0xc600ff01u);
}

}  // namespace
}  // namespace hyprelay::target
