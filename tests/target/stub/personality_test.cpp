// SPDX-License-Identifier: BSD-2-Clause
// Every personality as a caller of its dialect sees it: the rows of abi/personality_*.def, one
// after the other, for the bounds of their ranges and for values that other dialects give a
// meaning.
#include "tests/target/stub/session.hpp"
#include "tests/target/stub/translation.hpp"

#include <initializer_list>

HR_TEST_CPUS(HR_STUB_TEST_CPUS)

namespace hyprelay::target {
namespace {

enum Action { GET, SET_R0, SET_R1, RESTART_R3, RESTART_R1, CALL_R0, NATIVE, NOTHING };
enum Answer { KEPT, VECTORS, ZERO, TWO, MINUS_ONE, BADCA11, RESULT, NONE };
enum Arch { ARM, ARM64, BOTH };

constexpr Word kMax = ~Word{0};
#define HR_R0_MAX kMax

struct Row {
  unsigned immediate;
  Word first;
  Word last;
  Action action;
  Answer answer;
};

#define HR_ANSWER(immediate, first, last, action, answer, text) \
  {immediate, first, last, action, answer},
constexpr Row kCommon[] = {
#include "abi/personality_common.def"
};
constexpr Row kLinux[] = {
#include "abi/personality_linux.def"
};
#ifdef __arm__
constexpr Row kBridgeStub[] = {
#include "abi/personality_bridge_stub.def"
};
constexpr Row kBridgeKvm[] = {
#include "abi/personality_bridge_kvm.def"
};
#else
constexpr Row kLinux38[] = {
#include "abi/personality_linux_3_8.def"
};
constexpr Row kLinux47[] = {
#include "abi/personality_linux_4_7.def"
};
constexpr Row kLevand[] = {
#include "abi/personality_levand.def"
};
#endif
#undef HR_ANSWER

// What the dialect says to something that it does not do, or will not.
struct Personality {
  unsigned number;
  const Row* rows;
  std::size_t count;
  Word refusal;
};
template <std::size_t kCount>
constexpr Personality make(unsigned number, const Row (&rows)[kCount], Word refusal) {
  return {number, rows, kCount, refusal};
}

const Row* find_row(const Personality& personality, unsigned immediate, Word r0) {
  for (std::size_t i = 0; i < personality.count; ++i) {
    const Row& row = personality.rows[i];
    if (row.immediate == immediate && row.first <= r0 && r0 <= row.last) {
      return &row;
    }
  }
  return nullptr;
}

Word expected_answer(const Personality& personality, const Row& row, const Frame& in, bool done) {
  if (!done) {
    return personality.refusal;
  }
  switch (row.answer) {
    case KEPT:
      return in.word[0];
    case VECTORS:
      return own_vectors(personality.number);
    case ZERO:
      return 0;
    case TWO:
      return HR_LINUX_4_7_ERROR;
    case MINUS_ONE:
      return kMax;
    case BADCA11:
      return HR_LINUX_STUB_ERROR;
    case RESULT:
#ifdef __arm__
      return in.word[1] + 2 * in.word[2] + 4 * in.word[3] + 0x1a;
#else
      return in.word[1] + 2 * in.word[2] + 4 * in.word[3] + 8;
#endif
    case NONE:
      break;
  }
  return 0;
}

bool is_function(Word r0) {
#ifdef __arm__
  return r0 == reinterpret_cast<Word>(hr_called) || r0 == reinterpret_cast<Word>(hr_called_thumb);
#else
  return r0 == reinterpret_cast<Word>(hr_called);
#endif
}

// Registers that the procedure call standard lets the function lose.
bool may_be_lost(const Row& row, unsigned number) {
#ifdef __arm__
  return row.action == CALL_R0 && (number <= 3 || number == 12);
#else
  return row.action == CALL_R0 && number <= 17;
#endif
}

void check_restart(const Personality& personality, const Row& row, Try call, unsigned pattern,
                   Word r0) {
  Frame in = make_frame(pattern, r0);
  const unsigned target = row.action == RESTART_R1 ? 1 : 3;
  in.word[target] = reinterpret_cast<Word>(hr_target_land_hyp);
  const Outcome outcome = visit_restart(call, in, pattern, personality.number);
  const Word* out = outcome.out.word;
#ifdef __arm__
  CHECK_EQ(out[0], Word{0});
  for (unsigned i = 1; i <= 12; ++i) {
    CHECK_EQ(out[i], in.word[i]);
  }
#else
  const unsigned first = row.action == RESTART_R1 ? 2 : 1;
  CHECK_EQ(out[0], in.word[first]);
  CHECK_EQ(out[1], in.word[first + 1]);
  CHECK_EQ(out[2], row.action == RESTART_R1 ? in.word[4] : Word{0});
  for (unsigned i = 5; i <= 30; ++i) {
    CHECK_EQ(out[i], in.word[i]);
  }
#endif
  CHECK_EQ(out[HR_FRAME_SP], sp_hyp_pattern(pattern));
  CHECK_EQ(out[HR_FRAME_PSR] & kHypPsrMask, kHypPsr);
  CHECK_EQ(out[HR_FRAME_SPSR] & kSctlrCleared, Word{0});
}

void check_call(const Personality& personality, Try call, unsigned immediate, Word r0,
                unsigned pattern) {
  const Row* row = find_row(personality, immediate, r0);
  if (row == nullptr) {
    return;
  }
  if (row->action == NATIVE) {
    const Frame query = make_frame(pattern, HR_OP_QUERY);
    const Outcome outcome = visit(call, query, pattern, 0, 0, personality.number);
    CHECK_EQ(outcome.out.word[0], Word{HR_QUERY_MAGIC});
    CHECK_EQ(outcome.out.word[3], Word{personality.number});
    check_preserved(query, outcome, pattern, 4);
    return;
  }
  if (row->action == RESTART_R1 || row->action == RESTART_R3) {
    check_restart(personality, *row, call, pattern, r0);
    return;
  }
  Frame in = make_frame(pattern, r0);
  bool done = true;
  Word vectors = own_vectors(personality.number);
  if (row->action == SET_R0 || row->action == SET_R1) {
    in.word[1] = row->action == SET_R1 ? copy_stub() : in.word[1];
    const Word wanted = row->action == SET_R1 ? in.word[1] : r0;
    done = wanted % kTableAlignment == 0;
    if (done && wanted != copy_stub()) {
      return;  // nobody would answer there
    }
    vectors = done ? wanted : vectors;
  }
  if (row->action == CALL_R0) {
#ifdef __arm__
    done = (r0 & 3) != 2;
#else
    done = (r0 & 3) == 0;
#endif
    if (done && !is_function(r0)) {
      return;
    }
  }
  const Outcome outcome = visit(call, in, pattern, 0, 0, personality.number);
  const Word wanted = expected_answer(personality, *row, in, done);
  if (outcome.out.word[0] != wanted) {
    note_value("called with r0", r0);
  }
  CHECK_EQ(outcome.out.word[0], wanted);
  CHECK_EQ(outcome.vectors, vectors);
  CHECK_EQ(outcome.undefs, Word{0});
  CHECK_EQ(outcome.final_vectors, reinterpret_cast<Word>(hr_target_hyp_vectors));
  Outcome rest = outcome;
  for (unsigned i = 1; i <= 17; ++i) {
    if (done && i < HR_FRAME_SP && may_be_lost(*row, i)) {
      rest.out.word[i] = in.word[i];
    }
  }
  check_preserved(in, rest, pattern, 1);
}

// A misaligned address is refused where r1 or r3 is the address; bit 1 alone is one of a function.
void check_misaligned(const Personality& personality, Try call, const Row& row) {
  const bool restart = row.action == RESTART_R1 || row.action == RESTART_R3;
  if (row.action != SET_R1 && !restart) {
    return;
  }
  for (Word bit = restart ? 2 : 1; bit < (restart ? 4 : kTableAlignment); bit <<= 1) {
    Frame in = make_frame(0, row.first);
    in.word[row.action == RESTART_R3 ? 3 : 1] = copy_stub() | bit;
    const Outcome outcome = visit(call, in, 0, 0, 0, personality.number);
    CHECK_EQ(outcome.out.word[0], personality.refusal);
    CHECK_EQ(outcome.vectors, own_vectors(personality.number));
    check_preserved(in, outcome, 0, 1);
  }
}

void check_personality(const Personality& personality) {
  const Word copy = copy_stub();
  const Word values[] = {0,
                         1,
                         2,
                         3,
                         4,
                         5,
                         7,
                         0xfff,
                         0x1000,
                         Word{0x0badca11},
                         HR_OP_QUERY,
                         kMax,
                         kMax - 1,
                         0x80000000,
                         0x84000000,
                         0xc6000000,
                         0x8600ff01,
#ifdef __arm__
                         reinterpret_cast<Word>(hr_called_thumb),
#else
                         0xffff000008080000,
                         1ull << 32,
                         1ull << 63,
                         0xffffffff,
#endif
                         copy,
                         copy + 1,
                         copy + 2,
                         copy + 3,
                         copy + 4,
                         copy + 16,
                         reinterpret_cast<Word>(hr_called)};
  for (unsigned pattern = 0; pattern < kPatterns; ++pattern) {
    for (const Word value : values) {
      for (const Try call : kCallZero) {
        check_call(personality, call, 0, value, pattern);
      }
#ifndef __arm__
      check_call(personality, hr_try_hvc_1, 1, value, pattern);
      check_call(personality, hr_try_hvc_2, 2, value, pattern);
      check_call(personality, hr_try_hvc_3, 3, value, pattern);
#endif
    }
  }
  for (std::size_t i = 0; i < personality.count; ++i) {
    for (const Try call : kCallZero) {
      check_misaligned(personality, call, personality.rows[i]);
    }
  }
}

// The native interface answers on its own immediate, and says which personality hvc #0 has; also
// when it was installed with MMU and caches on, and all that this writes dirty.
void check_native(const Personality& personality) {
  for (const Try call : kCallNative) {
    Frame in = make_frame(0, HR_OP_QUERY);
    hyp_mmu_on();
    Outcome outcome = visit(call, in, 0, 0, 0, personality.number);
    CHECK_EQ(outcome.out.word[0], Word{HR_QUERY_MAGIC});
    CHECK_EQ(outcome.out.word[3], Word{personality.number});
    check_preserved(in, outcome, 0, 4);

    in = make_frame(1, HR_OP_GET_VECTORS);
    outcome = visit(call, in, 1, 0, 0, personality.number);
    CHECK_EQ(outcome.out.word[0], own_vectors(personality.number));

    in = make_frame(0, HR_OP_SET_VECTORS);
    in.word[1] = copy_stub();
    outcome = visit(call, in, 0, 0, 0, personality.number);
    CHECK_EQ(outcome.vectors, in.word[1]);
    check_preserved(in, outcome, 0, 0);

    in = make_frame(1, 0x1234);
    outcome = visit(call, in, 1, 0, 0, personality.number);
    CHECK_EQ(outcome.out.word[0], kMax);
    check_preserved(in, outcome, 1, 1);
  }
  const Outcome foreign = visit(hr_try_hvc_xen, make_frame(0, 0), 0, 0, 0, personality.number);
  CHECK_EQ(foreign.out.word[0], kMax);
  CHECK_EQ(foreign.vectors, own_vectors(personality.number));
}

// From `common`, by the op; and what is not there is refused.
void check_chosen_by_call(const Personality& personality) {
  Frame in = make_frame(0, HR_OP_SET_PERSONALITY);
  in.word[1] = personality.number;
  const Outcome outcome = visit(hr_try_hvc_native, in, 0);
  CHECK_EQ(outcome.vectors, own_vectors(personality.number));
  check_preserved(in, outcome, 0, 0);
  // And back.
  in.word[1] = HR_PERSONALITY_COMMON;
  const Outcome back = visit(hr_try_hvc_native, in, 0, 0, 0, personality.number);
  CHECK_EQ(back.vectors, own_vectors());
  check_preserved(in, back, 0, 0);
}

void check_all(const Personality& personality) {
  count_rows(static_cast<unsigned>(personality.count));
  check_personality(personality);
  check_native(personality);
  check_chosen_by_call(personality);
}

HR_TEST(personality_common, "common: every row of its table, every state of the caller") {
  check_all(make(HR_PERSONALITY_COMMON, kCommon, kMax));
}
HR_TEST(personality_linux, "linux (4.12 and later): every row of its table") {
  check_all(make(HR_PERSONALITY_LINUX, kLinux, HR_LINUX_STUB_ERROR));
}
#ifdef __arm__
HR_TEST(personality_bridge_stub, "bridge-stub: every row of its table") {
  check_all(make(HR_PERSONALITY_BRIDGE_STUB, kBridgeStub, kMax));
}
HR_TEST(personality_bridge_kvm, "bridge-kvm: every row of its table") {
  check_all(make(HR_PERSONALITY_BRIDGE_KVM, kBridgeKvm, kMax));
}
#else
HR_TEST(personality_linux_3_8, "linux-3.8: every row of its table") {
  check_all(make(HR_PERSONALITY_LINUX_3_8, kLinux38, kMax));
}
HR_TEST(personality_linux_4_7, "linux-4.7: every row of its table") {
  check_all(make(HR_PERSONALITY_LINUX_4_7, kLinux47, HR_LINUX_4_7_ERROR));
}
HR_TEST(personality_levand, "levand: every row of its table") {
  check_all(make(HR_PERSONALITY_LEVAND, kLevand, kMax));
}
#endif

constexpr bool is_offered(unsigned number) {
  constexpr Arch kOther = sizeof(Word) == 4 ? ARM64 : ARM;
#define HR_PERSONALITY(name, value, arch, ...) \
  if (number == (value) && (arch) != kOther) { \
    return true;                               \
  }
#include "abi/personality.def"
#undef HR_PERSONALITY
  return false;
}

HR_TEST(personality_unknown,
        "a personality that is not offered is refused, by op and by installer") {
  for (const Word number : {2u, 3u, 4u, 5u, 6u, 7u, 8u, 15u, 16u, 0x80000000u, 0xffffffffu}) {
    if (is_offered(static_cast<unsigned>(number))) {
      continue;
    }
    Frame in = make_frame(0, HR_OP_SET_PERSONALITY);
    in.word[1] = number;
    const Outcome outcome = visit(hr_try_hvc_native, in, 0);
    CHECK_EQ(outcome.out.word[0], kMax);
    CHECK_EQ(outcome.vectors, own_vectors());
    check_preserved(in, outcome, 0, 1);
    CHECK_EQ(static_cast<Word>(
                 hr_stub_install_personality(hr_stub_vectors, static_cast<unsigned>(number))),
             Word{HR_STUB_NO_PERSONALITY});
    CHECK_EQ(read_vectors(), reinterpret_cast<Word>(hr_target_hyp_vectors));
  }
}

HR_TEST(personality_copy, "a copy of the resident has every personality too") {
  const Word copy = copy_stub();
  for (unsigned number = 0; number < 8; ++number) {
    if (is_offered(number)) {
      CHECK_EQ(static_cast<Word>(
                   hr_stub_install_personality(reinterpret_cast<const void*>(copy), number)),
               Word{HR_STUB_INSTALLED});
      CHECK_EQ(read_vectors() - copy, own_vectors(number) - own_vectors());
    }
  }
}

}  // namespace
}  // namespace hyprelay::target
