// SPDX-License-Identifier: BSD-2-Clause
// The clients of arm's own dialects, each below its resident.
#include "compat/hyp_call.hpp"
#include "tests/target/compat/below.hpp"

namespace hyprelay::target {
namespace {

// A table that can be set and is never entered but for the way back.
const void* const kOther = hr_resident_hypervisor;

HR_TEST(stub_3_7, "arm-stub-3.7: get and set") {
  Word before = 0;
  below(hr_resident_stub_3_7, [&] {
    before = hr_arm_stub_3_7_get_vectors();
    hr_arm_stub_3_7_set_vectors(address_of(kOther));
    // Below the other resident now: all ones is a function id, and comes back one register higher.
    hr_registers registers = {};
    hr_issue(&registers, 0);
    before += registers.r[1];
  });
  CHECK_EQ(before, address_of(hr_resident_stub_3_7) + 1);
}

HR_TEST(stub_4_12, "arm-stub-4.12: reset, error, set, restart") {
  Word reset = 1;
  Word error = 0;
  Word set = 1;
  below(hr_resident_stub_4_12, [&] {
    reset = hr_arm_stub_4_12_reset_vectors();
    error = hr_arm_linux_call(77, 0);
    set = hr_arm_stub_4_12_set_vectors(address_of(hr_resident_stub_4_12));
    hr_arm_stub_4_12_soft_restart(landing(), 0x5678);
  });
  CHECK_EQ(reset, Word{0});
  CHECK_EQ(error, Word{HR_LINUX_STUB_ERROR});
  CHECK_EQ(set, Word{0});
  CHECK_EQ(landed().word[2], Word{0x5678});
}

std::uint32_t add_wide(std::uint64_t wide, std::uint32_t word) {
  return static_cast<std::uint32_t>(wide >> 32) + 2 * static_cast<std::uint32_t>(wide) + word;
}

HR_TEST(kvm_4_8, "arm-kvm-4.8: get, and a call with a 64-bit argument laid out for it") {
  Word vectors = 0;
  Word sum = 0;
  below(hr_resident_kvm_4_8, [&] {
    vectors = hr_arm_stub_3_7_get_vectors();
    const auto function = static_cast<std::uint32_t>(reinterpret_cast<Word>(&add_wide));
    const compat::HypCall call =
        compat::hyp_call(function, std::uint64_t{0x100000020}, std::uint32_t{0x300});
    sum = hr_arm_kvm_call(call.function, call.words[0], call.words[1], call.words[2]);
  });
  CHECK_EQ(vectors, address_of(hr_resident_kvm_4_8));
  CHECK_EQ(sum, Word{0x341});
}

std::uint32_t high_half(std::uint64_t wide) {
  return static_cast<std::uint32_t>(wide >> 32);
}
// The callee at HYP that serves compiled callers.
std::uint32_t receive_wide(std::uint32_t r0, std::uint32_t r1, std::uint32_t r2) {
  return compat::hyp_receive(high_half, {r0, r1, r2});
}
// A compiled caller's own idea of calling f(u64): the compiler puts the pair into r2 and r3.
extern "C" Word naive_call(Word function, std::uint64_t wide);
__asm__(
    ".text\n.arm\n.type naive_call, %function\nnaive_call: .inst 0xe1400070\nbx lr\n"
    ".size naive_call, . - naive_call\n");

HR_TEST(kvm_receive,
        "arm-kvm-4.8: hyp_receive puts the misaligned pair of a compiled caller right") {
  Word high = 0;
  below(hr_resident_kvm_4_8,
        [&] { high = naive_call(reinterpret_cast<Word>(&receive_wide), 0x4400000055); });
  CHECK_EQ(high, Word{0x44});
}

}  // namespace
}  // namespace hyprelay::target
