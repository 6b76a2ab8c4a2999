// SPDX-License-Identifier: BSD-2-Clause
// Running a function at SVC/EL1 below a resident.
#pragma once

#include "compat/hr_client.h"
#include "tests/target/harness/tap.hpp"

namespace hyprelay::target {

extern "C" {
extern const unsigned char hr_resident_hypervisor[];
extern const unsigned char hr_resident_leaving[];
extern const unsigned char hr_resident_none[];
extern const unsigned char hr_resident_stub_4_12[];
#ifdef __arm__
extern const unsigned char hr_resident_stub_3_7[];
extern const unsigned char hr_resident_kvm_4_8[];
#else
extern const unsigned char hr_resident_stub_3_8[];
extern const unsigned char hr_resident_stub_4_8[];
extern const unsigned char hr_resident_kvm_4_7[];
#endif
}

inline Word address_of(const void* object) {
  return reinterpret_cast<Word>(object);
}

// A place at HYP/EL2 that a restart may go to: fills frame() and ends below().
inline Word landing() {
  return reinterpret_cast<Word>(&hr_target_land_hyp);
}
// The registers with which the last restart arrived there.
const Frame& landed();

// With these vectors in place and 1 KiB of stack at HYP/EL2, function(argument) at SVC/EL1. Then
// the harness's vectors again. Results go through the argument: checks belong to HYP/EL2.
void below(const void* vectors, void (*function)(void*), void* argument);

template <class Function>
void below(const void* vectors, Function function) {
  below(
      vectors, [](void* self) { (*static_cast<Function*>(self))(); }, &function);
}

}  // namespace hyprelay::target
