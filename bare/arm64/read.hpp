// SPDX-License-Identifier: BSD-2-Clause
// System registers read from C++, those that the assembler does not know by the names of
// registers.h.
//   HR_READ(name, midr_el1)      defines std::uintptr_t name(), which reads the register
#pragma once

#include "bare/arm64/registers.h"

#define HR_READ(name, reg)                                   \
  inline std::uintptr_t name() {                             \
    std::uintptr_t value;                                    \
    __asm__ volatile("mrs %0, " HR_TEXT(reg) : "=r"(value)); \
    return value;                                            \
  }
