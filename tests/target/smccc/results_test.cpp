// SPDX-License-Identifier: BSD-2-Clause
// SMCCC and PSCI for C++: what an answer becomes.
#include "compat/smccc.hpp"
#include "tests/target/smccc/scribe.hpp"

namespace hyprelay::target {
namespace {

using base::Code;

void will_be(std::int32_t psci, std::int32_t smccc) {
  constexpr std::int32_t kThere = 0;
  will_answer(psci);
  will_answer(kThere);
  will_answer(smccc);
  for (unsigned i = 0; i < 4; ++i) {
    will_answer(-1);
  }
}

HR_TEST(errors, "an error of PSCI is a Code, with the answer") {
  struct {
    std::int32_t answer;
    Code code;
  } constexpr kAnswers[] = {{-1, Code::RESIDENT_CANNOT},   {-2, Code::RESIDENT_ARGUMENT},
                            {-3, Code::RESIDENT_REFUSED},  {-4, Code::RESIDENT_REFUSED},
                            {-9, Code::RESIDENT_ARGUMENT}, {-77, Code::RESIDENT_REFUSED}};
  for (const auto& row : kAnswers) {
    will_be(0x10001, 0x10002);
    will_answer(row.answer);
    bool right = false;
    below_scribe([&] {
      const compat::Smccc smccc(HR_CONDUIT_HVC, HR_PSCI_0_2);
      const auto result = compat::Psci(smccc).cpu_on(1, 2, 3);
      right = !result && result.error().code() == row.code &&
              result.error().at() == static_cast<std::uint32_t>(row.answer);
    });
    CHECK(right);
  }
}

HR_TEST(results, "what is done is a value, and what comes back from CPU_OFF an error") {
  will_be(0x10001, 0x10002);
  will_answer(0);
  will_answer(1);
  will_answer(0x8000);
  will_answer(0);
  bool right[4] = {};
  below_scribe([&] {
    const compat::Psci psci(compat::Smccc(HR_CONDUIT_HVC, HR_PSCI_0_2));
    right[0] = psci.cpu_on(1, 2, 3).has_value();
    const auto state = psci.affinity_info(1);
    right[1] = state && state.value() == HR_PSCI_AFFINITY_OFF;
    const auto features = psci.features(0x84000001);
    right[2] = features && features.value() == 0x8000;
    right[3] = psci.cpu_off().code() == Code::RESIDENT_REFUSED;
  });
  CHECK(right[0]);
  CHECK(right[1]);
  CHECK(right[2]);
  CHECK(right[3]);
  CHECK_EQ(scribe().calls, 11u);
}

HR_TEST(versions, "what a version does not have is not asked") {
  hr_registers all = {};
  std::uint32_t uid[4] = {};
  bool cannot[5] = {};
  will_answer(2);
  below_scribe([&] {
    const compat::Smccc smccc(HR_CONDUIT_HVC, HR_PSCI_0_2);
    const auto is_cannot = [](const auto& result) {
      return !result && result.error().code() == Code::RESIDENT_CANNOT;
    };
    cannot[0] = is_cannot(smccc.call(all));
    cannot[1] = is_cannot(smccc.hypervisor(uid));
    cannot[2] = is_cannot(smccc.soc_id(HR_SMCCC_SOC_VERSION));
    cannot[3] = is_cannot(compat::Psci(smccc).features(0x84000001));
    cannot[4] = is_cannot(compat::Psci(compat::Smccc(HR_CONDUIT_HVC, HR_PSCI_0_1)).cpu_on(1, 2, 3));
  });
  for (const bool right : cannot) {
    CHECK(right);
  }
  CHECK_EQ(scribe().calls, 1u);
}

HR_TEST(hypervisor, "the standard UID is asked when the vendor's is nobody's") {
  will_be(0x10001, 0x10001);
  will_answer(-1);
  will_answer({4, true, {0xdc1218a7, 0x694398c6, 0xd179cf9a, 0x67e6de8d}});
  bool right = false;
  std::uint32_t uid[4] = {};
  below_scribe([&] {
    const auto who = compat::Smccc(HR_CONDUIT_HVC, HR_PSCI_0_2).hypervisor(uid);
    right = who && who.value() == HR_UID_XEN;
  });
  CHECK(right);
  CHECK_EQ(scribe().call[7].r[0], Word{0x8600ff01});
  CHECK_EQ(scribe().call[8].r[0], Word{0x8500ff01});
  CHECK_EQ(uid[0], 0xdc1218a7u);
}

}  // namespace
}  // namespace hyprelay::target
