// SPDX-License-Identifier: BSD-2-Clause
#include "tests/target/stub/session.hpp"

#include "tests/target/stub/translation.hpp"

namespace hyprelay::target {
namespace {

struct Session {
  Try instruction;
  const Frame* in;
  Outcome* outcome;
  Word expect_undef;
};

// At SVC/EL1.
void run_session(void* argument) {
  auto& session = *static_cast<Session*>(argument);
  Cpu& cpu = *hr_target_cpu();
  cpu.word[HR_CPU_EXPECT_UNDEF] = session.expect_undef;
  cpu.word[HR_CPU_UNDEF_COUNT] = 0;
  unmask_exceptions();
  session.instruction(session.in, &session.outcome->out);
  mask_exceptions();
  cpu.word[HR_CPU_EXPECT_UNDEF] = 0;
  session.outcome->undefs = cpu.word[HR_CPU_UNDEF_COUNT];

  Frame call = make_frame(0, HR_OP_GET_VECTORS);
  Frame answer;
  hr_try_hvc_native(&call, &answer);
  session.outcome->vectors = answer.word[0];
  call.word[0] = HR_OP_SET_VECTORS;
  call.word[1] = reinterpret_cast<Word>(hr_target_hyp_vectors);
  hr_try_hvc_native(&call, &answer);
}

void install(unsigned personality) {
  CHECK_EQ(static_cast<Word>(install_resident(personality)), Word{HR_STUB_INSTALLED});
}

// Not for every caller: QEMU forgets all that it translated.
void prepare_for(Try instruction) {
  if (instruction == hr_try_hvc_0_mmu || instruction == hr_try_hvc_native_mmu) {
    prepare_pl1_mmu();
  }
}

}  // namespace

// A copy of the resident elsewhere: tests of SET_VECTORS go on below it, which proves besides that
// the resident does not depend on where it is.
alignas(HR_STUB_ALIGNMENT) static constinit unsigned char copied_stub[kCopyBytes] = {};

Word copy_stub() {
  CHECK(hr_stub_vectors_end - hr_stub_vectors <= static_cast<std::ptrdiff_t>(kCopyBytes));
  const auto size_bytes = static_cast<std::size_t>(hr_stub_vectors_end - hr_stub_vectors);
  for (std::size_t i = 0; i < size_bytes; ++i) {
    copied_stub[i] = hr_stub_vectors[i];
  }
#ifdef __arm__
  // ICIALLU: what was fetched from there before is stale.
  __asm__ volatile("dsb\n\tmcr p15, 0, %0, c7, c5, 0\n\tdsb\n\tisb" : : "r"(0) : "memory");
#else
  __asm__ volatile("dsb sy\n\tic iallu\n\tdsb sy\n\tisb" : : : "memory");
#endif
  return reinterpret_cast<Word>(copied_stub);
}

Frame make_frame(unsigned pattern, Word op) {
  Frame frame;
  // Every register a different word, no word a valid address or op, all bits inverted in pattern 1.
  for (unsigned i = 0; i < HR_FRAME_WORDS; ++i) {
    frame.word[i] =
        static_cast<Word>(0xa5c30f69'5a3cf096ull) ^ (Word{i} * 0x01010101u) ^ Word { i } << 7;
    if (pattern == 1) {
      frame.word[i] = ~frame.word[i];
    }
  }
  frame.word[0] = op;
  frame.word[HR_FRAME_PSR] &= kPsrFlags;
  frame.word[HR_FRAME_SPSR] = kSpsrPatterns[pattern];
  return frame;
}

Outcome visit(Try instruction, const Frame& in, unsigned pattern, Word hcr, Word expect_undef,
              unsigned personality) {
  Outcome outcome{};
  count_calls(1);
  install(personality);
  prepare_for(instruction);
  write_hcr(read_hcr() | hcr);
  Session session{instruction, &in, &outcome, expect_undef};
  const Word pl1_sctlr = read_pl1_sctlr();
  hr_target_run_at_pl1(run_session, &session, sp_hyp_pattern(pattern));
  write_pl1_sctlr(pl1_sctlr);  // a restart leaves it as the caller had it
  outcome.final_vectors = read_vectors();
  outcome.sp_hyp = hr_target_cpu()->word[HR_CPU_SEEN_SP_HYP];
  hr_target_reset_hyp();
  return outcome;
}

Outcome visit_restart(Try instruction, const Frame& in, unsigned pattern, unsigned personality,
                      Word sctlr) {
  Outcome outcome{};
  count_calls(1);
  install(personality);
  prepare_for(instruction);
  write_sctlr(read_sctlr() | sctlr);
  Session session{instruction, &in, &outcome, 0};
  const Word pl1_sctlr = read_pl1_sctlr();
  hr_target_run_at_pl1(run_session, &session, sp_hyp_pattern(pattern));
  write_pl1_sctlr(pl1_sctlr);  // a restart leaves it as the caller had it
  outcome.final_vectors = read_vectors();
  outcome.sp_hyp = hr_target_cpu()->word[HR_CPU_SEEN_SP_HYP];
  hr_target_reset_hyp();
  return outcome;
}

void check_preserved(const Frame& in, const Outcome& outcome, unsigned pattern, unsigned results) {
  for (const unsigned i : kComparedRegisters) {
    if (i < results) {
      continue;
    }
    if (outcome.out.word[i] != in.word[i]) {
      note_value("register", i);
    }
    CHECK_EQ(outcome.out.word[i], in.word[i]);
  }
  CHECK_EQ(outcome.out.word[HR_FRAME_PSR] & kPsrFlags, in.word[HR_FRAME_PSR] & kPsrFlags);
  CHECK_EQ(outcome.out.word[HR_FRAME_PSR] & kPsrRest, kPsrUnmaskedPl1);
  CHECK_EQ(outcome.sp_hyp, sp_hyp_pattern(pattern));
}

}  // namespace hyprelay::target
