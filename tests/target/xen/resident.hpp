// SPDX-License-Identifier: BSD-2-Clause
// What the tests of this folder share: the Xen of ours, and calls with every register chosen.
#pragma once

#include "tests/target/compat/below.hpp"
#include "tests/target/xen/seen.h"

namespace hyprelay::target {

extern "C" {
extern const unsigned char hr_resident_xen[];
// Written by the resident; ANSWER by the test.
extern Word hr_xen_seen[HR_SEEN_WORDS];
// Calls the function whose address is the frame's LR (x30), with its registers.
void hr_go(const Frame* in, Frame* out);
// Linux's, as a model.
Word hr_published_privcmd_call(Word, Word, Word, Word, Word, Word);
}

inline Word seen_register(unsigned number) {
  return hr_xen_seen[HR_SEEN_REGISTERS + number];
}

// A hypercall by a typed function, and what must arrive.
struct Operation {
  const char* name;
  long (*call)(void* memory);
  Word number;
  unsigned count;     // arguments
  Word arguments[3];  // kMemory: the pointer
  bool wide;          // answers with a whole register
};
constexpr Word kMemory = 0x7e57;

// Makes every call below the resident and judges what arrived and what came back; how many it was.
unsigned judge_operations(const Operation* operations, unsigned count);

}  // namespace hyprelay::target
