// SPDX-License-Identifier: BSD-2-Clause
// hr_gunyah.h below gunyah_of_ours, and hr_levand.h below levand_early_of_ours and below the
// personality "levand" of the stub.
#include "compat/hr_client.h"
#include "stub/hr_stub.h"
#include "tests/target/vendor/residents.hpp"

namespace hyprelay::target {
namespace {

HR_DEFINE_GUNYAH(gunyah_add, 0x1a)
HR_DEFINE_GUNYAH(gunyah_unknown, 0x1ff)

HR_TEST(gunyah, "gunyah_of_ours, " OF_OURS_FORM ": identify, a call by either way, unknown ones") {
  hr_word identity[8] = {};
  hr_word by_immediate[8] = {10, 11, 12, 13, 14, 15, 16, 17};
  hr_word by_smccc[8] = {0, 21, 22, 23, 24, 25, 26, 27};
  hr_word unknown[2][8] = {};
  hr_word none[2][8] = {{5, 6}, {5, 6}};
  bool kept = false;
  const bool ended = below_of_ours(gunyah_of_ours, [&] {
    kept = keeps_values([&] { hr_gunyah_identify(identity); });
    gunyah_add(by_immediate);
    kept = keeps_values([&] { hr_gunyah_call(0x1a, by_smccc); }) && kept;
    gunyah_unknown(unknown[0]);
    hr_gunyah_call(0x1fe, unknown[1]);
    // No hypercalls of Gunyah: 0xc6008200 and 0xc600ff01 are no ids of its own.
    hr_gunyah_call(0x200, none[0]);
    hr_gunyah_call(0x7f01, none[1]);
  });
  CHECK(ended);
  CHECK(kept);
  CHECK_EQ(HR_GUNYAH_API_VERSION(identity[0]), Word{1});
  CHECK_EQ(HR_GUNYAH_IS_BIG_ENDIAN(identity[0]), Word{0});
  CHECK_EQ(HR_GUNYAH_IS_64_BIT(identity[0]), Word{1});
  CHECK_EQ(HR_GUNYAH_VARIANT(identity[0]), Word{HR_GUNYAH_VARIANT_QUALCOMM});
  CHECK_EQ(identity[1], Word{7});
  CHECK_EQ(identity[3], Word{3});
  for (unsigned i = 0; i < 8; ++i) {
    CHECK_EQ(by_immediate[i], Word{11} + i);
    CHECK_EQ(by_smccc[i], i == 0 ? Word{0} : Word{21} + i);
  }
  CHECK_EQ(unknown[0][0], ~Word{0});
  CHECK_EQ(unknown[1][0], ~Word{0});
  CHECK_EQ(none[0][0] & none[1][0], ~Word{0});
  CHECK_EQ(none[0][1] + none[1][1], Word{12});
  CHECK_EQ(asked().count, 5u);
  constexpr unsigned kImmediates[] = {0x6000, 0x601a, 0, 0x61ff, 0};
  for (unsigned i = 0; i < 5; ++i) {
    CHECK_EQ(asked().asked[i].immediate, kImmediates[i]);
  }
  CHECK_EQ(asked().asked[2].r[0], Word{0xc600801a});
  CHECK_EQ(asked().asked[4].r[0], Word{0xc60081fe});
  note_row("gunyah", OF_OURS_FORM, "ours", asked().count);
}

// C at EL2, by the procedure call standard.
Word add_three(Word a, Word b, Word c) {
  return a + 2 * b + 4 * c;
}

HR_TEST(levand_early, "levand_early_of_ours, " OF_OURS_FORM ": get, call, set") {
  Word vectors = 0;
  Word sum = 0;
  bool kept = false;
  const bool ended = below_of_ours(levand_early_of_ours, [&] {
    kept = keeps_values([&] { vectors = hr_arm64_levand_get_vectors(); });
    kept = keeps_values(
               [&] { sum = hr_arm64_levand_call(reinterpret_cast<Word>(&add_three), 1, 2, 3); }) &&
           kept;
    hr_arm64_levand_set_vectors(address_of(hr_target_hyp_vectors));
  });
  CHECK(ended);
  CHECK(kept);
  CHECK_EQ(vectors, address_of(hr_of_ours_vectors));
  CHECK_EQ(sum, Word{17});
  for (unsigned i = 0; i < 3; ++i) {
    constexpr unsigned kImmediates[] = {1, 3, 2};
    CHECK_EQ(asked().asked[i].immediate, kImmediates[i]);
  }
  CHECK_EQ(asked().asked[1].r[3], Word{3});
  CHECK_EQ(asked().asked[2].r[0], address_of(hr_target_hyp_vectors));
}

HR_TEST(levand_v15, "arm64-levand-v15 below the stub's personality, " OF_OURS_FORM) {
  Word personality = 1;
  Word vectors = 0;
  Word sum[2] = {};
  Word after = 0;
  bool kept = false;
  below(hr_stub_vectors, [&] {
    personality = hr_native_op(HR_OP_SET_PERSONALITY, HR_PERSONALITY_LEVAND);
    kept = keeps_values([&] { vectors = hr_arm64_levand_v15_get_vectors(); });
    sum[0] = hr_arm64_levand_v15_call_hyp(reinterpret_cast<Word>(&add_three), 1, 2, 3);
    sum[1] = hr_arm64_levand_v15_call_func(reinterpret_cast<Word>(&add_three), 4, 5, 6);
    hr_arm64_levand_v15_set_vectors(address_of(hr_stub_vectors) + 8);  // misaligned: refused
    after = hr_arm64_levand_v15_get_vectors();
    hr_arm64_levand_v15_set_vectors(address_of(hr_target_hyp_vectors));
  });
  CHECK_EQ(personality, Word{0});
  CHECK(kept);
  CHECK_EQ(vectors, address_of(hr_stub_vectors));
  CHECK_EQ(sum[0], Word{17});
  CHECK_EQ(sum[1], Word{38});
  CHECK_EQ(after, address_of(hr_stub_vectors));
  note_row("levand-v15", OF_OURS_FORM, "ours", 7);
}

}  // namespace
}  // namespace hyprelay::target
