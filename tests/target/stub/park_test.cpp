// SPDX-License-Identifier: BSD-2-Clause
// A trap that is no call, below the small stub of arm: the CPU parks. It neither comes back to
// SVC nor gets to what the op in r0 would have led to. Each case costs a CPU.
#include "tests/target/stub/session.hpp"

namespace hyprelay::target {
namespace {

struct Case {
  Try instruction;
  Word op;
  // The instruction was reached, and what came after it.
  volatile Word reached;
  volatile Word passed;
};

// At SVC.
void run_case(void* argument) {
  auto& mine = *static_cast<Case*>(argument);
  Frame in = make_frame(0, mine.op);
  in.word[1] = reinterpret_cast<Word>(hr_target_hyp_vectors);
  in.word[3] = reinterpret_cast<Word>(hr_target_land_hyp);
  Frame out;
  mine.reached = 1;
  mine.instruction(&in, &out);
  mine.passed = 1;
}

// In Hyp mode, on the CPU that is to be lost. With the harness's vectors set, or landed: comes
// back.
void play(void* argument) {
  hr_target_reset_hyp();
  hr_stub_install();
  write_hcr(read_hcr() | kHcrTrapWfi | kHcrTrapVm);
  hr_target_run_at_pl1(run_case, argument, sp_hyp_pattern(0));
}

void check_parks(unsigned cpu, Try instruction, Word op) {
  // The CPU that is lost keeps writing to nothing, but its case must not be reused.
  static constinit Case cases[HR_TARGET_CPUS_MAX] = {};
  Case& mine = cases[cpu];
  mine.instruction = instruction;
  mine.op = op;
  CHECK(start_on_cpu(cpu, play, &mine));
  for (unsigned tenths = 0; mine.reached == 0 && tenths < 100; ++tenths) {
    wait_a_little();
  }
  wait_a_little();
  CHECK_EQ(mine.reached, Word{1});
  CHECK_EQ(mine.passed, Word{0});
  CHECK(!has_finished_on_cpu(cpu));
}

HR_TEST(parks_on_wfi, "a trapped WFI with the op of SET_VECTORS parks") {
  check_parks(1, hr_try_wfi, HR_OP_SET_VECTORS);
}
HR_TEST(parks_on_register, "a trapped register access with the op of SOFT_RESTART parks") {
  check_parks(2, hr_try_write_contextidr, HR_OP_SOFT_RESTART);
}
HR_TEST(parks_on_thumb, "a trapped WFI of a Thumb program with no op at all parks") {
  check_parks(3, hr_try_wfi_thumb, 0x1234);
}

}  // namespace
}  // namespace hyprelay::target
