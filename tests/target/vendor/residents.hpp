// SPDX-License-Identifier: BSD-2-Clause
// Residents of ours that answer as others do, written from what is published of those (the sources
// are in docs/conventions.md), with numbers of their own: they share no table with the clients.
// They judge every register of a call, spoil what the convention lets them, and refuse what the
// real one refuses.
//
// Environment: HYP/EL2, MMU and caches off, 1 KiB of stack, the endianness of the program.
#pragma once

#include "tests/target/compat/below.hpp"

namespace hyprelay::target {

extern "C" const unsigned char hr_of_ours_vectors[];

// Registers of the caller by number: r0 to r12, x0 to x30. Answers by changing them; false: the CPU
// is parked, and its caller never goes on.
using Resident = bool (*)(Word* r, unsigned immediate);

bool jailhouse_of_ours(Word* r, unsigned immediate);
bool kvm_of_ours(Word* r, unsigned immediate);
#ifdef __aarch64__
bool hyperv_of_ours(Word* r, unsigned immediate);
bool gunyah_of_ours(Word* r, unsigned immediate);
bool levand_early_of_ours(Word* r, unsigned immediate);
#endif

// What the residents were asked, the oldest first, as it arrived.
struct Asked {
  unsigned immediate;
  Word r[8];
};
inline constexpr unsigned kAskedMost = 40;
struct Log {
  unsigned count;  // also of those that found no room
  Asked asked[kAskedMost];
};
const Log& asked();

#ifdef __aarch64__
// The last row of lines, one behind the other, that were cleaned below a resident while HCR_EL2.TPC
// was set, and how many calls it had answered by then.
struct Cleaned {
  Word first;
  Word last;
  Word instructions;
  unsigned calls;
};
const Cleaned& cleaned();
#endif

// function() at SVC/EL1 below the resident, with an empty log. True when it came to its end, false
// when the CPU was parked on the way.
bool below_of_ours(Resident resident, void (*function)(void*), void* argument);

template <class Function>
bool below_of_ours(Resident resident, Function function) {
  return below_of_ours(
      resident, [](void* self) { (*static_cast<Function*>(self))(); }, &function);
}

// call() with twelve values in registers, or wherever the compiler has them: whether all are as
// they were. A client that keeps a register from the compiler which its resident destroys shows
// here.
template <class Call>
[[gnu::noinline]] bool keeps_values(Call call) {
  volatile Word value[12];
  for (unsigned i = 0; i < 12; ++i) {
    value[i] = Word{0x5eed} * (i + 1);
  }
  const Word a = value[0], b = value[1], c = value[2], d = value[3], e = value[4], f = value[5];
  const Word g = value[6], h = value[7], i = value[8], j = value[9], k = value[10], l = value[11];
  call();
  return a == value[0] && b == value[1] && c == value[2] && d == value[3] && e == value[4] &&
         f == value[5] && g == value[6] && h == value[7] && i == value[8] && j == value[9] &&
         k == value[10] && l == value[11];
}

#ifdef HR_OUT_OF_LINE
#define OF_OURS_FORM "out-of-line"
#else
#define OF_OURS_FORM "inline"
#endif

// Jailhouse: who calls, and what it has printed.
struct JailhouseState {
  bool root;
  unsigned cells;  // 1: only the root cell; 2: one more, whose id is 1
  Word state;      // of that one
  char printed[8];
};
JailhouseState& jailhouse();

#ifdef __aarch64__
// Hyper-V: what the hypervisor holds of its guest.
struct HypervState {
  Word guest_id;
  Word crash[6];
  unsigned reports;
  Word reference_tsc;
  Word sint[16];
  Word scontrol, siefp, simp;
  Word stimer[8];
  bool has_synic;  // a privilege: without it the registers of interrupts and timers are refused
};
HypervState& hyperv();
// What the hypervisor does on its own: it writes to the pages that its guest has given it.
void hyperv_tick();
#endif

}  // namespace hyprelay::target
