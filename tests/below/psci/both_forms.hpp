// SPDX-License-Identifier: BSD-2-Clause
// The tests of PSCI and SMCCC below whoever has 0.2 or later. Included by two files: with
// HR_OUT_OF_LINE defined all calls of the clients go through hr_smccc_call.
#pragma once

#include "tests/below/psci/calls.hpp"

namespace hyprelay::below {
namespace {

#ifdef HR_OUT_OF_LINE
#define HR_FORM "out-of-line"
#else
#define HR_FORM "inline"
#endif

constexpr std::int32_t kNotSupported = -1;
constexpr std::int32_t kInvalid = -2;
constexpr std::int32_t kAlreadyOn = -4;

constexpr Word as_word(std::int32_t answer) {
  return static_cast<Word>(static_cast<std::uint32_t>(answer));
}
#define CHECK_ANSWER(actual, wanted) CHECK_EQ(as_word(actual), as_word(wanted))

HR_TEST(discover, "the chain finds the version of PSCI and of SMCCC, " HR_FORM) {
  hr_smccc_found found = {};
  CHECK_EQ(hr_smccc_discover(conduit(), HR_PSCI_0_2, &found), Word{kAnswers.smccc});
  CHECK_EQ(found.psci, Word{kAnswers.psci});
  CHECK_EQ(found.version, Word{kAnswers.smccc});
  CHECK_ANSWER(hr_psci_version(conduit()), static_cast<std::int32_t>(kAnswers.psci));
  CHECK_ANSWER(found.soc_id, kNotSupported);
#ifdef HR_BELOW_TF_A
  // A Cortex-A53 speculates little: 1 is not affected, -2 not required; and what this build was not
  // given is not there [tf-a/services/arm_arch_svc/arm_arch_svc_setup.c].
  CHECK_ANSWER(found.workaround[0], kNotSupported);
  CHECK_ANSWER(found.workaround[1], -2);
  CHECK_ANSWER(found.workaround[2], 1);
  note_row("smccc", HR_FORM, who(), 8);
#else
  CHECK_ANSWER(found.workaround[0], kNotSupported);
  // QEMU has no function of the architecture and no UID: it says so for every id that it gets.
  std::uint32_t uid[4] = {};
  CHECK(hr_smccc_uid(conduit(), 0x8600ff01, uid) == HR_UID_NONE);
  CHECK(hr_smccc_uid(conduit(), 0x8500ff01, uid) == HR_UID_NONE);
  CHECK_ANSWER(hr_smccc_soc_id(conduit(), 0), kNotSupported);
  note_row("smccc", HR_FORM, who(), 5);
#endif
}

HR_TEST(features, "PSCI_FEATURES of every function, 32 and 64 bits, " HR_FORM) {
  for (std::uint32_t n = 0; n <= 0x14; ++n) {
    CHECK_ANSWER(hr_psci_features(conduit(), 0x84000000 + n),
                 (kAnswers.ids >> n & 1) != 0 ? 0 : kNotSupported);
    CHECK_ANSWER(hr_psci_features(conduit(), 0xc4000000 + n),
                 (kAnswers.ids_64 >> n & 1) != 0 ? 0 : kNotSupported);
  }
  // One that nobody has.
  CHECK_ANSWER(hr_psci_features(conduit(), 0x8400001f), kNotSupported);
  note_row("psci", HR_FORM, who(), 43);
}

bool has(std::uint32_t n) {
  return (kAnswers.ids >> n & 1) != 0;
}

// Arguments that nobody can do anything with, so that what is there refuses.
HR_TEST(refused, "every function that would not come back is refused, or not there, " HR_FORM) {
  const Word c = conduit();
  CHECK_ANSWER(hr_psci_cpu_suspend(c, ~Word{0}, secondary_entry(), 0),
               has(1) ? kInvalid : kNotSupported);
  CHECK_ANSWER(hr_psci_cpu_on(c, 0x77, secondary_entry(), 0), kInvalid);
  CHECK_ANSWER(hr_psci_cpu_on(c, 0, secondary_entry(), 0), kAlreadyOn);
  CHECK_ANSWER(hr_psci_affinity_info(c, 0x77, 0), kInvalid);
  CHECK_ANSWER(hr_psci_migrate(c, 1), kNotSupported);
  CHECK_ANSWER(hr_psci_migrate_info_type(c), has(6) ? 2 : kNotSupported);
  CHECK_ANSWER(hr_smccc_status(hr_psci_migrate_info_up_cpu(c)), kNotSupported);
  CHECK_ANSWER(hr_psci_cpu_freeze(c), kNotSupported);
  CHECK_ANSWER(hr_psci_cpu_default_suspend(c, secondary_entry(), 0), kNotSupported);
  CHECK_ANSWER(hr_psci_node_hw_state(c, 0, 0), kNotSupported);
  CHECK_ANSWER(hr_psci_system_suspend(c, secondary_entry(), 0), kNotSupported);
  CHECK_ANSWER(hr_psci_set_suspend_mode(c, HR_PSCI_MODE_OS), kNotSupported);
  CHECK_ANSWER(hr_smccc_status(hr_psci_stat_residency(c, 0, 1)), kNotSupported);
  CHECK_ANSWER(hr_smccc_status(hr_psci_stat_count(c, 0, 1)), kNotSupported);
  CHECK_ANSWER(hr_psci_system_reset2(c, 0x7fffffff, 0), kNotSupported);
  CHECK_ANSWER(hr_psci_mem_protect(c, 0), kNotSupported);
  CHECK_ANSWER(hr_psci_mem_protect_check_range(c, secondary_entry(), 16), kNotSupported);
  note_row("psci", HR_FORM, who(), 17);
}

// TF-A of this board switches a CPU off by asking for its warm reset (RMR_EL3), which QEMU 7.2 does
// not do: there each start has a CPU of its own.
#ifndef HR_BELOW_TF_A
constexpr Word kCpu = 1;
constexpr Word kContexts[] = {0x12345678, 0x9abcdef0};
#elif defined(HR_OUT_OF_LINE)
constexpr Word kCpu = 2;
constexpr Word kContexts[] = {0x9abcdef0};
#else
constexpr Word kCpu = 1;
constexpr Word kContexts[] = {0x12345678};
#endif

HR_TEST(cpu_on, "CPU_ON starts a CPU, AFFINITY_INFO follows it, " HR_FORM) {
  const Word c = conduit();
  for (const Word context : kContexts) {
    CHECK_ANSWER(hr_psci_affinity_info(c, kCpu, 0), HR_PSCI_AFFINITY_OFF);
    prepare_secondary(0x84000002);
    CHECK_ANSWER(hr_psci_cpu_on(c, kCpu, secondary_entry(), context), 0);
    check_arrived(kCpu, context);
    CHECK_ANSWER(hr_psci_affinity_info(c, kCpu, 0), HR_PSCI_AFFINITY_ON);
    CHECK_ANSWER(hr_psci_cpu_on(c, kCpu, secondary_entry(), context), kAlreadyOn);
    let_secondary_go();
    CHECK(soon([&] { return hr_psci_affinity_info(c, kCpu, 0) == HR_PSCI_AFFINITY_OFF; }));
  }
#ifdef __aarch64__
  CHECK_ANSWER(hr_smccc_status(hr_smccc_1_0(c, 0x84000004, kCpu, 0, 0).r[0]), 1);
#endif
  note_row("psci", HR_FORM, who(), 8);
}

// QEMU alone answers the ids of its own tree's "arm,psci" too [qemu/hw/arm/virt.c
// fdt_add_psci_node].
#ifndef HR_BELOW_TF_A
HR_TEST(cpu_on_0_1, "PSCI 0.1 with the ids of the tree starts a CPU, " HR_FORM) {
  constexpr hr_psci_0_1 kIds = {0x95c1ba5e, 0x95c1ba5f, 0x95c1ba60, 0x95c1ba61};
  constexpr hr_psci_0_1 kNoIds = {};
  const Word c = conduit();
  hr_smccc_found found = {};
  CHECK_EQ(hr_smccc_discover(c, HR_PSCI_0_1, &found), Word{0});
  CHECK_EQ(found.psci, Word{HR_PSCI_0_1});
  prepare_secondary(kIds.cpu_off);
  CHECK_ANSWER(hr_psci_0_1_cpu_on(c, &kNoIds, 2, secondary_entry()), kNotSupported);
  CHECK_ANSWER(hr_psci_0_1_cpu_on(c, &kIds, 2, secondary_entry()), 0);
  check_arrived(2, 0);
  let_secondary_go();
  CHECK(soon([&] { return hr_psci_affinity_info(c, 2, 0) == HR_PSCI_AFFINITY_OFF; }));
  CHECK_ANSWER(hr_psci_0_1_migrate(c, &kIds, 1), kNotSupported);
  CHECK_ANSWER(hr_psci_0_1_cpu_suspend(c, &kIds, ~Word{0}, secondary_entry()), kInvalid);
  note_row("psci", HR_FORM, who(), 4);
}
#endif

// Nobody in these tests has it; who has is asked for bits, which cannot be the same twice.
HR_TEST(trng, "TRNG says that it is not there, or gives entropy, " HR_FORM) {
  const Word c = conduit();
  const std::int32_t version = hr_trng_version(c);
  CHECK_ANSWER(hr_trng_features(c, 0x84000053), version < 0 ? kNotSupported : 0);
  hr_word one[3] = {};
  hr_word two[3] = {};
  CHECK_ANSWER(hr_trng_rnd32(c, 96, one), version < 0 ? kNotSupported : 0);
  CHECK_ANSWER(hr_trng_rnd32(c, 96, two), version < 0 ? kNotSupported : 0);
  CHECK((one[0] != two[0] || one[1] != two[1] || one[2] != two[2]) == (version >= 0));
  if (version >= 0) {
    note_row("trng", HR_FORM, who(), 4);
  }
}

}  // namespace
}  // namespace hyprelay::below
