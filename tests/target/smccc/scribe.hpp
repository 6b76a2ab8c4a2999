// SPDX-License-Identifier: BSD-2-Clause
// A resident that writes down every register of every HVC and SMC, and answers what a test has told
// it to. It knows no function: what is right is in the tests, as numbers of their own.
#pragma once

#include "compat/hr_psci.h"
#include "compat/hr_trng.h"
#include "tests/target/vendor/residents.hpp"

namespace hyprelay::target {

#ifdef __aarch64__
inline constexpr unsigned kUsed = 18;
#else
inline constexpr unsigned kUsed = 8;
#endif

// One call, as it arrived: r0 to r12, x0 to x30; by which instruction, with which immediate.
struct Call {
  Word r[31];
  bool smc;
  Word immediate;
};

// How one is answered: the first `results` registers; on arm64 those after them up to x17 are
// destroyed when `spoil` is set, as 1.0 allows; all others are left as they came.
struct Answer {
  unsigned results;
  bool spoil;
  Word r[18];
};

inline constexpr unsigned kCallsMost = 16;

struct Scribe {
  unsigned calls;
  Call call[kCallsMost];
  // The answer to each; beyond `answers`, the last one again.
  unsigned answers;
  Answer answer[kCallsMost];
};
Scribe& scribe();

// Tells it an answer of one word, r0, which is sign extended, as some residents do.
void will_answer(std::int32_t r0);
void will_answer(const Answer& answer);

// function() at SVC/EL1 below it, both HVC and SMC its own, with no calls written down. What it
// will answer is forgotten afterwards.
void below_scribe(void (*function)(void*), void* argument);

template <class Function>
void below_scribe(Function function) {
  below_scribe([](void* self) { (*static_cast<Function*>(self))(); }, &function);
}

}  // namespace hyprelay::target
