/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Starts every other CPU by PSCI, one after the other, lets it say where it is, and switches it off
 * again; then the machine. On QEMU's virt, at SVC or EL1 by HVC, at HYP or EL2 by SMC: that is what
 * the tree of that machine says, which a program for another one reads (method, of the node psci).
 * Environment: MMU and caches off, as the boot protocols have it, so that memory needs no
 * maintenance.
 */
#include <compat/hr_psci.h>

#define UART 0x09000000ul /* a PL011 that needs no setup here */
#define CPUS 8            /* of one cluster; those that there are */
#define STACK_BYTES 1024

void start_main(void);
void secondary_main(hr_word context);
/* start.S: where a CPU begins, with its context as its stack. In this image, so that its address is
 * relative. */
extern const unsigned char secondary_start[] __attribute__((visibility("hidden")));

static unsigned char stacks[CPUS][STACK_BYTES] __attribute__((aligned(16)));
static volatile hr_word arrived;

static void print(const char* text) {
  while (*text != '\0') {
    *(volatile unsigned int*)UART = (unsigned char)*text++;
  }
}

static void print_number(int number) {
  char digit[2] = {(char)('0' + (number < 0 ? -number : number) % 10), '\0'};
  print(number < 0 ? "-" : "");
  print(digit);
}

static int at_hyp(void) {
  hr_word mode;
#ifdef __aarch64__
  __asm__("mrs %0, CurrentEL" : "=r"(mode));
  return mode == 8;
#else
  __asm__("mrs %0, cpsr" : "=r"(mode));
  return (mode & 0x1f) == 0x1a;
#endif
}

static const char* level(void) {
#ifdef __aarch64__
  return at_hyp() ? "EL2" : "EL1";
#else
  return at_hyp() ? "HYP" : "SVC";
#endif
}

static hr_word conduit(void) {
  return at_hyp() ? HR_CONDUIT_SMC : HR_CONDUIT_HVC;
}

/* On the CPU that was started. */
void secondary_main(hr_word context) {
  print(", which says: in ");
  print(level());
  arrived = context;
  hr_psci_cpu_off(conduit());
  print("psci-start: CPU_OFF came back\n");
}

static void start(int cpu) {
  const hr_word stack_top = (hr_word)&stacks[cpu][STACK_BYTES];
  int32_t status;
  print("psci-start: cpu ");
  print_number(cpu);
  print(" started");
  arrived = 0;
  status = hr_psci_cpu_on(conduit(), (hr_word)cpu, (hr_word)secondary_start, stack_top);
  if (status != HR_PSCI_SUCCESS) {
    print(", refused: ");
    print_number(status);
  } else {
    /* First its own word: QEMU says for a while that a CPU is off that is about to start. */
    while (arrived != stack_top ||
           hr_psci_affinity_info(conduit(), (hr_word)cpu, 0) != HR_PSCI_AFFINITY_OFF) {
    }
    print(", then off");
  }
  print("\n");
}

void start_main(void) {
  struct hr_smccc_found found;
  int cpu;
  hr_smccc_discover(conduit(), HR_PSCI_0_2, &found);
  print("psci-start: in ");
  print(level());
  print(", PSCI ");
  print_number((int)(found.psci >> 16));
  print(".");
  print_number((int)(found.psci & 0xffff));
  print(", SMCCC ");
  print_number((int)(found.version >> 16));
  print(".");
  print_number((int)(found.version & 0xffff));
  print("\n");
  for (cpu = 1; cpu < CPUS; ++cpu) {
    if (hr_psci_affinity_info(conduit(), (hr_word)cpu, 0) >= 0) {
      start(cpu);
    }
  }
  print("psci-start: good night\n");
  hr_psci_system_off(conduit());
  print("psci-start: still here\n");
}
