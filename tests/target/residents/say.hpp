// SPDX-License-Identifier: BSD-2-Clause
// The voice and the end of a kernel image that is no kernel: QEMU's PL011, and QEMU's exit status
// by semihosting. No stack but the caller's, MMU off.
#pragma once

#include "tests/target/harness/machine.hpp"

#include <cstdint>

namespace hyprelay::target {

inline void put(char c) {
  *reinterpret_cast<volatile std::uint32_t*>(0x09000000) = static_cast<unsigned char>(c);
}

inline void say(const char* text) {
  for (; *text != '\0'; ++text) {
    put(*text);
  }
}

inline void say_number(std::uint64_t value) {
  say("0x");
  for (int shift = 60; shift >= 0; shift -= 4) {
    const auto digit = static_cast<char>(value >> shift & 15);
    put(static_cast<char>(digit < 10 ? '0' + digit : 'a' + digit - 10));
  }
}

[[noreturn]] inline void end(Word status) {
  Word block[2] = {0x20026, status};
#ifdef __arm__
  register Word r0 __asm__("r0") = 0x20;
  register const Word* r1 __asm__("r1") = block;
  __asm__ volatile("svc #0x123456" : "+r"(r0) : "r"(r1) : "memory");
#else
  register Word x0 __asm__("x0") = 0x20;
  register const Word* x1 __asm__("x1") = block;
  __asm__ volatile("hlt #0xf000" : "+r"(x0) : "r"(x1) : "memory");
#endif
  for (;;) {
  }
}

}  // namespace hyprelay::target
