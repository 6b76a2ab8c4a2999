// SPDX-License-Identifier: BSD-2-Clause
// How many instructions run at HYP/EL2 for each call, against bench/stub_golden.def. Needs QEMU
// with -icount shift=0, where the PMU counts every instruction. bench/stub.sh runs the same program
// with Linux's own residents loaded (kPeers) and reads the lines that begin with "# count".
#include "tests/target/stub/session.hpp"

#include <initializer_list>

extern "C" {
void hr_count_nothing(const hyprelay::target::Frame* in, hyprelay::target::Frame* out);
void hr_count_hvc_0(const hyprelay::target::Frame* in, hyprelay::target::Frame* out);
void hr_count_hvc_native(const hyprelay::target::Frame* in, hyprelay::target::Frame* out);
void hr_count_hvc_1(const hyprelay::target::Frame* in, hyprelay::target::Frame* out);
void hr_count_hvc_2(const hyprelay::target::Frame* in, hyprelay::target::Frame* out);
void hr_count_land();
void hr_count_function();
void hr_count_begin();
}

namespace hyprelay::target {
namespace {

enum Target { NOBODY, TABLE_R0, TABLE_R1, LAND_R1, LAND_R3, FUNCTION_R0 };

enum Library { MINIMAL, FULL };
#ifdef HR_STUB_FULL
constexpr Library kLibrary = FULL;
#else
constexpr Library kLibrary = MINIMAL;
#endif
enum Build { A32, T32, A64 };
#ifndef __arm__
constexpr Build kBuild = A64;
#elif defined(HR_TARGET_TE)
constexpr Build kBuild = T32;
#else
constexpr Build kBuild = A32;
#endif

// Where bench/stub.sh puts the vector tables of a Debian kernel and of its decompressor.
struct Peer {
  const char* name;
  Word table;
};
constexpr Peer kPeers[] = {{"kernel", 0x48000800}, {"decompressor", 0x48010800}};

struct Visit {
  Try call;
  Frame in;
  Frame out;
  bool returns_by_restart;
  bool linux_restart;
};

// At SVC/EL1.
void count_once(void* argument) {
  auto& visit = *static_cast<Visit*>(argument);
  visit.call(&visit.in, &visit.out);
  Frame answer;
  Frame leave = make_frame(0, visit.linux_restart ? Word{1} : Word{HR_OP_SOFT_RESTART});
  leave.word[1] = reinterpret_cast<Word>(hr_target_land_hyp);
  leave.word[3] = leave.word[1];
  (visit.linux_restart ? hr_try_hvc_0 : hr_try_hvc_native)(&leave, &answer);
}

// Instructions between the two readings of the counter around one call; r0 afterwards in `answer`.
Word count(Try call, Word r0, Target target, Word table, bool linux_restart,
           Word* answer = nullptr) {
  Visit visit{};
  visit.call = call;
  visit.in = make_frame(0, r0);
  visit.linux_restart = linux_restart;
  switch (target) {
    case TABLE_R0:
      visit.in.word[0] = table;
      break;
    case TABLE_R1:
      visit.in.word[1] = table;
      break;
    case LAND_R1:
      visit.in.word[1] = reinterpret_cast<Word>(hr_count_land);
      break;
    case LAND_R3:
      visit.in.word[3] = reinterpret_cast<Word>(hr_count_land);
      break;
    case FUNCTION_R0:
      visit.in.word[0] = reinterpret_cast<Word>(hr_count_function);
      break;
    case NOBODY:
      break;
  }
  hr_count_begin();
  hr_target_run_at_pl1(count_once, &visit, sp_hyp_pattern(0));
  hr_target_reset_hyp();
  if (answer != nullptr) {
    *answer = visit.out.word[0];
  }
  return visit.out.word[9] - visit.out.word[8];
}

// What the two readings of the counter count themselves.
Word overhead() {
  CHECK_EQ(static_cast<Word>(hr_stub_install()), Word{HR_STUB_INSTALLED});
  return count(hr_count_nothing, 0, NOBODY, 0, false);
}

// "# count who personality op: 0x..."
void tell(const char* who, const char* personality, const char* op, Word value) {
  char line[96];
  std::size_t used = 0;
  for (const char* word : {"count", who, personality, op}) {
    for (; *word != '\0' && used < sizeof(line) - 2; ++word) {
      line[used++] = *word;
    }
    line[used++] = ' ';
  }
  line[used - 1] = '\0';
  note_value(line, value);
}

#ifdef __arm__
constexpr Try hr_count_hvc_1_or_0 = hr_count_hvc_0;
constexpr Try hr_count_hvc_2_or_0 = hr_count_hvc_0;
#else
constexpr Try hr_count_hvc_1_or_0 = hr_count_hvc_1;
constexpr Try hr_count_hvc_2_or_0 = hr_count_hvc_2;
#endif

struct Golden {
  Library library;
  Build build;
  unsigned personality;
  const char* personality_name;
  const char* op_name;
  Try call;
  Word r0;
  Target target;
  Word count;
};
#define CALL_0 hr_count_hvc_0
#define CALL_1 hr_count_hvc_1_or_0
#define CALL_2 hr_count_hvc_2_or_0
#define CALL_NATIVE hr_count_hvc_native
constexpr Golden kGolden[] = {
#define HR_GOLDEN_SIZE(...)
#define HR_GOLDEN_ITEM(...)
#define HR_GOLDEN_COUNT(library, build, personality, op, call, r0, target, count, ...) \
  {library, build, HR_PERSONALITY_##personality, #personality, #op, CALL_##call, r0, target, count},
#include "bench/stub_golden.def"
#undef HR_GOLDEN_COUNT
#undef HR_GOLDEN_ITEM
#undef HR_GOLDEN_SIZE
};

HR_TEST(counter_counts, "the PMU counts single instructions here") {
  const Word once = overhead();
  CHECK(once >= 1 && once <= 2);
  CHECK_EQ(overhead(), once);
}

HR_TEST(counts, "every call runs as many instructions at HYP/EL2 as bench/stub_golden.def says") {
  const Word base = overhead() + 1;  // the HVC
  for (const Golden& golden : kGolden) {
    if (golden.library != kLibrary || golden.build != kBuild) {
      continue;
    }
    CHECK_EQ(static_cast<Word>(hr_stub_install_personality(hr_stub_vectors, golden.personality)),
             Word{HR_STUB_INSTALLED});
    const Word counted = count(golden.call, golden.r0, golden.target, read_vectors(), false) - base;
    tell(kLibrary == FULL ? "full" : "minimal", golden.personality_name, golden.op_name, counted);
    CHECK_EQ(counted, golden.count);
  }
}

HR_TEST(peers, "Linux's own residents, where they are loaded") {
  for (const Peer& peer : kPeers) {
    if (*reinterpret_cast<volatile std::uint32_t*>(peer.table) == 0) {
      continue;
    }
    const Word base = overhead() + 1;
    constexpr struct {
      const char* op;
      Word r0;
      Target target;
    } kCalls[] = {{"SET_VECTORS", 0, TABLE_R1},
                  {"SOFT_RESTART", 1, LAND_R1},
                  {"RESET_VECTORS", 2, NOBODY},
                  {"REFUSED", 0x1234, NOBODY}};
    for (const auto& call : kCalls) {
      hr_stub_install();
#ifdef HR_TARGET_TE
      write_sctlr(read_sctlr() & ~(Word{1} << 30));  // the peer is A32
#endif
      write_vectors(peer.table);
      Word answer = 0;
      const Word counted =
          count(hr_count_hvc_0, call.r0, call.target, peer.table, true, &answer) - base;
      // The kernel of 5.7 and later refuses what its decompressor still does.
      if (answer != HR_LINUX_STUB_ERROR || call.r0 == 0x1234) {
        tell(peer.name, "LINUX", call.op, counted);
      }
    }
  }
}

}  // namespace
}  // namespace hyprelay::target
