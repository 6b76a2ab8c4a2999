// SPDX-License-Identifier: BSD-2-Clause
#include "tests/target/compat/below.hpp"

namespace hyprelay::target {
namespace {

alignas(16) constinit unsigned char hyp_stack[1024] = {};
constinit Frame frame = {};

void write_vectors(Word vectors) {
#ifdef __arm__
  // HVBAR.
  __asm__ volatile("mcr p15, 4, %0, c12, c0, 0\n\tisb" : : "r"(vectors) : "memory");
#else
  __asm__ volatile("msr vbar_el2, %0\n\tisb" : : "r"(vectors) : "memory");
#endif
}

}  // namespace

const Frame& landed() {
  return frame;
}

void below(const void* vectors, void (*function)(void*), void* argument) {
  frame = {};
  hr_target_cpu()->word[HR_CPU_OUT] = address_of(&frame);
  write_vectors(address_of(vectors));
  hr_target_run_at_pl1(function, argument, address_of(hyp_stack + sizeof hyp_stack));
  hr_target_reset_hyp();
}

}  // namespace hyprelay::target
