/* SPDX-License-Identifier: BSD-2-Clause */
#include "reporter.h"

#include <compat/hr_hyperv.h>

/* Where the host reads the message, through caches, while this program may run without: no line of
 * it may be older than the memory, and with the caches on none newer. One page, so that it never
 * crosses one. With an MMU on, its physical address is another: this program has none. */
static char text[HR_HYPERV_PAGE] __attribute__((aligned(HR_HYPERV_PAGE)));
static unsigned long id;
static int takes_message;
static int is_over;

/* Cleans and invalidates these bytes to the point of coherency: vectors.S. */
void reporter_flush(const void* from, unsigned long size);

static char* put(char* to, const char* from) {
  while (*from != '\0') {
    *to++ = *from++;
  }
  return to;
}
static char* put_hex(char* to, unsigned long value) {
  to = put(to, "0x");
  for (int shift = 60; shift >= 0; shift -= 4) {
    *to++ = "0123456789abcdef"[value >> shift & 15];
  }
  return to;
}

/* [begin] */
unsigned long reporter_begin(unsigned long guest_id) {
  struct hr_hyperv_facts facts;
  hr_word control[2];
  const hr_word status = hr_hyperv_begin(guest_id, &facts);
  if (status != HR_HYPERV_STATUS_SUCCESS) {
    return status;
  }
  id = guest_id;
  takes_message = HR_HYPERV_STATUS_OF(hr_hyperv_get_register(
                      HR_HYPERV_REGISTER_CRASH_CTL, control)) == HR_HYPERV_STATUS_SUCCESS &&
                  (control[0] & HR_HYPERV_CRASH_MESSAGE) != 0;
  return 0;
}
/* [end] */

/* [panic] */
_Noreturn void reporter_panic(unsigned long syndrome, unsigned long pc, unsigned long sp,
                              unsigned long address) {
  if (!is_over) {
    is_over = 1;
    if (takes_message) {
      reporter_flush(text, sizeof text);
      char* to = put(text, "panic: ESR_EL1 ");
      to = put(put_hex(to, syndrome), ", PC ");
      to = put(put_hex(to, pc), ", SP ");
      to = put(put_hex(to, sp), ", FAR_EL1 ");
      to = put(put_hex(to, address), "\n");
      reporter_flush(text, (unsigned long)(to - text));
      (void)hr_hyperv_report_message((hr_word)text, (hr_word)(to - text));
    } else {
      (void)hr_hyperv_report_panic(syndrome, id, pc, sp);
    }
  }
  reporter_end();
}
/* [end] */
