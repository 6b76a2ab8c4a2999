/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Prints "ticks NAME COUNTER NANOSECONDS": the virtual counter, and the time since this kernel
 * started its clocks. The counter goes on through a kexec and the clock begins again, so that both
 * together tell when the kernel started.
 */
#include <inttypes.h>
#include <stdio.h>
#include <time.h>

static uint64_t counter(void) {
  uint64_t value;
#ifdef __aarch64__
  __asm__ volatile("isb; mrs %0, cntvct_el0" : "=r"(value));
#else
  __asm__ volatile("isb; mrrc p15, 1, %Q0, %R0, c14" : "=r"(value));
#endif
  return value;
}

int main(int argc, char** argv) {
  struct timespec up;
  if (argc != 2 || clock_gettime(CLOCK_BOOTTIME, &up) != 0) {
    return 2;
  }
  printf("ticks %s %" PRIu64 " %" PRIu64 "\n", argv[1], counter(),
         (uint64_t)up.tv_sec * 1000000000u + (uint64_t)up.tv_nsec);
  return 0;
}
