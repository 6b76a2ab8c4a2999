// SPDX-License-Identifier: BSD-2-Clause
// What parks the CPU: an HVC at HYP/EL2 itself. It neither comes back nor gets to what the op in r0
// would have led to. It costs a CPU.
#include "tests/target/stub/session.hpp"

namespace hyprelay::target {
namespace {

struct Case {
  Word op;
  // The instruction was reached, and what came after it.
  volatile Word reached;
  volatile Word passed;
};

// At HYP/EL2, without going down.
void play_at_hyp(void* argument) {
  hr_target_reset_hyp();
  hr_stub_install();
  auto& mine = *static_cast<Case*>(argument);
  mine.reached = 1;
#ifdef __arm__
  register Word r0 __asm__("r0") = mine.op;
  register Word r1 __asm__("r1") = reinterpret_cast<Word>(hr_target_hyp_vectors);
  __asm__ volatile("hvc #0" : "+r"(r0) : "r"(r1) : "lr", "memory");
#else
  register Word x0 __asm__("x0") = mine.op;
  register Word x1 __asm__("x1") = reinterpret_cast<Word>(hr_target_hyp_vectors);
  __asm__ volatile("hvc #0" : "+r"(x0) : "r"(x1) : "memory");
#endif
  mine.passed = 1;
}

void check_parks(unsigned cpu, Word op, void (*play)(void*)) {
  // The CPU that is lost keeps writing to nothing, but its case must not be reused.
  static constinit Case cases[HR_TARGET_CPUS_MAX] = {};
  Case& mine = cases[cpu];
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

HR_TEST(parks_on_own_hvc, "an HVC at HYP/EL2 itself with the op of SET_VECTORS parks") {
  check_parks(3, HR_OP_SET_VECTORS, play_at_hyp);
}

}  // namespace
}  // namespace hyprelay::target
