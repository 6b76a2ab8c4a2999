// SPDX-License-Identifier: BSD-2-Clause
// Work for the other CPUs. With MMU and caches off every access is Strongly-ordered or Device, so a
// volatile word and a barrier are all the synchronisation there is to do.
#include "bare/system.hpp"
#include "tests/target/harness/machine.hpp"

namespace hyprelay::target {
namespace {

struct Work {
  void (*function)(void*);
  void* argument;
  unsigned requested;
  unsigned finished;
};
constinit volatile Work work[HR_TARGET_CPUS_MAX] = {};
constinit bool started[HR_TARGET_CPUS_MAX] = {};

void barrier() {
  __asm__ volatile("dsb sy" ::: "memory");
}

}  // namespace

bool start_on_cpu(unsigned index, void (*function)(void*), void* argument) {
  if (index == 0 || index >= HR_TARGET_CPUS_MAX) {
    return false;
  }
  volatile Work& mine = work[index];
  mine.function = function;
  mine.argument = argument;
  barrier();
  mine.requested = mine.requested + 1;
  barrier();
  const std::uint64_t deadline = hr_counter() + std::uint64_t{10} * hr_counter_hz();
  // A CPU that has just announced that it switches itself off may still be on for a moment. The
  // mark is set before the start: a fast CPU takes it back before this one goes on.
  while (!started[index]) {
    started[index] = true;
    barrier();
    if (hr_target_cpu_on(index) != 0) {
      started[index] = false;
    }
    if (hr_counter() > deadline) {
      return false;
    }
  }
  return true;
}

bool has_finished_on_cpu(unsigned index) {
  const bool finished = work[index].finished == work[index].requested;
  barrier();
  return finished;
}

bool run_on_cpu(unsigned index, void (*function)(void*), void* argument) {
  if (!start_on_cpu(index, function, argument)) {
    return false;
  }
  const std::uint64_t deadline = hr_counter() + std::uint64_t{10} * hr_counter_hz();
  while (!has_finished_on_cpu(index)) {
    if (hr_counter() > deadline) {
      return false;
    }
  }
  return true;
}

void wait_a_little() {
  const std::uint64_t until = hr_counter() + hr_counter_hz() / 10;
  while (hr_counter() < until) {
  }
}

void finish_and_switch_off() {
  const unsigned index = hr_target_cpu_index();
  started[index] = false;
  barrier();
  work[index].finished = work[index].requested;
  barrier();
  hr_target_cpu_off();
}

// Called by start.S on every other CPU, at HYP/EL2.
extern "C" [[noreturn]] void hr_target_secondary_main() {
  volatile Work& mine = work[hr_target_cpu_index()];
  for (;;) {
    const unsigned number = mine.requested;
    if (mine.finished != number) {
      barrier();
      mine.function(mine.argument);
      barrier();
      mine.finished = number;
    }
  }
}

}  // namespace hyprelay::target
