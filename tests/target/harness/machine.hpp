// SPDX-License-Identifier: BSD-2-Clause
// The bare machine under a target test: its CPUs, its two privilege modes, and programs whose every
// register is chosen and read back.
// Environment: HYP/EL2, MMU and caches off, little endian, one 16 KiB stack per CPU and mode.
#pragma once

#include "tests/target/harness/cpu.h"

#include <cstddef>
#include <cstdint>

namespace hyprelay::target {

using Word = std::uintptr_t;

// The registers of a program at SVC/EL1: r0..r14 or x0..x30 first, then the rows of cpu.h.
struct Frame {
  Word word[HR_FRAME_WORDS];
};

// One per CPU; the words are those of cpu.h.
struct Cpu {
  Word word[HR_CPU_WORDS];
};

extern "C" {
// The Cpu of the CPU that asks. At HYP/EL2, and at SVC/EL1 inside run_at_pl1.
Cpu* hr_target_cpu();
// 0 is the CPU that was started first.
unsigned hr_target_cpu_index();

// Puts the harness's own vectors into HVBAR / VBAR_EL2: any exception ends the program, but for the
// way back from run_at_pl1.
void hr_target_reset_hyp();

// The harness's table for HYP/EL2, aligned for HVBAR and VBAR_EL2.
extern const unsigned char hr_target_hyp_vectors[];

// Drops to SVC/EL1, all exceptions masked, MMU and caches off there, sp_hyp left in SP_hyp /
// SP_EL2, and calls function(argument). When that returns, `hvc #HR_TARGET_HVC_BACK`: the harness's
// vectors must be in place by then. Comes back at HYP/EL2.
void hr_target_run_at_pl1(void (*function)(void*), void* argument, Word sp_hyp);

// At HYP/EL2, with any stack pointer and any registers: stores them in the frame that the Cpu's
// HR_CPU_OUT names (PSR: CPSR; arm64: the DAIF bits and CurrentEL), and returns from run_at_pl1.
// For programs that something under test starts at HYP/EL2.
[[noreturn]] void hr_target_land_hyp();

// Semihosting. The text goes to QEMU's console as it is; the code is QEMU's exit status.
void hr_target_write(const char* text);
[[noreturn]] void hr_target_exit(Word code);

// PSCI CPU_ON by SMC: starts a CPU at HYP/EL2 in hr_target_secondary. Returns the PSCI status.
Word hr_target_cpu_on(unsigned index);

// PSCI CPU_OFF by SMC.
[[noreturn]] void hr_target_cpu_off();
}

// Runs function(argument) at HYP/EL2 on another CPU, which PSCI starts the first time, and waits
// for its end. False: the CPU did not start, or did not finish within ten seconds.
bool run_on_cpu(unsigned index, void (*function)(void*), void* argument);

// The two halves of run_on_cpu, for what may never come to an end: start says whether the CPU
// started, and has_finished whether it has come back since.
bool start_on_cpu(unsigned index, void (*function)(void*), void* argument);
bool has_finished_on_cpu(unsigned index);

// Lets a tenth of a second pass.
void wait_a_little();

// Ends what run_on_cpu started, from SVC/EL1 or HYP/EL2, and switches this CPU off: the only way
// on for a CPU that has lost HYP/EL2. The next run_on_cpu starts it anew.
[[noreturn]] void finish_and_switch_off();

}  // namespace hyprelay::target
