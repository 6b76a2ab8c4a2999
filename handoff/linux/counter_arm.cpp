// SPDX-License-Identifier: BSD-2-Clause
#include "handoff/linux/counter.hpp"

#include <signal.h>
#include <ucontext.h>

namespace hyprelay::handoff::linux_host {
namespace {

// Both instructions below are four bytes long in A32 and in T32.
void skip_instruction(int, siginfo_t*, void* context) {
  static_cast<ucontext_t*>(context)->uc_mcontext.arm_pc += 4;
}

}  // namespace

// A CPU without the generic timer (Cortex-A8, A9), and a kernel that hides the counter because of
// an erratum, make the read an undefined instruction. The handler steps over it, which leaves the
// zeroes that were there, and zero hertz is no counter.
std::optional<Counter> read_counter() {
  struct sigaction skip {};
  struct sigaction before {};
  skip.sa_sigaction = skip_instruction;
  skip.sa_flags = SA_SIGINFO;
  if (::sigaction(SIGILL, &skip, &before) != 0) {
    return std::nullopt;
  }
  std::uint32_t low = 0;
  std::uint32_t high = 0;
  std::uint32_t hz = 0;
  asm volatile("isb\n\tmrrc p15, 1, %0, %1, c14 @ CNTVCT" : "+r"(low), "+r"(high));
  asm volatile("mrc p15, 0, %0, c14, c0, 0 @ CNTFRQ" : "+r"(hz));
  ::sigaction(SIGILL, &before, nullptr);
  if (hz == 0) {
    return std::nullopt;
  }
  return Counter{std::uint64_t{high} << 32 | low, hz};
}

}  // namespace hyprelay::handoff::linux_host
