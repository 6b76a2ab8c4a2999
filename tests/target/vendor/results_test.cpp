// SPDX-License-Identifier: BSD-2-Clause
// compat/vendors.hpp below residents of ours: what an answer is as a Result.
#include "compat/vendors.hpp"
#include "tests/target/vendor/residents.hpp"

namespace hyprelay::target {
namespace {

using base::Code;

// The code of a Result, 0 when it is a value.
template <class Result>
Word code_of(const Result& result) {
  return result ? 0 : static_cast<Word>(result.error().code());
}

HR_TEST(jailhouse_results, "vendors.hpp: Jailhouse's errors by kind") {
  jailhouse() = {false, 1, 0, {}};
  Word cells = 0;
  Word code[2] = {};
  below_of_ours(jailhouse_of_ours, [&] {
    const auto answer =
        compat::jailhouse::result_of(hr_jailhouse_hypervisor_get_info(HR_JAILHOUSE_INFO_CELLS));
    cells = answer ? answer.value() : 0;
    code[0] = code_of(compat::jailhouse::result_of(hr_jailhouse_call(9, 0, 0)));
    code[1] = code_of(compat::jailhouse::result_of(hr_jailhouse_disable()));
  });
  CHECK_EQ(cells, Word{1});
  CHECK_EQ(code[0], static_cast<Word>(Code::RESIDENT_CANNOT));
  CHECK_EQ(code[1], static_cast<Word>(Code::RESIDENT_REFUSED));
}

HR_TEST(kvm_results, "vendors.hpp: KVM's clock, and a counter that is none") {
  std::uint64_t nanoseconds = 0;
  Word code = 0;
  below_of_ours(kvm_of_ours, [&] {
    const auto clock = compat::kvm_guest::clock(HR_KVM_GUEST_COUNTER_PHYSICAL);
    nanoseconds = clock ? clock.value().nanoseconds : 0;
    code = code_of(compat::kvm_guest::clock(7));
  });
  CHECK_EQ(nanoseconds, 0x18000001'8234abcdu);
  CHECK_EQ(code, static_cast<Word>(Code::RESIDENT_CANNOT));
}

HR_TEST(hyperv_names, "vendors.hpp: a result of Hyper-V's, all ones, and names of statuses") {
  CHECK_EQ(code_of(compat::hyperv::result_of(~Word{0})),
           static_cast<Word>(Code::RESIDENT_UNDEFINED));
  CHECK_EQ(code_of(compat::hyperv::result_of(4)), static_cast<Word>(Code::RESIDENT_MISALIGNED));
  CHECK_EQ(code_of(compat::hyperv::result_of(0x77)), static_cast<Word>(Code::RESIDENT_REFUSED));
  CHECK(compat::hyperv::status_name(6) == "ACCESS_DENIED" &&
        compat::hyperv::status_name(99).empty());
}

#ifdef __aarch64__
HR_TEST(hyperv_results, "vendors.hpp: Hyper-V from its beginning to its teardown") {
  hyperv() = {};
  hyperv().has_synic = true;
  Word features = 0;
  Word code[3] = {9, 9, 9};
  Word end[2] = {9, 9};
  below_of_ours(hyperv_of_ours, [&] {
    code[0] = code_of(compat::hyperv::get(HR_HYPERV_REGISTER_FEATURES));
    const auto facts = compat::hyperv::begin(7);
    features = facts ? facts.value().features[0] : 0;
    code[1] = code_of(compat::hyperv::get(0x777));
    code[2] = code_of(compat::hyperv::set(HR_HYPERV_REGISTER_SCONTROL, 1));
    end[0] = code_of(compat::hyperv::teardown());
    end[1] = code_of(compat::hyperv::teardown());
  });
  CHECK_EQ(code[0], static_cast<Word>(Code::RESIDENT_REFUSED));
  CHECK_EQ(features, Word{0x2e7f'0000'0070});
  CHECK_EQ(code[1], static_cast<Word>(Code::RESIDENT_ARGUMENT));
  CHECK_EQ(code[2], Word{0});
  CHECK_EQ(end[0], Word{0});
  CHECK_EQ(end[1], static_cast<Word>(Code::RESIDENT_REFUSED));
}

HR_TEST(gunyah_results, "vendors.hpp: Gunyah's unknown hypercall") {
  hr_word x[8] = {};
  below_of_ours(gunyah_of_ours, [&] { hr_gunyah_call(0x1ff, x); });
  CHECK_EQ(code_of(compat::gunyah::result_of(x[0])), static_cast<Word>(Code::RESIDENT_CANNOT));
  CHECK_EQ(code_of(compat::gunyah::result_of(1)), Word{0});
}
#endif

}  // namespace
}  // namespace hyprelay::target
