// SPDX-License-Identifier: BSD-2-Clause
// SMCCC in place: 0 to 6 arguments, 1.0 and 1.1, HVC and SMC.
#include "tests/target/smccc/forms.hpp"

HR_TEST_CPUS(1)

namespace hyprelay::target {
namespace {

constexpr Word kId = 0xc6000123;

// The call had this many arguments, a1 = 0x51 and so on, and the results are the answer's.
void check_arity(unsigned i, unsigned arguments, bool smc, const hr_smccc_result& result) {
  const Call& call = scribe().call[i];
  CHECK_EQ(call.r[0], kId);
  for (unsigned a = 1; a <= arguments; ++a) {
    CHECK_EQ(call.r[a], Word{0x50} + a);
  }
  CHECK(call.smc == smc);
  CHECK_EQ(call.immediate, Word{0});
  for (unsigned r = 0; r < 4; ++r) {
    CHECK_EQ(result.r[r], hr_word{0xa0} + r);
  }
}

template <class Calls>
void check_arities(bool smc, bool spoil, Calls calls) {
  hr_smccc_result results[7] = {};
  bool kept = false;
  will_answer({4, spoil, {0xa0, 0xa1, 0xa2, 0xa3}});
  below_scribe([&] { kept = keeps_values([&] { calls(results); }); });
  CHECK(kept);
  CHECK_EQ(scribe().calls, 7u);
  for (unsigned n = 0; n < 7; ++n) {
    check_arity(n, n, smc, results[n]);
  }
  note_row("smccc", "inline", "ours", 7);
}

// The arguments are values that live on: 1.0 must not find them in x4 to x6 afterwards.
#define ARITIES(prefix)                                                          \
  [](hr_smccc_result* results) {                                                 \
    volatile Word first = 0x51;                                                  \
    const Word a = first, b = a + 1, c = a + 2, d = a + 3, e = a + 4, f = a + 5; \
    results[0] = prefix##_0(kId);                                                \
    results[1] = prefix##_1(kId, a);                                             \
    results[2] = prefix##_2(kId, a, b);                                          \
    results[3] = prefix##_3(kId, a, b, c);                                       \
    results[4] = prefix##_4(kId, a, b, c, d);                                    \
    results[5] = prefix##_5(kId, a, b, c, d, e);                                 \
    results[6] = prefix##_6(kId, a, b, c, d, e, f);                              \
  }

HR_TEST(arities_1_0, "hr_smccc_1_0_hvc_0 to hr_smccc_1_0_smc_6, x4 to x17 destroyed") {
  check_arities(false, true, ARITIES(hr_smccc_1_0_hvc));
  check_arities(true, true, ARITIES(hr_smccc_1_0_smc));
}

HR_TEST(arities_1_1, "hr_smccc_1_1_hvc_0 to hr_smccc_1_1_smc_6, x4 to x17 kept") {
  check_arities(false, false, ARITIES(hr_smccc_1_1_hvc));
  check_arities(true, false, ARITIES(hr_smccc_1_1_smc));
}

}  // namespace
}  // namespace hyprelay::target
