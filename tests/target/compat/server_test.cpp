// SPDX-License-Identifier: BSD-2-Clause
// What a server adds to the stub, judged register by register: function ids, Xen's immediate,
// somebody else's, and leaving. The stub's own tests run in the same program, below the same
// server.
#include "tests/target/compat/server_resident.hpp"
#include "tests/unit/compat/function_ids.hpp"

#include <initializer_list>

namespace hyprelay::target {
namespace {

constexpr Word kRefused = ~Word{0};
#ifdef __arm__
constexpr unsigned kSeen[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
constexpr bool is_result(unsigned number) {
  return number <= 7 || number == 12;
}
#else
constexpr unsigned kSeen[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17};
constexpr bool is_result(unsigned number) {
  return number <= 17;
}
#endif

// Whether the server's handler got the call; false also if the answer or a register is not right.
bool is_served(Try call, Word r0, unsigned pattern) {
  const Frame in = make_frame(pattern, r0);
  served() = {};
  const Outcome outcome = visit(call, in, pattern);
  // Refused by the handler or the stub alike, and nothing else changed.
  CHECK_EQ(outcome.out.word[0], kRefused);
  CHECK_EQ(outcome.vectors, own_vectors());
  CHECK_EQ(outcome.undefs, Word{0});
  check_preserved(in, outcome, pattern, 1);
  return served().count == 1;
}

void check_id(Word r0) {
  const bool is_function = function_ids::is_function(static_cast<std::uint32_t>(r0));
  if (is_served(hr_try_hvc_0, r0, 0) != is_function) {
    note_value("id", r0);
    CHECK(!"told apart");
  }
}

HR_TEST(
    rule,
    "function ids go to the handler, all else on hvc #0 to the stub: every owner, every bound") {
  for (std::uint32_t top = 0; top < 0x100; ++top) {
    for (const std::uint32_t rest : {0x000004u, 0x00ffffu, 0x010000u, 0xffffffu}) {
      check_id(top << 24 | rest);
    }
  }
  for (const function_ids::Range& range : function_ids::kRanges) {
    if (range.first > 3) {
      check_id(range.first);
    }
    check_id(range.last);
  }
#ifndef __arm__
  // The id is in w0; the upper half of x0 says nothing.
  for (const std::uint32_t id : {0x84000000u, 0x46000001u, 0xffffffffu, 0u, 1u, 2u, 0x48520003u}) {
    check_id(Word{0xa5} << 56 | Word{1} << 32 | id);
  }
#endif
}

HR_TEST(rule_native, "the dedicated immediate is the stub's, whatever r0 is") {
  for (const Word id : {Word{0x84000000}, Word{0x80000000}, Word{0xc6000000}, Word{0x46000001}}) {
    for (const Try call : kCallNative) {
      CHECK(!is_served(call, id, 1));
    }
  }
}

HR_TEST(registers, "the handler sees every register, and every one that it may change comes back") {
  for (unsigned pattern = 0; pattern < kPatterns; ++pattern) {
    for (const Try call : kCallZero) {
      const Frame in = make_frame(pattern, 0x84000003);
      served() = {};
      served().answers = true;
      for (unsigned i = 0; i < HR_REGISTERS; ++i) {
        served().answer.r[i] = ~in.word[i] + 0x1234 * i;
      }
#ifdef __arm__
      served().answer.r[HR_FRAME_LR] = in.word[HR_FRAME_LR_USR];
#endif
      const Outcome outcome = visit(call, in, pattern);
      CHECK_EQ(served().count, 1u);
      Outcome rest = outcome;
      for (const unsigned i : kSeen) {
        CHECK_EQ(served().seen.r[i], in.word[i]);
        if (is_result(i)) {
          CHECK_EQ(outcome.out.word[i], served().answer.r[i]);
          rest.out.word[i] = in.word[i];
        }
      }
#ifdef __arm__
      CHECK_EQ(served().seen.r[HR_FRAME_LR], in.word[HR_FRAME_LR_USR]);
#endif
      check_preserved(in, rest, pattern, 0);
      CHECK_EQ(outcome.vectors, own_vectors());
    }
  }
  served() = {};
}

HR_TEST(xen, "Xen's immediate: -ENOSYS, and nothing else changes, whatever the hypercall") {
  for (unsigned pattern = 0; pattern < kPatterns; ++pattern) {
    for (const Word r0 : {Word{0}, Word{2}, Word{0x84000000}, kRefused}) {
      const Frame in = make_frame(pattern, r0);
      served() = {};
      const Outcome outcome = visit(hr_try_hvc_xen, in, pattern);
      CHECK_EQ(outcome.out.word[0], answer_to_xen());
      check_preserved(in, outcome, pattern, 1);
      CHECK_EQ(outcome.vectors, own_vectors());
      CHECK_EQ(served().count, 0u);
    }
  }
}

HR_TEST(foreign, "a foreign immediate is the owner's, with every register as at the exception") {
  for (unsigned pattern = 0; pattern < kPatterns; ++pattern) {
    const Frame in = make_frame(pattern, 0x84000000);
    const Outcome outcome = visit_restart(hr_try_hvc_landing, in, pattern);
    const Word* out = outcome.out.word;
#ifdef __arm__
    for (unsigned i = 0; i <= 12; ++i) {
      CHECK_EQ(out[i], in.word[i]);
    }
    CHECK_EQ(out[HR_FRAME_LR], in.word[HR_FRAME_LR_USR]);
#else
    for (unsigned i = 0; i <= 30; ++i) {
      CHECK_EQ(out[i], in.word[i]);
    }
#endif
    CHECK_EQ(out[HR_FRAME_SP], sp_hyp_pattern(pattern));
    CHECK_EQ(out[HR_FRAME_PSR] & kHypPsrMask, kHypPsr);
    CHECK_EQ(outcome.final_vectors, own_vectors());
  }
}

HR_TEST(leaves,
        "a server that leaves at RESET_VECTORS gives the stub its vectors, by either door") {
  server().leaves = 1;
  for (const Try* calls : {kCallZero, kCallNative}) {
    for (unsigned pattern = 0; pattern < kPatterns; ++pattern) {
      const Frame in = make_frame(pattern, HR_OP_RESET_VECTORS);
      const Outcome outcome = visit(calls[0], in, pattern);
      CHECK_EQ(outcome.vectors, reinterpret_cast<Word>(hr_stub_vectors));
      check_preserved(in, outcome, pattern, 0);
    }
  }
#ifdef __arm__
  // Bits of HVBAR go with it, the personality here.
  const Frame in = make_frame(0, HR_OP_RESET_VECTORS);
  const Outcome outcome = visit(hr_try_hvc_native, in, 0, 0, 0, HR_PERSONALITY_LINUX);
  CHECK_EQ(outcome.vectors, reinterpret_cast<Word>(hr_stub_vectors) + 32 * HR_PERSONALITY_LINUX);
#endif
  server().leaves = 0;
}

HR_TEST(install_refused,
        "the installer refuses a stack or vectors that are not right, and changes nothing") {
  alignas(16) static constinit unsigned char stack[64] = {};
  unsigned char* const end = stack + sizeof stack;
  CHECK_EQ(hr_server_install(&server(), end), Word{0});
  CHECK_EQ(read_vectors(), reinterpret_cast<Word>(hr_target_hyp_vectors));
  hr_stub_install();
  CHECK_EQ(hr_server_install(&server(), end - 4), Word{0});
  CHECK_EQ(hr_server_install(&server(), end - 1), Word{0});
  CHECK_EQ(read_vectors(), reinterpret_cast<Word>(hr_stub_vectors));
  hr_stub_install_at(reinterpret_cast<const void*>(copy_stub()));
  CHECK_EQ(hr_server_install(&server(), end), Word{0});
  hr_target_reset_hyp();
  static constinit Word below = 1;
  hr_target_run_at_pl1([](void* to) { below = hr_server_install(&server(), to); }, end,
                       sp_hyp_pattern(0));
  CHECK_EQ(below, Word{0});
  for (const unsigned char byte : stack) {
    CHECK_EQ(byte, 0u);
  }
}

}  // namespace
}  // namespace hyprelay::target
