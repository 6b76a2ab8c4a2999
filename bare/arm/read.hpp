// SPDX-License-Identifier: BSD-2-Clause
// CP15 registers of registers.h, read from C++.
//   HR_READ(name, MIDR)          defines std::uintptr_t name(), which reads the register
//   HR_READ_PAIR(name, CNTVOFF)  the same for 64 bits: std::uint64_t
#pragma once

#include "bare/arm/registers.h"

// It takes the % of an operand for an operator.
// clang-format off
#define HR_READ(name, reg)                                   \
  inline std::uintptr_t name() {                             \
    std::uintptr_t value;                                    \
    __asm__ volatile("mrc " HR_TEXT(reg(%0)) : "=r"(value)); \
    return value;                                            \
  }
#define HR_READ_PAIR(name, reg)                                     \
  inline std::uint64_t name() {                                     \
    std::uint64_t value;                                            \
    __asm__ volatile("mrrc " HR_TEXT(reg(%Q0, %R0)) : "=r"(value)); \
    return value;                                                   \
  }
// clang-format on
