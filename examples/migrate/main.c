/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The steps of docs/migrate.md, run one after the other: old code below an old resident, the same
 * code below the stub's bridge personalities, new code; and a hypervisor that takes HYP/EL2 over
 * and gives it back. Prints TAP. Everything that is quoted there is between marks, [name] and
 * [end].
 */
#include "board.h"
#include "console.h"
#include "cpu.h"
#include "old.h"
#include "runtime.h"

#include <compat/hr_client.h>
#include <compat/hr_shim.h>
#include <stub/hr_stub.h>

#define STEPS 14

extern const unsigned char old_vectors[];
void old_install(void);
void old_rise(void);
hr_word rise(void);
void give_stack(hr_word top);

static unsigned char hyp_stack[1024] __attribute__((aligned(16)));
#define HYP_STACK_TOP ((hr_word)(hyp_stack + sizeof hyp_stack))
static unsigned step;
static int failures;

static void report(int good, const char* text) {
  print(good ? "ok " : "not ok ");
  print_number(++step);
  print(" - ");
  print(text);
  print("\n");
  failures += !good;
}

static void install(unsigned personality) {
  if (hr_stub_install_personality(hr_stub_vectors, personality) != HR_STUB_INSTALLED) {
    stop("the stub was not installed");
  }
  drop();
}

/* Functions that run at HYP/EL2. */
static hr_word sum(hr_word a, hr_word b, hr_word c) {
  return a + b + c;
}
static hr_word vectors_there(hr_word a, hr_word b, hr_word c) {
  (void)(a | b | c);
  hr_word vectors;
#ifdef __aarch64__
  __asm__ volatile("mrs %0, vbar_el2" : "=r"(vectors));
#else
  __asm__ volatile("mrc p15, 4, %0, c12, c0, 0" : "=r"(vectors));
#endif
  return vectors;
}
/* [functions] */
/* By number; runtime.h. */
hr_word (*const hypercalls[HYPERCALLS])(hr_word, hr_word, hr_word) = {
    [RUNTIME_SUM] = sum,
    [RUNTIME_VECTORS] = vectors_there,
};
/* [end] */

static void bootloader(void) {
  old_install();
  drop();
  const hr_word resident = old_get_vectors();
  old_set_vectors(resident);
  report(resident == (hr_word)old_vectors && old_get_vectors() == resident,
         "old client below the old resident");
  old_rise();
  report(runs_at_hyp(), "old way up through the old resident");

  /* [bridge] */
  install(BRIDGE_OF_STUB);
  /* [end] */
  const hr_word bridge = old_get_vectors();
  old_set_vectors(bridge);
  report(bridge == hr_native_get_vectors() && old_get_vectors() == bridge,
         "old client below the stub as a bridge");
  hr_word answer[3];
  report(hr_native_query(answer) == HR_QUERY_MAGIC && answer[2] == BRIDGE_OF_STUB,
         "new client beside it, on the immediate");
  old_rise();
  report(runs_at_hyp(), "old way up through the bridge");

  install(HR_PERSONALITY_COMMON);
  report(hr_common_get_vectors() == (hr_word)hr_stub_vectors &&
             hr_common_set_vectors((hr_word)hr_stub_vectors + 4) == ~0ul,
         "new client below the stub");
  report(rise() == 0 && runs_at_hyp(), "new way up");
}

static void calls(void) {
  install(BRIDGE_OF_CALLS);
  old_call((hr_word)give_stack, HYP_STACK_TOP, 0, 0);
  report(old_call((hr_word)sum, 1, 2, 3) == 6, "old call through the bridge");
  /* [cross] */
  const hr_word refused = hr_native_op(HR_OP_SET_PERSONALITY, HR_PERSONALITY_COMMON);
  /* [end] */
  report(refused == 0 && hr_common_get_vectors() == (hr_word)hr_stub_vectors,
         "from the bridge to common");
}

/* [take-over] */
extern const unsigned char init_vectors[];

/* From SVC/EL1, on each CPU. 0, or -1 when the stub refuses: it may be locked. */
static int take_over(hr_word stack_top) {
  const hr_word stub = hr_common_get_vectors();
  if (hr_common_set_vectors((hr_word)init_vectors) != 0) {
    return -1;
  }
  /* The next HVC arrives in our own table. */
  struct hr_registers registers = {{stack_top, stub}};
  return hr_issue(&registers, 0) == HR_ISSUE_DONE ? 0 : -1;
}
/* [end] */

static void hypervisor(void) {
  report(take_over(HYP_STACK_TOP) == 0 && hr_common_get_vectors() != (hr_word)hr_stub_vectors,
         "a hypervisor takes over, and says so to GET_VECTORS");
  report(hr_xen_hypercall(RUNTIME_SUM, 1, 2, 3, 0, 0) == 6, "a call of Xen's shape");
  report(runtime_call(RUNTIME_VECTORS, 0, 0, 0) == hr_common_get_vectors() &&
             runtime_call(HYPERCALLS, 0, 0, 0) == ~0ul,
         "calls by number");
  /* [leave] */
  const hr_word refused = hr_common_reset_vectors();
  /* [end] */
  report(refused == 0 && hr_common_get_vectors() == (hr_word)hr_stub_vectors,
         "RESET_VECTORS gives HYP/EL2 back to the stub");
  report(rise() == 0 && runs_at_hyp(), "and the stub restarts at HYP/EL2");
}

/* Named by the bootloader's start.S. */
void secondary_main(void) {}

void boot_main(void* tree) {
  (void)tree;
  print("1..");
  print_number(STEPS);
  print("\n");
  bootloader();
  calls();
  hypervisor();
  print(failures == 0 && step == STEPS ? "# all passed\n" : "# failed\n");
  hr_psci_system_off(BOARD_PSCI);
  stop("PSCI SYSTEM_OFF failed");
}
