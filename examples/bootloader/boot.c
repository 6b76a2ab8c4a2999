/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A bootloader that is entered at HYP/EL2 and makes hyprelay's stub resident before it drops to
 * SVC/EL1, so that what runs below can go back up. Then one of three things:
 *
 *   bootloader_hyp  asks the stub for a SOFT_RESTART into the kernel, which starts at HYP/EL2. The
 *                   stub is not needed any more: Linux installs its own, and no memory is reserved.
 *   bootloader_svc  starts the kernel at SVC/EL1, with the stub above it. Its memory is reserved in
 *                   the device tree.
 *   bootloader_psci the same, with a server on top of the stub: it is the PSCI of the kernel, by
 * HVC, and brings every other CPU up below the stub too (psci.c). All of the image stays, and is
 * reserved.
 *
 * MMU and caches are never on here. A bootloader that has them on cleans the resident, the kernel
 * and the tree to the point of coherency first; stub/hr_stub.h says what the installer wants.
 */
#include "board.h"
#include "console.h"
#include "cpu.h"
#include "psci.h"
#include "tree.h"

#include <compat/hr_client.h>
#include <stddef.h>
#include <stub/hr_stub.h>

#define STACK_BYTES 2048

/* The pages that boot.ld gives the resident. */
extern unsigned char resident_start[];
extern unsigned char resident_end[];
extern unsigned char image_start[];
extern unsigned char image_end[];

#ifdef PSCI_FOR_KERNEL
#include <compat/hr_server.h>
#define OWN_VECTORS ((hr_word)hr_server_vectors)
#define KEPT_START image_start
#define KEPT_END image_end
#else
#define OWN_VECTORS ((hr_word)hr_stub_vectors)
#define KEPT_START resident_start
#define KEPT_END resident_end
#endif

static unsigned char stacks[BOARD_CPUS][STACK_BYTES] __attribute__((aligned(16)));
/* What the last secondary found: 0 nothing yet, 1 its resident, 2 none. */
static volatile int answered;

/* To SVC/EL1; below a server if this is the kernel's PSCI. */
static void go_down(void) {
#ifdef PSCI_FOR_KERNEL
  const hr_word sp_hyp = psci_serve();
  if (sp_hyp == 0) {
    stop("the server was not installed: see compat/hr_server.h");
  }
  drop_below_server(sp_hyp);
#else
  drop();
#endif
}

/* [install] */
/* Makes the stub resident on the CPU that calls, and comes back below it. */
static void install_and_drop(void) {
  switch (hr_stub_install()) {
    case HR_STUB_INSTALLED:
      break;
    case HR_STUB_NOT_HYP:
      stop("not entered at HYP/EL2: nobody can be made resident");
    case HR_STUB_MISALIGNED:
      stop("the resident is misaligned: the linker script must keep its alignment");
    default:
      stop("the stub was not installed: see stub/hr_stub.h");
  }
  go_down();
}
/* [end] */

hr_word secondary_stack(hr_word cpu) {
  return (hr_word)(stacks[cpu] + STACK_BYTES);
}

/* [check] */
/* Asks, from SVC/EL1, who is above. We know who it is: asked blindly, these calls are not harmless
 * (docs/dialects.md). */
static int resident_answers(void) {
  hr_word answer[3]; /* version, features, personality */
  return hr_common_query(answer) == HR_QUERY_MAGIC && answer[0] >> 16 == HR_ABI_MAJOR &&
         hr_common_get_vectors() == OWN_VECTORS;
}
/* [end] */

/* HVBAR and VBAR_EL2 are per CPU: a resident is installed on each. */
void secondary_main(void) {
  install_and_drop();
#ifdef PSCI_FOR_KERNEL
  psci_go_on();
#endif
  answered = resident_answers() ? 1 : 2;
  /* The kernel starts this CPU again, by the same PSCI. That brings it to HYP/EL2 and to the
   * kernel, not here: only a bootloader that is the PSCI itself can leave its stub on every CPU. */
  hr_psci_cpu_off(BOARD_PSCI);
  stop("PSCI CPU_OFF failed");
}

static void start_secondaries(void) {
  for (hr_word cpu = 1; cpu < BOARD_CPUS; ++cpu) {
    answered = 0;
    if (hr_psci_cpu_on(BOARD_PSCI, cpu, (hr_word)secondary_start & ~1ul, secondary_stack(cpu)) !=
        0) {
      return;
    }
    /* 1 is off. The kernel could not start it before it is. */
    while (answered == 0 || hr_psci_affinity_info(BOARD_PSCI, cpu, 0) != 1) {
    }
    print("bootloader: cpu ");
    print_number((unsigned)cpu);
    print(answered == 1 ? ", the common ABI answers\n" : ", nobody answers\n");
  }
}

static void check_kernel(void) {
  const volatile unsigned int* magic =
      (const volatile unsigned int*)(BOARD_KERNEL + KERNEL_MAGIC_OFFSET);
  if (*magic != KERNEL_MAGIC) {
    stop("no kernel where it should be: load it with -device loader");
  }
}

static _Noreturn void start_kernel(void* tree) {
#ifdef KERNEL_BELOW_STUB
  /* [reserve] */
  const unsigned long start = (unsigned long)KEPT_START;
  if (tree_reserve(tree, start, (unsigned long)KEPT_END - start) != 0) {
    stop("no device tree to reserve the resident's memory in");
  }
  /* [end] */
  print("bootloader: reserved ");
  print_hex(start);
  print(" to ");
  print_hex((unsigned long)KEPT_END);
#ifdef PSCI_FOR_KERNEL
  if (tree_psci_by_hvc(tree) != 0) {
    stop("the tree names no PSCI by SMC");
  }
  print("\nbootloader: PSCI by HVC is this bootloader's");
#endif
  print("\nbootloader: starting the kernel in " MODE_BELOW ", below the stub\n");
  enter_kernel(BOARD_KERNEL, (hr_word)tree);
#else
  print("bootloader: SOFT_RESTART of the kernel in " MODE_HYP "\n");
  restart_into(BOARD_KERNEL, (hr_word)tree);
  stop("the stub refused SOFT_RESTART");
#endif
}

/* Entered by start.S on the boot CPU. */
void boot_main(void* tree) {
  print(runs_at_hyp() ? "bootloader: entered in " MODE_HYP : "bootloader: entered below " MODE_HYP);
  print(", device tree at ");
  print_hex((unsigned long)tree);
  print("\n");
  check_kernel();
  install_and_drop();
  if (runs_at_hyp() || !resident_answers()) {
    stop("the resident does not answer from " MODE_BELOW);
  }
  print("bootloader: in " MODE_BELOW ", the common ABI answers; " VECTORS_REGISTER " = ");
  print_hex(hr_common_get_vectors());
  print("\n");
  start_secondaries();
  start_kernel(tree);
}
