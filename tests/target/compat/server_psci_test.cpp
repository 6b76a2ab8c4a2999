// SPDX-License-Identifier: BSD-2-Clause
// The dispatcher of compat/hr_server.h as a program at SVC/EL1 sees it, and the server as an owner
// has it who names no handler for foreign immediates.
#include "compat/hr_server.h"
#include "tests/target/stub/session.hpp"

#include <initializer_list>

namespace hyprelay::target {
namespace {

constexpr Word kRefused = ~Word{0};
#ifdef __arm__
constexpr std::size_t kTopBytes = 8;
#else
constexpr std::size_t kTopBytes = 16;
#endif

struct Owner {
  unsigned calls;
  Word arguments[3];
};
constinit Owner owner = {};

void cpu_on(void* self, hr_registers* registers) {
  Owner& mine = *static_cast<Owner*>(self);
  ++mine.calls;
  for (unsigned i = 0; i < 3; ++i) {
    mine.arguments[i] = hr_server_argument(registers, i + 1);
  }
  registers->r[0] = static_cast<hr_word>(-4);  // ALREADY_ON
}

void four_results(void*, hr_registers* registers) {
  for (unsigned i = 0; i < 4; ++i) {
    registers->r[i] += 0x100;
  }
}

constexpr hr_server_function kFunctions[] = {
    {0x84000003, 0, cpu_on},       {0xc4000003, 0, cpu_on}, {0x84000001, 2, four_results},
    {0x80008000, 1, four_results}, {0x46000001, 0, cpu_on}, {0x86000000, 0, four_results},
};
constinit hr_server_table table = {
    &owner, kFunctions, 6, 0x10001, {0x11111111, 0x82222222, 3, 0x44444444}, {7, 9}};
constinit hr_server server = {hr_server_answer, &table, 0};
alignas(16) constinit unsigned char stack[kPatterns][1024] = {};

Word sign_extended(std::int32_t value) {
  return static_cast<Word>(static_cast<std::intptr_t>(value));
}

// The answer, with every register but the results as it was.
Word ask(Word id, Word first, unsigned results = 1, Word* more = nullptr) {
  Word answer = 0;
  for (unsigned pattern = 0; pattern < kPatterns; ++pattern) {
    Frame in = make_frame(pattern, id);
    in.word[1] = first;
    const Outcome outcome = visit(hr_try_hvc_0, in, pattern);
    check_preserved(in, outcome, pattern, results);
    CHECK_EQ(outcome.vectors, own_vectors());
    answer = outcome.out.word[0];
    for (unsigned i = 1; more != nullptr && i < 4; ++i) {
      more[i - 1] = outcome.out.word[i];
    }
  }
  return answer;
}

HR_TEST(discovery, "the chain of discovery, as a caller of SMCCC 1.1 follows it") {
  CHECK_EQ(ask(0x84000000, 0), Word{0x10001});
  CHECK_EQ(ask(0x8400000a, 0x80000000), Word{0});
  CHECK_EQ(ask(0x80000000, 0), Word{0x10003});
  CHECK_EQ(ask(0x80000001, 0x80000000), Word{0});
  CHECK_EQ(ask(0x80000001, 0x80000001), Word{0});
  CHECK_EQ(ask(0x80000001, 0x80008000), Word{1});
  CHECK_EQ(ask(0x80000001, 0x80000002), kRefused);
  // Not a function of the architecture.
  CHECK_EQ(ask(0x80000001, 0x84000003), kRefused);
}

HR_TEST(features, "PSCI_FEATURES says what the owner's table has, and no more") {
  CHECK_EQ(ask(0x8400000a, 0x84000000), Word{0});
  CHECK_EQ(ask(0x8400000a, 0x8400000a), Word{0});
  CHECK_EQ(ask(0x8400000a, 0x84000003), Word{0});
  CHECK_EQ(ask(0x8400000a, 0x84000001), Word{2});
  CHECK_EQ(ask(0x8400000a, 0x84000008), kRefused);
  CHECK_EQ(ask(0x8400000a, 0x86000000), kRefused);
#ifdef __arm__
  CHECK_EQ(ask(0x8400000a, 0xc4000003), kRefused);
#else
  CHECK_EQ(ask(0x8400000a, 0xc4000003), Word{0});
#endif
}

HR_TEST(uid, "UID, count and revision of the vendor's service") {
  Word more[3] = {};
  CHECK_EQ(ask(0x8600ff01, 0, 4, more), Word{0x11111111});
  CHECK_EQ(more[0], Word{0x82222222});
  CHECK_EQ(more[1], Word{3});
  CHECK_EQ(more[2], Word{0x44444444});
  CHECK_EQ(ask(0x8600ff03, 0, 2, more), Word{7});
  CHECK_EQ(more[0], Word{9});
  // 0x86000000, and Hyper-V's yielding one.
  CHECK_EQ(ask(0x8600ff00, 0), Word{2});
  CHECK_EQ(ask(0x8500ff01, 0), kRefused);
}

HR_TEST(calls, "a call of the owner's gets its arguments, and its answer comes back") {
  Frame in = make_frame(0, 0x84000003);
  owner = {};
  const Outcome outcome = visit(hr_try_hvc_0, in, 0);
  CHECK_EQ(outcome.out.word[0], sign_extended(-4));
  check_preserved(in, outcome, 0, 1);
  CHECK_EQ(owner.calls, 1u);
  for (unsigned i = 0; i < 3; ++i) {
    CHECK_EQ(owner.arguments[i], in.word[i + 1] & 0xffffffff);
  }
  owner = {};
  in.word[0] = 0xc4000003;
  const Outcome wide = visit(hr_try_hvc_0, in, 0);
  check_preserved(in, wide, 0, 1);
#ifdef __arm__
  CHECK_EQ(wide.out.word[0], kRefused);
  CHECK_EQ(owner.calls, 0u);
#else
  CHECK_EQ(wide.out.word[0], sign_extended(-4));
  for (unsigned i = 0; i < 3; ++i) {
    CHECK_EQ(owner.arguments[i], in.word[i + 1]);
  }
#endif
}

HR_TEST(hints, "the SVE hint is no part of an id, reserved bits are, and a yielding call is one") {
  CHECK_EQ(ask(0x84010000, 0), Word{0x10001});
  CHECK_EQ(ask(0x80010001, 0x80010000), Word{0});
  CHECK_EQ(ask(0x84020000, 0), kRefused);
  CHECK_EQ(ask(0x8400001f, 0), kRefused);
  owner = {};
#ifdef __arm__
  CHECK_EQ(ask(0x46000001, 0), kRefused);
#else
  CHECK_EQ(ask(0x46000001, 0), sign_extended(-4));
  CHECK_EQ(owner.calls, kPatterns);
  // Bit 16 is a hint of fast calls alone.
  CHECK_EQ(ask(0x46010001, 0), kRefused);
#endif
}

HR_TEST(no_psci, "an owner without PSCI, without a UID: nobody is told of either") {
  hr_server_table empty = {nullptr, nullptr, 0, 0, {0, 0, 0, 0}, {0, 0}};
  server.context = &empty;
  for (const Word id :
       {0x84000000u, 0x8400000au, 0x8600ff00u, 0x8600ff01u, 0x8600ff03u, 0x84000003u}) {
    CHECK_EQ(ask(id, 0x84000000), kRefused);
  }
  CHECK_EQ(ask(0x80000000, 0), Word{0x10003});
  server.context = &table;
}

HR_TEST(undefined, "a foreign immediate that nobody named is an UNDEFINED instruction") {
  constexpr struct {
    Try call;
    Word immediate;
  } kForeign[] = {
      {hr_try_hvc_jailhouse, 0x4a48},      {hr_try_hvc_1, 1},
      {hr_try_hvc_below_native, 0x4851},   {hr_try_hvc_above_native, 0x4853},
      {hr_try_hvc_high_of_native, 0x4800}, {hr_try_hvc_max, 0xffff},
  };
  for (const auto& [call, immediate] : kForeign) {
    for (unsigned pattern = 0; pattern < kPatterns; ++pattern) {
      const Frame in = make_frame(pattern, 0x84000000);
      const Outcome outcome = visit(call, in, pattern, 0, 0x200);
      CHECK_EQ(outcome.undefs, Word{1});
      CHECK_EQ(outcome.vectors, own_vectors());
      const Cpu& cpu = *hr_target_cpu();
      const Word address = cpu.word[HR_CPU_UNDEF_ADDRESS];
#ifdef __arm__
      // Code is little endian in BE8 as well.
      const auto* const code = reinterpret_cast<const unsigned char*>(address - 4);
      CHECK_EQ(Word{code[0]} | Word{code[1]} << 8 | Word{code[2]} << 16 | Word{code[3]} << 24,
               Word{0xe1400070} | (immediate & 0xfff0) << 4 | (immediate & 0xf));
      check_preserved(in, outcome, pattern, 0);
#else
      const auto* const code = reinterpret_cast<const unsigned char*>(address);
      CHECK_EQ(Word{code[0]} | Word{code[1]} << 8 | Word{code[2]} << 16 | Word{code[3]} << 24,
               Word{0xd4000002} | immediate << 5);
      CHECK_EQ(cpu.word[HR_CPU_UNDEF_SYNDROME], Word{0x2000000});
      Outcome rest = outcome;
      rest.out.word[HR_FRAME_SPSR] = in.word[HR_FRAME_SPSR];
      rest.out.word[HR_FRAME_ELR] = in.word[HR_FRAME_ELR];
      check_preserved(in, rest, pattern, 0);
#endif
    }
  }
}

}  // namespace

int install_resident(unsigned personality) {
  for (unsigned pattern = 0; pattern < kPatterns; ++pattern) {
    const int status = hr_stub_install_personality(hr_stub_vectors, personality);
    if (status != HR_STUB_INSTALLED) {
      return status;
    }
    hr_server_install(&server, stack[pattern] + sizeof stack[pattern]);
  }
  return HR_STUB_INSTALLED;
}

Word sp_hyp_pattern(unsigned pattern) {
  return reinterpret_cast<Word>(stack[pattern] + sizeof stack[pattern]) - kTopBytes;
}

Word own_vectors(unsigned) {
  return reinterpret_cast<Word>(hr_server_vectors);
}

}  // namespace hyprelay::target
