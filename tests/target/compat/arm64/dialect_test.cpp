// SPDX-License-Identifier: BSD-2-Clause
// The clients of arm64's own dialects, each below its resident.
#include "tests/target/compat/below.hpp"

namespace hyprelay::target {
namespace {

HR_TEST(stub_3_8, "arm64-stub-3.8: get and set") {
  Word before = 0;
  Word after = 0;
  below(hr_resident_stub_3_8, [&] {
    before = hr_arm64_stub_3_8_get_vectors();
    hr_arm64_stub_3_8_set_vectors(address_of(hr_resident_stub_4_8));
    after = hr_arm64_stub_4_7_get_vectors();
  });
  CHECK_EQ(before, address_of(hr_resident_stub_3_8));
  CHECK_EQ(after, address_of(hr_resident_stub_4_8));
}

// Not inlined: x30 is live across the calls, and the resident destroys it.
[[gnu::noinline]] Word get_and_return() {
  return hr_arm64_stub_4_7_get_vectors();
}

HR_TEST(stub_4_8, "arm64-stub-4.8: get, set, unknown, restart, though x30 is lost") {
  Word vectors = 0;
  hr_registers unknown = {{77}};
  below(hr_resident_stub_4_8, [&] {
    vectors = get_and_return();
    hr_arm64_stub_4_7_set_vectors(address_of(hr_resident_stub_4_8));
    hr_issue(&unknown, 0);
    hr_arm64_stub_4_8_soft_restart(landing(), 0x12, 0x34, 0x56);
  });
  CHECK_EQ(vectors, address_of(hr_resident_stub_4_8));
  CHECK_EQ(unknown.r[0], Word{2});
  CHECK_EQ(landed().word[0], Word{0x12});
  CHECK_EQ(landed().word[1], Word{0x34});
  CHECK_EQ(landed().word[2], Word{0x56});
}

HR_TEST(stub_4_12, "arm64-stub-4.12: reset, error, set, restart, though x1 to x18 are lost") {
  Word reset = 1;
  Word error = 0;
  Word set = 1;
  below(hr_resident_stub_4_12, [&] {
    reset = hr_arm64_stub_4_12_reset_vectors();
    error = hr_arm64_linux_call(77, 0, 0, 0, 0);
    set = hr_arm64_stub_4_12_set_vectors(address_of(hr_resident_stub_4_12));
    hr_arm64_stub_4_12_soft_restart(landing(), 0x12, 0x34, 0x56);
  });
  CHECK_EQ(reset, Word{0});
  CHECK_EQ(error, Word{HR_LINUX_STUB_ERROR});
  CHECK_EQ(set, Word{0});
  CHECK_EQ(landed().word[0], Word{0x12});
  CHECK_EQ(landed().word[2], Word{0x56});
}

Word add_three(Word a, Word b, Word c) {
  return a + 2 * b + 4 * c;
}

HR_TEST(kvm_4_7, "arm64-kvm-4.7: get, and a call of a function at EL2") {
  Word vectors = 0;
  Word sum = 0;
  below(hr_resident_kvm_4_7, [&] {
    vectors = hr_arm64_kvm_get_vectors();
    sum = hr_arm64_kvm_call(reinterpret_cast<Word>(&add_three), 1, 2, 3);
  });
  CHECK_EQ(vectors, address_of(hr_resident_kvm_4_7));
  CHECK_EQ(sum, Word{17});
}

HR_TEST(by_immediate, "arm64-levand-early and Gunyah") {
  Word vectors = 0;
  hr_word x[8] = {0, 1, 2, 3, 4, 5, 6, 7};
  below(hr_resident_hypervisor, [&] {
    vectors = hr_arm64_levand_get_vectors();
    hr_gunyah_identify(x);
  });
  CHECK_EQ(vectors, address_of(hr_resident_hypervisor));
  for (unsigned i = 0; i < 8; ++i) {
    CHECK_EQ(x[i], Word{i} + 1);
  }
}

// x18 belongs to the caller's platform and is not the resident's to keep.
HR_TEST(issue_x18, "hr_issue brings x18 back") {
  Word x18 = 0;
  below(hr_resident_stub_4_12, [&] {
    hr_registers registers = {{77}};
    register Word r0 __asm__("x0") = address_of(&registers);
    register Word r1 __asm__("x1") = 0;
    __asm__ volatile("mov x18, #0x1818\n\tbl hr_issue\n\tmov %0, x18"
                     : "=&r"(x18), "+r"(r0), "+r"(r1)
                     :
                     : "x2", "x3", "x4", "x5", "x6", "x7", "x8", "x9", "x10", "x11", "x12", "x13",
                       "x14", "x15", "x16", "x17", "x18", "x30", "cc", "memory");
  });
  CHECK_EQ(x18, Word{0x1818});
}

}  // namespace
}  // namespace hyprelay::target
