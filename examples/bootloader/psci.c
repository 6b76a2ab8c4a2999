/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The PSCI of the board for what runs below the stub: on hvc #0, beside the common ABI. It hands
 * the work to the firmware's own by SMC, but for CPU_ON: a CPU that the firmware starts comes up at
 * HYP/EL2, and passes through the bootloader, which makes its residents before it lets it go where
 * it should.
 */
#include "psci.h"

#include "board.h"

#include <compat/hr_psci.h>
#include <compat/hr_server.h>

#define STACK_BYTES 1024

/* Where CPUs go on, and the stacks of the server at HYP/EL2. */
static volatile struct {
  hr_word entry;
  hr_word context;
} starts[BOARD_CPUS];
static unsigned char stacks[BOARD_CPUS][STACK_BYTES] __attribute__((aligned(16)));

static void forward(void* owner, struct hr_registers* registers) {
  struct hr_registers answer = *registers;
  (void)owner;
  hr_smccc_call(BOARD_PSCI, registers, &answer);
  registers->r[0] = answer.r[0];
}

static void cpu_on(void* owner, struct hr_registers* registers) {
  const hr_word mpidr = hr_server_argument(registers, 1);
  const hr_word cpu = mpidr & 0xff;
  (void)owner;
  if (cpu >= BOARD_CPUS || hr_psci_affinity_info(BOARD_PSCI, mpidr, 0) != HR_PSCI_AFFINITY_OFF) {
    registers->r[0] =
        (hr_word)(cpu >= BOARD_CPUS ? HR_PSCI_INVALID_PARAMETERS : HR_PSCI_ALREADY_ON);
    return;
  }
  starts[cpu].entry = hr_server_argument(registers, 2);
  starts[cpu].context = hr_server_argument(registers, 3);
  registers->r[0] = (hr_word)hr_psci_cpu_on(BOARD_PSCI, mpidr, (hr_word)secondary_start & ~1ul,
                                            secondary_stack(cpu));
}

/* [server] */
static const struct hr_server_function functions[] = {
    {HR_FID32(PSCI_CPU_OFF), 0, forward},       {HR_FID32(PSCI_CPU_ON), 0, cpu_on},
    {HR_FID64(PSCI_CPU_ON), 0, cpu_on},         {HR_FID32(PSCI_AFFINITY_INFO), 0, forward},
    {HR_FID64(PSCI_AFFINITY_INFO), 0, forward}, {HR_FID32(PSCI_SYSTEM_OFF), 0, forward},
    {HR_FID32(PSCI_SYSTEM_RESET), 0, forward},
};
static struct hr_server_table table = {
    0, functions, sizeof functions / sizeof functions[0], HR_PSCI_1_1, {0, 0, 0, 0}, {0, 0}};
static const struct hr_server server = {hr_server_answer, &table, 0};

hr_word psci_serve(void) {
  return hr_server_install(&server, stacks[cpu_number()] + STACK_BYTES);
}
/* [end] */

void psci_go_on(void) {
  const hr_word entry = starts[cpu_number()].entry;
  if (entry != 0) {
    ((void (*)(hr_word))entry)(starts[cpu_number()].context);
  }
}
