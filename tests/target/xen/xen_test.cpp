// SPDX-License-Identifier: BSD-2-Clause
// Xen's calling convention, judged register by register by a resident of ours.
#include "compat/hr_xen.h"
#include "tests/target/xen/resident.hpp"

HR_TEST_CPUS(1)

extern "C" {
constinit hyprelay::target::Word hr_xen_seen[HR_SEEN_WORDS] = {};

#define HR_XEN_TEST_DECLARE(prefix) \
  void prefix##0();                 \
  void prefix##1();                 \
  void prefix##2();                 \
  void prefix##3();                 \
  void prefix##4();                 \
  void prefix##5();                 \
  hr_word prefix##_twice(hr_word number, hr_word, hr_word, hr_word, hr_word, hr_word);
HR_XEN_TEST_DECLARE(hr_plain_call)
HR_XEN_TEST_DECLARE(hr_frame_call)
}

namespace hyprelay::target {
namespace {

#ifdef __arm__
constexpr unsigned kLR = HR_FRAME_LR;
constexpr unsigned kInRegisters = 4;  // arguments of a function; the others are on the stack
constexpr unsigned kSaved = 4;        // r4 and up come back
constexpr unsigned kGeneral = 13;
#ifdef __thumb__
constexpr unsigned kFramePointer = 7;
#else
constexpr unsigned kFramePointer = 11;
#endif
#else
constexpr unsigned kLR = 30;
constexpr unsigned kInRegisters = 8;
constexpr unsigned kSaved = 19;
constexpr unsigned kGeneral = 30;
constexpr unsigned kFramePointer = 29;
#endif
constexpr Word kAnswer = 0x5eed0042;
constexpr Word kSpoilt = 0xdeadbeef;

alignas(16) constinit Word stack[256] = {};
constinit Frame in = {};
constinit Frame out = {};
constinit unsigned inline_calls = 0;
constinit unsigned out_of_line_calls = 0;

// Calls function(arguments...) with a pattern in every other register.
void go(const void* function, const Word* arguments, unsigned count) {
  in = {};
  for (unsigned i = 0; i < kGeneral; ++i) {
    in.word[i] = 0x1100 + i;
  }
  Word* top = stack + 200;
  for (unsigned i = 0; i < count; ++i) {
    (i < kInRegisters ? in.word[i] : top[i - kInRegisters]) = arguments[i];
  }
  in.word[HR_FRAME_SP] = address_of(top);
  in.word[kLR] = address_of(function);
  hr_xen_seen[HR_SEEN_ANSWER] = kAnswer;
  hr_xen_seen[HR_SEEN_CALLS] = 0;
  below(hr_resident_xen, [] { hr_go(&in, &out); });
}

// What the client changed on the way there, but the number and `given` arguments, and behind the
// call. `frame`: it was built with a frame pointer, which it may set, and must bring back.
void check_untouched(unsigned given, bool frame) {
  for (unsigned i = given; i < kGeneral; ++i) {
    const bool stacked = i == 4 && given > kInRegisters;  // r4 held the fifth argument
    if (i == HR_SEEN_NUMBER || stacked || (frame && i == kFramePointer)) {
      continue;
    }
    CHECK_EQ(seen_register(i), in.word[i]);
  }
  for (unsigned i = kSaved; i < kGeneral && i != HR_SEEN_NUMBER; ++i) {
    CHECK_EQ(out.word[i], in.word[i]);
  }
  CHECK_EQ(out.word[HR_FRAME_SP], in.word[HR_FRAME_SP]);
  CHECK_EQ(out.word[0], kAnswer);
}

void check_inline(const void* const (&functions)[6], bool frame) {
  constexpr Word kArguments[5] = {0xa1, 0xa2, 0xa3, 0xa4, 0xa5};
  for (unsigned count = 0; count < 6; ++count) {
    go(functions[count], kArguments, count);
    CHECK_EQ(hr_xen_seen[HR_SEEN_CALLS], Word{1});
    CHECK_EQ(hr_xen_seen[HR_SEEN_IMMEDIATE], Word{0xea1});
    CHECK_EQ(seen_register(HR_SEEN_NUMBER), Word{48} + count);
    for (unsigned i = 0; i < count; ++i) {
      CHECK_EQ(seen_register(i), kArguments[i]);
    }
    check_untouched(count, frame);
    if (frame) {
      // In T32 that is r7: where Xen's predecessors wanted the number.
      const Word pointer = seen_register(kFramePointer);
      CHECK(pointer > address_of(stack) && pointer <= in.word[HR_FRAME_SP]);
    }
    // What the resident has spoilt shows that nothing put it back behind the client.
    for (unsigned i = 1; i < count && i < kInRegisters; ++i) {
      CHECK_EQ(out.word[i], kSpoilt);
    }
    ++inline_calls;
  }
}

const void* function(void (*of)()) {
  return reinterpret_cast<const void*>(of);
}

extern "C" {
// Of compat/*/xen.S, by their symbols: hr_xen.h has the inline ones here.
#define HR_XEN_TEST_SYMBOL(name) void hr_out_##name() __asm__("hr_xen_" #name);
HR_XEN_TEST_SYMBOL(memory_op)
HR_XEN_TEST_SYMBOL(multicall)
HR_XEN_TEST_SYMBOL(version)
HR_XEN_TEST_SYMBOL(console_io)
HR_XEN_TEST_SYMBOL(grant_table_op)
HR_XEN_TEST_SYMBOL(vcpu_op)
HR_XEN_TEST_SYMBOL(sched_op)
HR_XEN_TEST_SYMBOL(event_channel_op)
HR_XEN_TEST_SYMBOL(physdev_op)
HR_XEN_TEST_SYMBOL(hvm_op)
}

HR_TEST(inline_calls_of_0_to_5, "hr_xen_call0 to 5: number, arguments, and nothing else") {
  check_inline({function(hr_plain_call0), function(hr_plain_call1), function(hr_plain_call2),
                function(hr_plain_call3), function(hr_plain_call4), function(hr_plain_call5)},
               false);
}

HR_TEST(inline_with_frame_pointer, "the same with a frame pointer (T32: r7), which stays") {
  check_inline({function(hr_frame_call0), function(hr_frame_call1), function(hr_frame_call2),
                function(hr_frame_call3), function(hr_frame_call4), function(hr_frame_call5)},
               true);
}

HR_TEST(inline_twice, "what the call spoils is known to the compiler: a second one is right") {
  constexpr decltype(&hr_plain_call_twice) kTwice[] = {hr_plain_call_twice, hr_frame_call_twice};
  for (const auto twice : kTwice) {
    hr_xen_seen[HR_SEEN_CALLS] = 0;
    hr_xen_seen[HR_SEEN_ANSWER] = kAnswer;
    Word answer = 0;
    below(hr_resident_xen, [&] { answer = twice(HR_SEEN_TEST_CALL + 5, 11, 12, 13, 14, 15); });
    CHECK_EQ(answer, kAnswer);
    CHECK_EQ(hr_xen_seen[HR_SEEN_CALLS], Word{2});
    CHECK_EQ(seen_register(HR_SEEN_NUMBER), Word{53});
    for (unsigned i = 0; i < 5; ++i) {
      CHECK_EQ(seen_register(i), Word{11} + i);
    }
    inline_calls += 2;
  }
}

HR_TEST(preempted, "a call that is preempted is made again, with what Xen left in the arguments") {
  constexpr Word kArguments[2] = {0xa1, 0x10};
  const void* const kFunctions[] = {function(hr_plain_call2), function(hr_frame_call2),
                                    function(hr_out_memory_op)};
  constexpr Word kNumbers[] = {50, 50, 12};
  for (unsigned i = 0; i < 3; ++i) {
    hr_xen_seen[HR_SEEN_PREEMPT] = 3;
    go(kFunctions[i], kArguments, 2);
    CHECK_EQ(hr_xen_seen[HR_SEEN_CALLS], Word{4});
    CHECK_EQ(seen_register(HR_SEEN_NUMBER), kNumbers[i]);
    CHECK_EQ(seen_register(0), Word{0xa1});
    CHECK_EQ(seen_register(1), Word{0x13});
    CHECK_EQ(out.word[0], kAnswer);
  }
}

HR_TEST(privcmd, "hr_privcmd_call passes a4 as the fourth argument and a5 as the fifth") {
  constexpr Word kArguments[6] = {53, 0xa1, 0xa2, 0xa3, 0xa4, 0xa5};
  go(reinterpret_cast<const void*>(hr_privcmd_call), kArguments, 6);
  CHECK_EQ(hr_xen_seen[HR_SEEN_IMMEDIATE], Word{0xea1});
  CHECK_EQ(seen_register(HR_SEEN_NUMBER), Word{53});
  for (unsigned i = 0; i < 5; ++i) {
    CHECK_EQ(seen_register(i), kArguments[i + 1]);
  }
#ifdef __arm__
  check_untouched(5, false);
#else
  check_untouched(6, false);
#endif
  ++out_of_line_calls;
}

HR_TEST(published_privcmd, "the one that Linux has for arm exchanges them; the one for arm64 not") {
  constexpr Word kArguments[6] = {53, 0xa1, 0xa2, 0xa3, 0xa4, 0xa5};
  go(reinterpret_cast<const void*>(hr_published_privcmd_call), kArguments, 6);
#ifdef __arm__
  CHECK_EQ(seen_register(3), Word{0xa5});
  CHECK_EQ(seen_register(4), Word{0xa4});
#else
  CHECK_EQ(seen_register(3), Word{0xa4});
  CHECK_EQ(seen_register(4), Word{0xa5});
#endif
}

struct Named {
  const void* function;
  Word number;
  unsigned count;
};

HR_TEST(out_of_line, "the functions of xen.S: number, arguments, and nothing else") {
  const Named kFunctions[] = {
      {function(hr_out_memory_op), 12, 2},      {function(hr_out_multicall), 13, 2},
      {function(hr_out_version), 17, 2},        {function(hr_out_console_io), 18, 3},
      {function(hr_out_grant_table_op), 20, 3}, {function(hr_out_vcpu_op), 24, 3},
      {function(hr_out_sched_op), 29, 2},       {function(hr_out_event_channel_op), 32, 2},
      {function(hr_out_physdev_op), 33, 2},     {function(hr_out_hvm_op), 34, 2},
  };
  constexpr Word kArguments[3] = {0xa1, 0xa2, 0xa3};
  for (const Named& named : kFunctions) {
    go(named.function, kArguments, named.count);
    CHECK_EQ(hr_xen_seen[HR_SEEN_CALLS], Word{1});
    CHECK_EQ(hr_xen_seen[HR_SEEN_IMMEDIATE], Word{0xea1});
    CHECK_EQ(seen_register(HR_SEEN_NUMBER), named.number);
    for (unsigned i = 0; i < named.count; ++i) {
      CHECK_EQ(seen_register(i), kArguments[i]);
    }
    check_untouched(named.count, false);
    for (unsigned i = 1; i < named.count; ++i) {
      CHECK_EQ(out.word[i], kSpoilt);
    }
    ++out_of_line_calls;
  }
}

HR_TEST(little_endian, "a structure is little endian whoever fills it") {
  struct hr_sched_poll poll = {};
  poll.ports = hr_xen_handle(reinterpret_cast<const void*>(Word{0x01020304}));
  poll.nr_ports = hr_le32_of(0x05060708);
  poll.timeout = hr_le64_of(0x1112131415161718);
  constexpr unsigned char kPoll[24] = {4, 3, 2, 1, 0,    0,    0,    0,    8,    7,    6,    5,
                                       0, 0, 0, 0, 0x18, 0x17, 0x16, 0x15, 0x14, 0x13, 0x12, 0x11};
  const auto* byte = reinterpret_cast<const volatile unsigned char*>(&poll);
  for (unsigned i = 0; i < sizeof kPoll; ++i) {
    CHECK_EQ(byte[i], kPoll[i]);
  }
  struct hr_evtchn_alloc_unbound alloc = {};
  alloc.dom = hr_le16_of(0x7ff0);
  byte = reinterpret_cast<const volatile unsigned char*>(&alloc);
  CHECK_EQ(byte[0], 0xf0u);
  CHECK_EQ(byte[1], 0x7fu);
  CHECK_EQ(hr_le16_value(alloc.dom), 0x7ff0u);
  CHECK_EQ(hr_le32_value(poll.nr_ports), 0x05060708u);
  CHECK_EQ(hr_le64_value(poll.timeout), 0x1112131415161718u);
}

HR_TEST(rows, "what was called here") {
  note_row("xen", "inline", "ours", inline_calls);
  note_row("xen", "out-of-line", "ours", out_of_line_calls);
  CHECK(inline_calls == 16 && out_of_line_calls == 11);
}

}  // namespace
}  // namespace hyprelay::target
