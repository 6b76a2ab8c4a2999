// SPDX-License-Identifier: BSD-2-Clause
// What is the same in place and out of line: discovery, every function of PSCI and TRNG, UIDs.
// Included by two files, one of them with HR_OUT_OF_LINE.
#pragma once

#include "tests/target/smccc/scribe.hpp"

namespace hyprelay::target {
namespace {

constexpr Word as_word(std::int32_t answer) {
  return static_cast<Word>(static_cast<std::uint32_t>(answer));
}

// The i-th call was this one, with these arguments.
void check_call(unsigned i, Word id, Word a1 = 0, Word a2 = 0, Word a3 = 0) {
  const Call& call = scribe().call[i];
  CHECK_EQ(call.r[0], id);
  CHECK_EQ(call.r[1], a1);
  CHECK_EQ(call.r[2], a2);
  CHECK_EQ(call.r[3], a3);
  CHECK(!call.smc);
  CHECK_EQ(call.immediate, Word{0});
}

// Ids that take addresses: this width's.
#ifdef __aarch64__
constexpr Word kWide = 0x40000000;
#else
constexpr Word kWide = 0;
#endif

HR_TEST(psci, "every function of PSCI 1.1 has its id and its arguments, " OF_OURS_FORM) {
  constexpr Word kHvc = HR_CONDUIT_HVC;
  will_answer(-6);
  std::int32_t sum = 0;
  const auto first = [&] {
    sum += hr_psci_version(kHvc) + hr_psci_cpu_suspend(kHvc, 0x11, 0x12, 0x13);
    sum += hr_psci_cpu_off(kHvc) + hr_psci_cpu_on(kHvc, 0x14, 0x15, 0x16);
    sum += hr_psci_affinity_info(kHvc, 0x17, 1) + hr_psci_migrate(kHvc, 0x18);
    sum += hr_psci_migrate_info_type(kHvc) + hr_smccc_status(hr_psci_migrate_info_up_cpu(kHvc));
    sum += hr_psci_system_off(kHvc) + hr_psci_system_reset(kHvc);
    sum += hr_psci_features(kHvc, 0x84000001);
  };
  below_scribe(first);
  CHECK_EQ(scribe().calls, 11u);
  CHECK_EQ(as_word(sum), as_word(-66));
  check_call(0, 0x84000000);
  check_call(1, 0x84000001 | kWide, 0x11, 0x12, 0x13);
  check_call(2, 0x84000002);
  check_call(3, 0x84000003 | kWide, 0x14, 0x15, 0x16);
  check_call(4, 0x84000004 | kWide, 0x17, 1);
  check_call(5, 0x84000005 | kWide, 0x18);
  check_call(6, 0x84000006);
  check_call(7, 0x84000007 | kWide);
  check_call(8, 0x84000008);
  check_call(9, 0x84000009);
  check_call(10, 0x8400000a, 0x84000001);
  will_answer(-6);
  const auto second = [&] {
    sum += hr_psci_cpu_freeze(kHvc) + hr_psci_cpu_default_suspend(kHvc, 0x21, 0x22);
    sum += hr_psci_node_hw_state(kHvc, 0x23, 1) + hr_psci_system_suspend(kHvc, 0x24, 0x25);
    sum += hr_psci_set_suspend_mode(kHvc, HR_PSCI_MODE_OS);
    sum += hr_smccc_status(hr_psci_stat_residency(kHvc, 0x26, 0x27));
    sum += hr_smccc_status(hr_psci_stat_count(kHvc, 0x28, 0x29));
    sum += hr_psci_system_reset2(kHvc, 0x80000001, 0x2a) + hr_psci_mem_protect(kHvc, 1);
    sum += hr_psci_mem_protect_check_range(kHvc, 0x2b, 0x2c);
  };
  below_scribe(second);
  CHECK_EQ(scribe().calls, 10u);
  CHECK_EQ(as_word(sum), as_word(-126));
  check_call(0, 0x8400000b);
  check_call(1, 0x8400000c | kWide, 0x21, 0x22);
  check_call(2, 0x8400000d | kWide, 0x23, 1);
  check_call(3, 0x8400000e | kWide, 0x24, 0x25);
  check_call(4, 0x8400000f, 1);
  check_call(5, 0x84000010 | kWide, 0x26, 0x27);
  check_call(6, 0x84000011 | kWide, 0x28, 0x29);
  check_call(7, 0x84000012 | kWide, 0x80000001, 0x2a);
  check_call(8, 0x84000013, 1);
  check_call(9, 0x84000014 | kWide, 0x2b, 0x2c);
  note_row("psci", OF_OURS_FORM, "ours", 21);
}

HR_TEST(psci_0_1,
        "PSCI 0.1 has the ids of the tree; one that is not there is not called, " OF_OURS_FORM) {
  constexpr hr_psci_0_1 kIds = {0x95c1ba5e, 0x95c1ba5f, 1, 0};
  will_answer(0);
  std::int32_t missing = 0;
  below_scribe([&] {
    hr_psci_0_1_cpu_suspend(HR_CONDUIT_HVC, &kIds, 0x31, 0x32);
    hr_psci_0_1_cpu_off(HR_CONDUIT_HVC, &kIds, 0x33);
    hr_psci_0_1_cpu_on(HR_CONDUIT_HVC, &kIds, 0x34, 0x35);
    missing = hr_psci_0_1_migrate(HR_CONDUIT_HVC, &kIds, 0x36);
  });
  CHECK_EQ(scribe().calls, 3u);
  check_call(0, 0x95c1ba5e, 0x31, 0x32);
  check_call(1, 0x95c1ba5f, 0x33);
  check_call(2, 1, 0x34, 0x35);
  CHECK_EQ(as_word(missing), as_word(-1));
  note_row("psci", OF_OURS_FORM, "ours", 3);
}

struct Found {
  hr_smccc_found found;
  std::uint32_t version;
};

Found discover_below(std::uint32_t psci_of_tree) {
  Found result = {};
  below_scribe(
      [&] { result.version = hr_smccc_discover(HR_CONDUIT_HVC, psci_of_tree, &result.found); });
  return result;
}

HR_TEST(discovery, "discovery asks no more than the answer before allows, " OF_OURS_FORM) {
  // Below PSCI 0.2, or without any, nothing at all.
  for (std::uint32_t psci = 0; psci < 2; ++psci) {
    will_answer(0x10000);
    CHECK_EQ(discover_below(psci).version, 0u);
    CHECK_EQ(scribe().calls, 0u);
  }
  // A tree that says 0.2 of who knows no PSCI_VERSION.
  will_answer(-1);
  CHECK_EQ(discover_below(2).version, 0u);
  CHECK_EQ(scribe().calls, 1u);
  check_call(0, 0x84000000);
  // PSCI 0.2 is SMCCC 1.0, and has no FEATURES.
  will_answer(2);
  CHECK_EQ(discover_below(2).version, 0x10000u);
  CHECK_EQ(scribe().calls, 1u);
  // PSCI 1.0 that does not know SMCCC_VERSION.
  will_answer(0x10000);
  will_answer(-1);
  CHECK_EQ(discover_below(2).version, 0x10000u);
  CHECK_EQ(scribe().calls, 2u);
  check_call(1, 0x8400000a, 0x80000000);
  // One that does, and is 1.0 all the same, or refuses.
  constexpr std::int32_t kVersions[] = {0x10000, -1};
  for (const std::int32_t version : kVersions) {
    will_answer(0x10001);
    will_answer(0);
    will_answer(version);
    CHECK_EQ(discover_below(0x10000).version, 0x10000u);
    CHECK_EQ(scribe().calls, 3u);
    check_call(2, 0x80000000);
  }
  note_row("smccc", OF_OURS_FORM, "ours", 9);
}

HR_TEST(discovery_1_1,
        "SMCCC 1.1 is asked for what it has, whose -1 may not be sign extended, " OF_OURS_FORM) {
  constexpr std::int32_t kAnswers[] = {0x10001, 0, 0x10003, -1, 1, -2};
  for (const std::int32_t answer : kAnswers) {
    will_answer({1, false, {as_word(answer)}});
  }
  will_answer(0);
  const Found result = discover_below(2);
  CHECK_EQ(result.version, 0x10003u);
  CHECK_EQ(result.found.psci, 0x10001u);
  CHECK_EQ(scribe().calls, 7u);
  check_call(3, 0x80000001, 0x80000002);
  check_call(4, 0x80000001, 0x80008000);
  check_call(5, 0x80000001, 0x80007fff);
  check_call(6, 0x80000001, 0x80003fff);
  CHECK_EQ(as_word(result.found.soc_id), as_word(-1));
  CHECK_EQ(as_word(result.found.workaround[0]), Word{1});
  CHECK_EQ(as_word(result.found.workaround[1]), as_word(-2));
  CHECK_EQ(as_word(result.found.workaround[2]), Word{0});
  note_row("smccc", OF_OURS_FORM, "ours", 7);
}

struct KnownUid {
  hr_uid name;
  Word r[4];
};

HR_TEST(uids, "hypervisors are known by their UID, all four words of it, " OF_OURS_FORM) {
  // As the sources of each have it, in bytes: the first one lowest in r0.
  constexpr KnownUid kUids[] = {{HR_UID_KVM, {0xb66fb428, 0xe911c52e, 0x564bcaa9, 0x743a004d}},
                                {HR_UID_HYPERV, {0x4d32ba58, 0xcd244764, 0x8eef6c75, 0x16597024}},
                                {HR_UID_GUNYAH, {0xcd8fd5c1, 0xdb5f53a4, 0x36ce6592, 0x145f3d67}},
                                {HR_UID_XEN, {0xdc1218a7, 0x694398c6, 0xd179cf9a, 0x67e6de8d}},
                                {HR_UID_OTHER, {0xb66fb428, 0xe911c52e, 0x564bcaa9, 0x743a004e}},
                                {HR_UID_OTHER, {0, 0, 0, 0}},
                                {HR_UID_NONE, {0xffffffff, 0xe911c52e, 0x564bcaa9, 0x743a004d}}};
  for (const KnownUid& known : kUids) {
    will_answer({4, true, {known.r[0], known.r[1], known.r[2], known.r[3]}});
    hr_uid name = HR_UID_NONE;
    std::uint32_t uid[4] = {};
    below_scribe([&] { name = hr_smccc_uid(HR_CONDUIT_HVC, 0x8600ff01, uid); });
    CHECK(name == known.name);
    CHECK_EQ(uid[3], static_cast<std::uint32_t>(known.r[3]));
    check_call(0, 0x8600ff01);
  }
  will_answer({4, true, {3, 7, 0, 0}});
  std::uint32_t revision[2] = {};
  std::int32_t status = -1;
  std::int32_t soc = 0;
  below_scribe([&] {
    status = hr_smccc_revision(HR_CONDUIT_HVC, 0x8500ff03, revision);
    soc = hr_smccc_soc_id(HR_CONDUIT_HVC, 1);
  });
  CHECK_EQ(as_word(status), Word{0});
  CHECK_EQ(revision[0], 3u);
  CHECK_EQ(revision[1], 7u);
  CHECK_EQ(as_word(soc), Word{3});
  check_call(0, 0x8500ff03);
  check_call(1, 0x80000002, 1);
  note_row("smccc", OF_OURS_FORM, "ours", 9);
}

// What a resident may leave in the upper half of a 32-bit function's results.
#ifdef __aarch64__
constexpr Word kDirt = 0xdead5eed00000000;
#else
constexpr Word kDirt = 0;
#endif

HR_TEST(trng, "TRNG: ids, and entropy from the last register up, " OF_OURS_FORM) {
  will_answer({4, true, {0x10000, 0, 0, 0}});
  will_answer({4, true, {0, 0, 0, 0}});
  will_answer({4, true, {0x23456789, 2, 3, 4}});
  will_answer({4, true, {kDirt, kDirt | 0x333, kDirt | 0x222, kDirt | 0xf0000111}});
  will_answer({4, true, {as_word(-3), 9, 9, 9}});
  will_answer({4, true, {kDirt, kDirt | 9, kDirt | 0xffffffff, kDirt | 0xf0000111}});
  hr_word entropy[3] = {};
  hr_word none[3] = {1, 1, 1};
  hr_word some[3] = {1, 1, 1};
  std::uint32_t uuid[4] = {};
  std::int32_t status[6] = {};
  below_scribe([&] {
    status[0] = hr_trng_version(HR_CONDUIT_HVC);
    status[1] = hr_trng_features(HR_CONDUIT_HVC, 0x84000053);
    status[2] = hr_trng_get_uuid(HR_CONDUIT_HVC, uuid);
    status[3] = hr_trng_rnd32(HR_CONDUIT_HVC, 96, entropy);
    status[4] = hr_trng_rnd32(HR_CONDUIT_HVC, 33, none);
    status[5] = hr_trng_rnd32(HR_CONDUIT_HVC, 33, some);
  });
  check_call(0, 0x84000050);
  check_call(1, 0x84000051, 0x84000053);
  check_call(2, 0x84000052);
  check_call(3, 0x84000053, 96);
  check_call(4, 0x84000053, 33);
  CHECK_EQ(as_word(status[0]), Word{0x10000});
  CHECK_EQ(as_word(status[2] | status[3] | status[1] | status[5]), Word{0});
  CHECK_EQ(as_word(status[4]), as_word(-3));
  CHECK_EQ(uuid[0], 0x23456789u);
  CHECK_EQ(uuid[3], 4u);
  CHECK_EQ(entropy[0], hr_word{0xf0000111});
  CHECK_EQ(entropy[1], hr_word{0x222});
  CHECK_EQ(entropy[2], hr_word{0x333});
  CHECK_EQ(none[0] | none[1] | none[2], hr_word{0});
  CHECK_EQ(some[0], hr_word{0xf0000111});
  CHECK_EQ(some[1], hr_word{1});
  CHECK_EQ(some[2], hr_word{0});
#ifdef __aarch64__
  will_answer({4, true, {0, 0x300000000, 0x200000000, 0x100000001}});
  will_answer({4, true, {0, 0x300000000, ~Word{0}, 0x100000001}});
  below_scribe([&] {
    status[0] = hr_trng_rnd64(HR_CONDUIT_HVC, 192, entropy);
    status[1] = hr_trng_rnd64(HR_CONDUIT_HVC, 66, some);
  });
  check_call(0, 0xc4000053, 192);
  CHECK_EQ(entropy[0], hr_word{0x100000001});
  CHECK_EQ(entropy[2], hr_word{0x300000000});
  CHECK_EQ(some[0], hr_word{0x100000001});
  CHECK_EQ(some[1], hr_word{3});
  CHECK_EQ(some[2], hr_word{0});
#endif
  note_row("trng", OF_OURS_FORM, "ours", 6);
}

HR_TEST(conduits,
        "the conduit is the instruction, and without one there is no call, " OF_OURS_FORM) {
  will_answer(5);
  std::int32_t answers[3] = {};
  below_scribe([&] {
    answers[0] = hr_psci_version(HR_CONDUIT_SMC);
    answers[1] = hr_psci_version(HR_CONDUIT_HVC);
    answers[2] = hr_psci_version(HR_CONDUIT_NONE);
  });
  CHECK_EQ(scribe().calls, 2u);
  CHECK(scribe().call[0].smc);
  CHECK(!scribe().call[1].smc);
  CHECK_EQ(as_word(answers[0]), Word{5});
  CHECK_EQ(as_word(answers[2]), as_word(-1));
}

// 1.0 lets a resident destroy x4 to x17: values of the caller must not have been there.
HR_TEST(kept_values, "what the resident destroys was not the compiler's, " OF_OURS_FORM) {
  bool kept[2] = {};
  will_answer({4, true, {1, 2, 3, 4}});
  below_scribe([&] {
    kept[0] = keeps_values([] { hr_smccc_1_0(HR_CONDUIT_HVC, 0x84000000, 1, 2, 3); });
    kept[1] = keeps_values([] { hr_smccc_1_0(HR_CONDUIT_SMC, 0x84000000, 1, 2, 3); });
  });
  CHECK(kept[0]);
  CHECK(kept[1]);
}

}  // namespace
}  // namespace hyprelay::target
