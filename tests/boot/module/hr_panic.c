// SPDX-License-Identifier: BSD-2-Clause
// Makes the kernel die in the ways that user space cannot ask for, on the CPU that loads it:
//   how=oops  a write to address 0 in an interrupt
//   how=spin  a loop that never lets another thread run, for the watchdog of soft lockups
//   how=deaf  a loop that takes no interrupt either: that CPU does not stop when another one
//   panics.
//             The parameter "deaf" says when it is so far
#include <linux/delay.h>
#include <linux/irq_work.h>
#include <linux/module.h>
#include <linux/preempt.h>
#include <linux/string.h>

static char* how = "";
module_param(how, charp, 0444);
MODULE_PARM_DESC(how, "oops, spin or deaf");

static int deaf;
module_param(deaf, int, 0444);

static int* volatile nowhere;

static void write_nowhere(struct irq_work* work) {
  *nowhere = 1;
}

static struct irq_work work;

static int __init hr_panic_init(void) {
  if (strcmp(how, "oops") == 0) {
    init_irq_work(&work, write_nowhere);
    irq_work_queue(&work);
    // With one CPU the next tick runs it.
    msleep(1000);
  } else if (strcmp(how, "spin") == 0) {
    preempt_disable();
    for (;;) {
      cpu_relax();
    }
  } else if (strcmp(how, "deaf") == 0) {
    local_irq_disable();
    WRITE_ONCE(deaf, 1);
    for (;;) {
      cpu_relax();
    }
  }
  return -EINVAL;
}

module_init(hr_panic_init);
// GPL in it, because that is what the kernel gives the functions of irq_work to.
MODULE_LICENSE("Dual BSD/GPL");
MODULE_DESCRIPTION("makes the kernel panic");
