// SPDX-License-Identifier: BSD-2-Clause
// examples/hyperv-panic below hyperv_of_ours: a program at EL1 that meets an exception, and what
// its hypervisor is told.
#define _Noreturn [[noreturn]]
extern "C" {
#include <reporter.h>
}
#include "tests/target/vendor/residents.hpp"

// Back to the harness, from wherever it was.
extern "C" [[noreturn]] void reporter_end() {
  __asm__ volatile("hvc #0x7e57" ::: "memory");  // HR_TARGET_HVC_BACK
  __builtin_unreachable();
}

namespace hyprelay::target {
namespace {

constexpr Word kId = 0x8f00'0001'0000'0007;

Word starts_with(const char* text, const char* prefix) {
  while (*prefix != '\0') {
    if (*text++ != *prefix++) {
      return 0;
    }
  }
  return 1;
}

// The program: begins, and then executes what is UNDEFINED.
struct Program {
  Word status = 1;
  Word pc = 0;
  Word sp = 0;
};
void run(Program& program) {
  program.status = reporter_begin(kId);
  __asm__ volatile(
      "adr x9, 1f\n\t"
      "str x9, %0\n\t"
      "mov x9, sp\n\t"
      "str x9, %1\n\t"
      "msr vbar_el1, %2\n\t"
      "isb\n"
      "1:\tudf #0\n"
      : "=m"(program.pc), "=m"(program.sp)
      : "r"(reporter_vectors)
      : "x9", "memory");
}

Word own_vectors() {
  Word vectors = 0;
  __asm__ volatile("mrs %0, vbar_el1" : "=r"(vectors));
  return vectors;
}

// Whether EL2 is asked about cleaning to the point of coherency (HCR_EL2.TPC).
void trap_cleaning(bool on) {
  constexpr Word kTpc = Word{1} << 23;
  Word control = 0;
  __asm__ volatile("mrs %0, hcr_el2" : "=r"(control));
  control = on ? control | kTpc : control & ~kTpc;
  __asm__ volatile("msr hcr_el2, %0\n\tisb" : : "r"(control) : "memory");
}
Word line_size() {
  Word type = 0;
  __asm__ volatile("mrs %0, ctr_el0" : "=r"(type));
  return Word{4} << (type >> 16 & 0xf);
}

// In this order: the example reports one panic in a boot.
HR_TEST(panic_message,
        "examples/hyperv-panic: an exception is told in words where the host takes them") {
  hyperv() = {};
  hyperv().crash[5] = Word{3} << 62;  // as a host answers that takes a message
  const Word vectors = own_vectors();
  Program program;
  trap_cleaning(true);
  const bool ended = below_of_ours(hyperv_of_ours, [&] { run(program); });
  trap_cleaning(false);
  __asm__ volatile("msr vbar_el1, %0\n\tisb" : : "r"(vectors) : "memory");
  CHECK(!ended);
  CHECK_EQ(program.status, Word{0});
  CHECK_EQ(hyperv().guest_id, kId);
  CHECK_EQ(hyperv().reports, 1u);
  CHECK_EQ(hyperv().crash[5], Word{3} << 62);
  const char* const text = reinterpret_cast<const char*>(hyperv().crash[3]);
  CHECK(text != nullptr && starts_with(text, "panic: ESR_EL1 0x0000000002000000, PC 0x") != 0);
  // sizeof the text: four numbers of 18 letters and what is between them.
  CHECK_EQ(hyperv().crash[4], Word{15 + 5 + 5 + 10 + 1 + 4 * 18});
  // Every line of the text is cleaned before the six calls that tell of it.
  CHECK(cleaned().instructions != 0 && cleaned().first <= hyperv().crash[3]);
  CHECK(cleaned().last + line_size() >= hyperv().crash[3] + hyperv().crash[4]);
  CHECK_EQ(cleaned().calls, asked().count - 6);
  Word pc = 0;
  for (unsigned i = 0; i < 16; ++i) {
    const char digit = text[15 + 18 + 5 + 2 + i];
    pc = pc << 4 | static_cast<Word>(digit <= '9' ? digit - '0' : digit - 'a' + 10);
  }
  CHECK_EQ(pc, program.pc);
  note_row("hyper-v", "inline", "ours", asked().count);
}

}  // namespace
}  // namespace hyprelay::target
