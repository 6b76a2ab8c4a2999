// SPDX-License-Identifier: BSD-2-Clause
#include "tests/target/smccc/scribe.hpp"

namespace hyprelay::target {
namespace {

constinit Scribe state = {};

// HCR.TSC, HCR_EL2.TSC: an SMC of SVC/EL1 comes here.
constexpr Word kHcrTrapSmc = Word{1} << 19;

#ifdef __arm__
Word syndrome() {
  Word value = 0;
  __asm__ volatile("mrc p15, 4, %0, c5, c2, 0" : "=r"(value));
  return value;
}
void trap_smc() {
  Word value = 0;
  __asm__ volatile("mrc p15, 4, %0, c1, c1, 0" : "=r"(value));
  __asm__ volatile("mcr p15, 4, %0, c1, c1, 0\n\tisb" : : "r"(value | kHcrTrapSmc) : "memory");
}
void skip_instruction() {
  Word value = 0;
  __asm__ volatile("mrs %0, elr_hyp" : "=r"(value));
  __asm__ volatile("msr elr_hyp, %0" : : "r"(value + 4));
}
constexpr unsigned kRegisters = 13;
constexpr Word kClassSmc = 0x13;
#else
Word syndrome() {
  Word value = 0;
  __asm__ volatile("mrs %0, esr_el2" : "=r"(value));
  return value;
}
void trap_smc() {
  Word value = 0;
  __asm__ volatile("mrs %0, hcr_el2" : "=r"(value));
  __asm__ volatile("msr hcr_el2, %0\n\tisb" : : "r"(value | kHcrTrapSmc) : "memory");
}
void skip_instruction() {
  Word value = 0;
  __asm__ volatile("mrs %0, elr_el2" : "=r"(value));
  __asm__ volatile("msr elr_el2, %0" : : "r"(value + 4));
}
constexpr unsigned kRegisters = 31;
constexpr Word kClassSmc = 0x17;
#endif

}  // namespace

Scribe& scribe() {
  return state;
}

void will_answer(const Answer& answer) {
  state.answer[state.answers++ % kCallsMost] = answer;
}

void will_answer(std::int32_t r0) {
  will_answer({1, false, {static_cast<Word>(static_cast<std::intptr_t>(r0))}});
}

// The address of an SMC that was trapped is its own [arm/ddi0406c B1.14.3, arm/ddi0487 D1.10.2].
extern "C" bool hr_of_ours_answer(Word* r) {
  const Word cause = syndrome();
  if (state.calls < kCallsMost) {
    Call& call = state.call[state.calls];
    for (unsigned i = 0; i < kRegisters; ++i) {
      call.r[i] = r[i];
    }
    call.smc = (cause >> 26 & 0x3f) == kClassSmc;
    call.immediate = cause & 0xffff;
  }
  if (state.answers != 0) {
    const unsigned last = state.answers - 1;
    const Answer& answer = state.answer[state.calls < last ? state.calls : last];
    for (unsigned i = 0; i < answer.results; ++i) {
      r[i] = answer.r[i];
    }
#ifdef __aarch64__
    for (unsigned i = answer.results < 4 ? 4 : answer.results; answer.spoil && i < kUsed; ++i) {
      r[i] = Word{0xdead0000} + i;
    }
#endif
  }
  ++state.calls;
  if ((cause >> 26 & 0x3f) == kClassSmc) {
    skip_instruction();
  }
  return true;
}

void below_scribe(void (*function)(void*), void* argument) {
  state.calls = 0;
  trap_smc();
  below(hr_of_ours_vectors, function, argument);
  state.answers = 0;
}

}  // namespace hyprelay::target
