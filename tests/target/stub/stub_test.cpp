// SPDX-License-Identifier: BSD-2-Clause
// The common ABI as a caller at SVC/EL1 sees it, on every CPU.
#include "tests/target/stub/session.hpp"

#include <initializer_list>

HR_TEST_CPUS(4)

namespace hyprelay::target {
namespace {

constexpr Word kRefused = ~Word{0};

#ifdef __arm__
constexpr Try kTraps[] = {hr_try_wfi, hr_try_write_contextidr, hr_try_wfi_thumb};
#else
constexpr Try kTraps[] = {hr_try_wfi, hr_try_write_contextidr};
#endif

constexpr Word kOps[] = {
#define HR_OP(name, value, ...) value,
#include "abi/op.def"
#undef HR_OP
};
static_assert(sizeof(kOps) / sizeof(kOps[0]) == 7, "a new op needs tests of its own below");

#ifdef HR_STUB_FULL
constexpr Word kLibrary = HR_FEATURE_IMMEDIATE | HR_FEATURE_LOCK | HR_FEATURE_PERSONALITIES;
#else
constexpr Word kLibrary = HR_FEATURE_IMMEDIATE;
#endif
#ifdef HR_TARGET_TE
constexpr Word kState = HR_FEATURE_THUMB;
#else
constexpr Word kState = 0;
#endif
constexpr bool kBigEndian = __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__;
constexpr Word kFeatures = kLibrary | kState | (kBigEndian ? Word{HR_FEATURE_BIG_ENDIAN} : 0);

bool is_listed(Word op) {
  for (const Word listed : kOps) {
    if (listed == op) {
      return true;
    }
  }
  return false;
}

template <typename Function>
void for_each_call(Function function) {
  for (unsigned pattern = 0; pattern < kPatterns; ++pattern) {
    for (const Try call : kCallZero) {
      function(call, pattern);
    }
    for (const Try call : kCallNative) {
      function(call, pattern);
    }
  }
}

void check_refused(Try call, const Frame& in, unsigned pattern) {
  const Outcome outcome = visit(call, in, pattern);
  CHECK_EQ(outcome.out.word[0], call == hr_try_hvc_xen ? answer_to_xen() : kRefused);
  CHECK_EQ(outcome.final_vectors, reinterpret_cast<Word>(hr_target_hyp_vectors));
  CHECK_EQ(outcome.vectors, own_vectors());
  CHECK_EQ(outcome.undefs, Word{0});
  check_preserved(in, outcome, pattern, 1);
}

// The caller's MMU makes no difference to the op, and a flush of QEMU's for each call.
bool has_mmu_on(Try call) {
  return call == hr_try_hvc_0_mmu || call == hr_try_hvc_native_mmu;
}

void check_unlisted(Word op) {
  if (is_listed(op)) {
    return;
  }
  for_each_call([&](Try call, unsigned pattern) {
    if (has_mmu_on(call) && op != 4) {
      return;
    }
    Frame in = make_frame(pattern, op);
    // An address that SET_VECTORS would take and SOFT_RESTART would run, should one be mistaken.
    in.word[1] = reinterpret_cast<Word>(hr_target_hyp_vectors);
    in.word[3] = reinterpret_cast<Word>(hr_target_land_hyp);
    check_refused(call, in, pattern);
  });
}

HR_TEST(get_vectors, "GET_VECTORS answers the physical address of the table") {
  for_each_call([](Try call, unsigned pattern) {
    const Frame in = make_frame(pattern, HR_OP_GET_VECTORS);
    const Outcome outcome = visit(call, in, pattern);
    CHECK_EQ(outcome.out.word[0], own_vectors());
    CHECK_EQ(outcome.vectors, own_vectors());
    check_preserved(in, outcome, pattern, 1);
  });
}

HR_TEST(set_vectors,
        "SET_VECTORS preserves every register, and the next call lands in the new table") {
  const Word copy = copy_stub();
  for_each_call([copy](Try call, unsigned pattern) {
    Frame in = make_frame(pattern, HR_OP_SET_VECTORS);
    in.word[1] = copy;
    const Outcome outcome = visit(call, in, pattern);
    CHECK_EQ(outcome.vectors, copy);
    check_preserved(in, outcome, pattern, 0);
  });
}

HR_TEST(set_vectors_to_harness,
        "SET_VECTORS to a table of another owner: that owner gets the next HVC") {
  // Every visit comes back through exactly this.
  const Outcome outcome = visit(hr_try_hvc_0, make_frame(0, HR_OP_GET_VECTORS), 0);
  CHECK_EQ(outcome.vectors, own_vectors());
  CHECK_EQ(outcome.final_vectors, reinterpret_cast<Word>(hr_target_hyp_vectors));
}

HR_TEST(set_vectors_misaligned, "SET_VECTORS refuses each misaligned address and changes nothing") {
  const Word copy = copy_stub();
  for_each_call([copy](Try call, unsigned pattern) {
    for (Word bit = 1; bit < kTableAlignment; bit <<= 1) {
      Frame in = make_frame(pattern, HR_OP_SET_VECTORS);
      in.word[1] = copy | bit;
      check_refused(call, in, pattern);
    }
    Frame in = make_frame(pattern, HR_OP_SET_VECTORS);
    in.word[1] = copy + kTableAlignment - 1;
    check_refused(call, in, pattern);
  });
}

HR_TEST(reset_vectors, "RESET_VECTORS changes nothing and preserves every register") {
  for_each_call([](Try call, unsigned pattern) {
    const Frame in = make_frame(pattern, HR_OP_RESET_VECTORS);
    const Outcome outcome = visit(call, in, pattern);
    CHECK_EQ(outcome.vectors, own_vectors());
    check_preserved(in, outcome, pattern, 0);
  });
}

HR_TEST(query, "QUERY says who answers, on hvc #0 and on the dedicated immediate") {
  for_each_call([](Try call, unsigned pattern) {
    const Frame in = make_frame(pattern, HR_OP_QUERY);
    const Outcome outcome = visit(call, in, pattern);
    CHECK_EQ(outcome.out.word[0], Word{HR_QUERY_MAGIC});
    CHECK_EQ(outcome.out.word[1], Word{HR_ABI_MAJOR << 16 | HR_ABI_MINOR});
    CHECK_EQ(outcome.out.word[2], kFeatures);
    CHECK_EQ(outcome.out.word[3], Word{HR_PERSONALITY_COMMON});
    CHECK_EQ(outcome.vectors, own_vectors());
    check_preserved(in, outcome, pattern, 4);
  });
}

#ifndef HR_STUB_FULL
HR_TEST(no_extensions, "a stub without locks and personalities refuses LOCK and SET_PERSONALITY") {
  for_each_call([](Try call, unsigned pattern) {
    for (const Word op : {Word{HR_OP_LOCK}, Word{HR_OP_SET_PERSONALITY}}) {
      Frame in = make_frame(pattern, op);
      in.word[1] = 0;
      check_refused(call, in, pattern);
    }
  });
  CHECK_EQ(static_cast<Word>(hr_stub_install_personality(hr_stub_vectors, HR_PERSONALITY_LINUX)),
           Word{HR_STUB_NO_PERSONALITY});
  CHECK_EQ(read_vectors(), reinterpret_cast<Word>(hr_target_hyp_vectors));
}
#endif

HR_TEST(soft_restart,
        "SOFT_RESTART runs the function at HYP/EL2, its MMU and caches off, all masked") {
  for_each_call([](Try call, unsigned pattern) {
    Frame in = make_frame(pattern, HR_OP_SOFT_RESTART);
    in.word[3] = reinterpret_cast<Word>(hr_target_land_hyp);
    const Outcome outcome = visit_restart(call, in, pattern);
    const Word* out = outcome.out.word;
#ifdef __arm__
    CHECK_EQ(out[0], Word{0});
    for (unsigned i = 1; i <= 12; ++i) {
      CHECK_EQ(out[i], in.word[i]);
    }
    // Hyp mode has no LR of its own: it sees LR_usr.
    CHECK_EQ(out[HR_FRAME_LR], in.word[HR_FRAME_LR_USR]);
    CHECK_EQ(out[HR_FRAME_LR_USR], Word{0});
#else
    CHECK_EQ(out[0], in.word[1]);
    CHECK_EQ(out[1], in.word[2]);
    CHECK_EQ(out[2], Word{0});
    CHECK_EQ(out[3], Word{0});
    for (unsigned i = 4; i <= 30; ++i) {
      CHECK_EQ(out[i], in.word[i]);
    }
#endif
    CHECK_EQ(out[HR_FRAME_SP], sp_hyp_pattern(pattern));
    CHECK_EQ(out[HR_FRAME_PSR] & kHypPsrMask, kHypPsr);
    CHECK_EQ(out[HR_FRAME_SPSR] & kSctlrCleared, Word{0});
  });
}

HR_TEST(soft_restart_writes, "SOFT_RESTART writes the state that it promises, whatever it finds") {
  Frame in = make_frame(0, HR_OP_SOFT_RESTART);
  in.word[3] = reinterpret_cast<Word>(hr_target_land_hyp);
  // Caches and alignment check; the MMU has its own requirements of the code below it.
  constexpr Word kFound = kSctlrCleared & ~Word{1};
  const Outcome outcome = visit_restart(hr_try_hvc_0, in, 0, HR_PERSONALITY_COMMON, kFound);
  CHECK_EQ(outcome.out.word[HR_FRAME_SPSR] & kSctlrCleared, Word{0});
}

#ifdef __arm__
HR_TEST(soft_restart_thumb, "SOFT_RESTART enters a function with bit 0 set in Thumb state") {
  for_each_call([](Try call, unsigned pattern) {
    Frame in = make_frame(pattern, HR_OP_SOFT_RESTART);
    in.word[3] = reinterpret_cast<Word>(hr_target_land_hyp_thumb);
    CHECK_EQ(in.word[3] & 1, Word{1});
    const Outcome outcome = visit_restart(call, in, pattern);
    CHECK_EQ(outcome.out.word[0], Word{0});
    CHECK_EQ(outcome.out.word[3], in.word[3]);
    CHECK_EQ(outcome.out.word[HR_FRAME_LR_USR], Word{1});
    CHECK_EQ(outcome.out.word[HR_FRAME_PSR] & kHypPsrMask, kHypPsr);
  });
}
#endif

HR_TEST(soft_restart_misaligned,
        "SOFT_RESTART refuses a function that no instruction set can run") {
  for_each_call([](Try call, unsigned pattern) {
    for (const Word offset : kMisaligned) {
      Frame in = make_frame(pattern, HR_OP_SOFT_RESTART);
      in.word[3] = reinterpret_cast<Word>(hr_target_land_hyp) + offset;
      check_refused(call, in, pattern);
    }
  });
}

HR_TEST(unlisted_small, "values next to the ops and known error values are refused") {
  for (Word op = 4; op < 0x20; ++op) {
    check_unlisted(op);
  }
  for (const Word op : {Word{0x0badca11}, Word{0xfff}, ~Word{0}, ~Word{1}, Word{HR_QUERY_MAGIC}}) {
    check_unlisted(op);
  }
}

HR_TEST(unlisted_bits, "every single bit, alone and flipped in each listed op, is refused") {
  for (unsigned bit = 2; bit < sizeof(Word) * 8; ++bit) {
    check_unlisted(Word{1} << bit);
  }
  for (const Word op : kOps) {
    for (unsigned bit = 0; bit < sizeof(Word) * 8; ++bit) {
      check_unlisted(op ^ Word{1} << bit);
    }
  }
  check_unlisted(Word{HR_OP_QUERY} - 1);
  check_unlisted(Word{HR_OP_QUERY} + 1);
}

HR_TEST(unlisted_smccc, "function identifiers of PSCI, SMCCC and old firmware are refused") {
  constexpr std::uint32_t kIds[] = {0x80000000, 0x80000001, 0x80008000, 0x8000ffff, 0x84000000,
                                    0x84000002, 0x84000003, 0x84000008, 0x84000009, 0x8400000a,
                                    0xc4000001, 0xc4000003, 0xc600ff01, 0x8600ff01, 0x86004242,
                                    0x0200010f, 0x95c1ba5e, 0x95c1ba60, 0xc6000000};
  for (const std::uint32_t id : kIds) {
    check_unlisted(id);
  }
}

HR_TEST(unlisted_addresses, "addresses, as older dialects pass them in r0, are refused") {
  for (const Word op : {own_vectors(), reinterpret_cast<Word>(hr_target_hyp_vectors),
                        reinterpret_cast<Word>(hr_target_land_hyp), Word{0x40000000},
                        Word{0x40008000}, Word{0xc0008000}, Word{0xffff0000}}) {
    check_unlisted(op);
  }
}

HR_TEST(foreign_immediates,
        "an HVC with an immediate that is not ours is refused, whatever the op") {
  constexpr Try kForeign[] = {hr_try_hvc_1,
                              hr_try_hvc_below_native,
                              hr_try_hvc_above_native,
                              hr_try_hvc_low_of_native,
                              hr_try_hvc_high_of_native,
                              hr_try_hvc_xen,
                              hr_try_hvc_jailhouse,
                              hr_try_hvc_max};
  for (const Try call : kForeign) {
    for (unsigned pattern = 0; pattern < kPatterns; ++pattern) {
      for (const Word op : kOps) {
        Frame in = make_frame(pattern, op);
        in.word[1] = reinterpret_cast<Word>(hr_target_hyp_vectors);
        in.word[3] = reinterpret_cast<Word>(hr_target_land_hyp);
        check_refused(call, in, pattern);
      }
    }
  }
}

HR_TEST(trap_is_no_call,
        "a trap that is no HVC does not act: PL1 gets an UNDEF, registers intact") {
  for (const Try instruction : kTraps) {
    for (unsigned pattern = 0; pattern < kPatterns; ++pattern) {
      for (const Word op : kOps) {
        Frame in = make_frame(pattern, op);
        in.word[1] = reinterpret_cast<Word>(hr_target_hyp_vectors);
        in.word[3] = reinterpret_cast<Word>(hr_target_land_hyp);
        const Outcome outcome = visit(instruction, in, pattern, kHcrTrapWfi | kHcrTrapVm, 0x200);
        CHECK_EQ(outcome.undefs, Word{1});
        CHECK_EQ(outcome.vectors, own_vectors());
        // The caller's PSR, and a handler that is masked as by a real exception.
        const Word psr = hr_target_cpu()->word[HR_CPU_UNDEF_PSR];
        CHECK_EQ(psr & kPsrFlags, in.word[HR_FRAME_PSR]);
        const Word handler = hr_target_cpu()->word[HR_CPU_UNDEF_HANDLER_PSR];
#ifdef __arm__
        CHECK_EQ(psr & 0xdf, Word{0x13});
        CHECK_EQ(handler & 0xff, Word{0x9b});
        check_preserved(in, outcome, pattern, 0);
#else
        CHECK_EQ(psr & 0x3ff, Word{0x005});
        CHECK_EQ(handler, Word{0x3c0});
        // The exception itself is what SPSR_EL1 and ELR_EL1 are for.
        Outcome rest = outcome;
        rest.out.word[HR_FRAME_SPSR] = in.word[HR_FRAME_SPSR];
        rest.out.word[HR_FRAME_ELR] = in.word[HR_FRAME_ELR];
        check_preserved(in, rest, pattern, 0);
#endif
      }
    }
  }
}

#ifndef __arm__
HR_TEST(trap_at_el0, "a trap at EL0 is delivered to the EL0 slot of EL1") {
  const Frame in = make_frame(0, HR_OP_GET_VECTORS);
  const Outcome outcome =
      visit([](const Frame*, Frame*) { hr_try_wfi_at_el0(); }, in, 0, kHcrTrapWfi, 0x400);
  CHECK_EQ(outcome.undefs, Word{1});
  CHECK_EQ(hr_target_cpu()->word[HR_CPU_UNDEF_PSR] & 0x1f, Word{0});
  CHECK_EQ(outcome.vectors, own_vectors());
}
#endif

enum Library { MINIMAL, FULL };
enum Build { A32, T32, A64 };
#ifdef HR_STUB_FULL
constexpr Library kLibraryOfTest = FULL;
#else
constexpr Library kLibraryOfTest = MINIMAL;
#endif
#ifndef __arm__
constexpr Build kBuild = A64;
#elif defined(HR_TARGET_TE)
constexpr Build kBuild = T32;
#else
constexpr Build kBuild = A32;
#endif

constexpr std::ptrdiff_t golden_size_bytes(Library wanted_library, Build wanted_build) {
#define HR_GOLDEN_SIZE(library, build, bytes)                   \
  if ((library) == wanted_library && (build) == wanted_build) { \
    return bytes;                                               \
  }
#define HR_GOLDEN_ITEM(...)
#define HR_GOLDEN_COUNT(...)
#include "bench/stub_golden.def"
#undef HR_GOLDEN_COUNT
#undef HR_GOLDEN_ITEM
#undef HR_GOLDEN_SIZE
  return 0;
}

constexpr std::ptrdiff_t golden_items_bytes(Build wanted_build) {
  std::ptrdiff_t sum_bytes = 0;
#define HR_GOLDEN_SIZE(...)
#define HR_GOLDEN_ITEM(build, bytes, ...) sum_bytes += (build) == wanted_build ? (bytes) : 0;
#define HR_GOLDEN_COUNT(...)
#include "bench/stub_golden.def"
#undef HR_GOLDEN_COUNT
#undef HR_GOLDEN_ITEM
#undef HR_GOLDEN_SIZE
  return sum_bytes;
}
static_assert(golden_items_bytes(A32) == golden_size_bytes(MINIMAL, A32));
static_assert(golden_items_bytes(T32) == golden_size_bytes(MINIMAL, T32));

HR_TEST(resident_size, "the resident has the size that bench/stub_golden.def says") {
  CHECK_EQ(static_cast<Word>(hr_stub_vectors_end - hr_stub_vectors),
           Word{golden_size_bytes(kLibraryOfTest, kBuild)});
}

HR_TEST(resident_copy_installed, "a copy of the resident, installed where it was copied, answers") {
  const Word copy = copy_stub();
  CHECK_EQ(static_cast<Word>(hr_stub_install_at(reinterpret_cast<const void*>(copy))),
           Word{HR_STUB_INSTALLED});
  CHECK_EQ(read_vectors(), copy);
}

}  // namespace
}  // namespace hyprelay::target
