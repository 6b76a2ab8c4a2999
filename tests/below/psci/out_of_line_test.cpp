// SPDX-License-Identifier: BSD-2-Clause
// PSCI and SMCCC through hr_smccc_call, below whoever is there; and all its registers.
#define HR_OUT_OF_LINE
#include "tests/below/psci/both_forms.hpp"

namespace hyprelay::below {
namespace {

#ifdef __aarch64__
constexpr unsigned kUsed = 18;
#else
constexpr unsigned kUsed = 8;
#endif

// None of these residents uses more than it must, so that what is no result comes back. The first
// three registers after the result are free to be lost.
HR_TEST(registers, "registers beyond the results come back, the others are taken from in") {
  hr_registers in = {};
  hr_registers out = {};
  for (unsigned i = 0; i < HR_REGISTERS; ++i) {
    in.r[i] = 0x01010101u * i + 0x40;
    out.r[i] = 0xdead;
  }
  in.r[0] = 0x84000000;
  CHECK_EQ(hr_smccc_call(conduit(), &in, &out), Word{HR_ISSUE_DONE});
  CHECK_EQ(out.r[0], Word{kAnswers.psci});
  CHECK_EQ(in.r[0], Word{0x84000000});
  for (unsigned i = 4; i < kUsed; ++i) {
    CHECK_EQ(out.r[i], in.r[i]);
  }
  for (unsigned i = kUsed; i < HR_REGISTERS; ++i) {
    CHECK_EQ(out.r[i], Word{0xdead});
  }
  note_row("smccc", "out-of-line", who(), 1);
}

HR_TEST(no_conduit, "without a conduit nothing is called") {
  hr_registers in = {{0x84000008}};
  CHECK_EQ(hr_smccc_call(HR_CONDUIT_NONE, &in, &in), Word{HR_ISSUE_UNSUPPORTED});
  CHECK_ANSWER(hr_psci_system_off(HR_CONDUIT_NONE), kNotSupported);
}

}  // namespace
}  // namespace hyprelay::below
