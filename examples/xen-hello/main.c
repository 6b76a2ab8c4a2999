/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A kernel for a domain of Xen that has no driver: it prints through Xen's console, asks a few
 * questions, and shuts its domain down. Environment: SVC or EL1, MMU and caches off, a stack.
 */
#include <compat/hr_xen.h>

/* Cleans and invalidates these bytes to the point of coherency: start.S. */
void flush(const void* from, hr_word size);
void hello_main(void);

/*
 * Xen reads and writes what an argument points to through caches, while these programs run without:
 * a line that was there before would hide what is written past it, and its own answer stays in one.
 */
#define SHARED(call, object)                                                                   \
  (flush(&(object), sizeof(object)), shared_answer = (call), flush(&(object), sizeof(object)), \
   shared_answer)
static long shared_answer;

static hr_word length_of(const char* text) {
  hr_word length = 0;
  while (text[length] != '\0') {
    ++length;
  }
  return length;
}

static void print(const char* text) {
  const hr_word length = length_of(text);
  flush(text, length);
  hr_consoleio_write(text, length);
}

static void print_number(unsigned long value) {
  char digits[24];
  unsigned at = sizeof digits - 1;
  digits[at] = '\0';
  do {
    digits[--at] = (char)('0' + (int)(value % 10));
    value /= 10;
  } while (value != 0);
  print(&digits[at]);
}

void hello_main(void) {
  const unsigned version = (unsigned)hr_xenver_version();
  print("hello: below Xen ");
  print_number(version >> 16);
  print(".");
  print_number(version & 0xffff);

  struct hr_xen_capabilities_info can;
  if (SHARED(hr_xenver_capabilities(&can), can) == 0) {
    print(", for ");
    print(can.text);
  }
  struct hr_xen_memory_domain self = {hr_le16_of(HR_DOMID_SELF)};
  const long pages = SHARED(hr_xenmem_current_reservation(&self), self);
  print("\nhello: this domain has ");
  print_number((unsigned long)pages / 256);
  print(" MiB\nhello: good night\n");

  struct hr_sched_shutdown off = {hr_le32_of(HR_SHUTDOWN_POWEROFF)};
  (void)SHARED(hr_schedop_shutdown(&off), off);
  print("hello: still here\n");
}
