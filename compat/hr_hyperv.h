/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * hr_hyperv.h: hypercalls of Hyper-V: its registers, reporting a panic, and what a kexec must tear
 * down. arm64, either endianness: everything but a message is in registers. Environment:
 * compat/hr_client.h; hvc #0, so that docs/hvc-space.md says where it is fatal.
 *
 * Hypercalls are one SMCCC function, yielding and 64-bit: x0 HR_HYPERV_FUNCTION, x1 the control
 * word; x0 comes back as the result: bits 15:0 a status of abi/hyperv.def, bits 43:32 repetitions
 * done. x4 to x17 are lost. Results in x6 and x7 need SMCCC 1.2 [arm/smccc 1.2 section 2.5.2].
 * [linux/arch/arm64/hyperv/hv_core.c, 5.15 and later.]
 *
 * The first call of all is hr_hyperv_begin(): before a guest id is set no other is answered (this
 * last from memory of the specification, TLFS).
 *
 * With HR_OUT_OF_LINE defined before the include, calls go through hr_issue() of the client library
 * instead of being made in place. A result of all ones: the call was UNDEFINED, nobody is there.
 */
#ifndef HR_COMPAT_HR_HYPERV_H
#define HR_COMPAT_HR_HYPERV_H

#include "compat/hr_call.h"

enum {
#define HR_HYPERV_REGISTER(name, number, text) HR_HYPERV_REGISTER_##name = number,
#include "abi/hyperv.def"
#define HR_HYPERV_STATUS(name, value, text) HR_HYPERV_STATUS_##name = value,
#include "abi/hyperv.def"
};

HR_STATIC_ASSERT(HR_HYPERV_REGISTER_CRASH_CTL == HR_HYPERV_REGISTER_CRASH_P0 + 5, "one behind P4");

#define HR_HYPERV_STATUS_OF(result) ((result)&0xffff)
#define HR_HYPERV_REPETITIONS_DONE(result) (((result) >> 32) & 0xfff)

#define HR_HYPERV_SELF_PARTITION (~0ul)
/* CRASH_CTL. */
#define HR_HYPERV_CRASH_NOTIFY (1ul << 63)
#define HR_HYPERV_CRASH_MESSAGE (1ul << 62)
/* A guest id: bit 63 open source, 62:56 operating system, 47:16 version, 15:0 build
 * [linux/include/asm-generic/hyperv-tlfs.h]. 0 is no id. */
#define HR_HYPERV_GUEST_ID(system, version, build) \
  (1ul << 63 | HR_AS_WORD(system) << 56 | HR_AS_WORD(version) << 16 | HR_AS_WORD(build))
#define HR_HYPERV_SYSTEM_LINUX 1
/* A message lies in one page of the hypervisor's. */
#define HR_HYPERV_PAGE 4096

#if defined(__aarch64__)

#define HR_HYPERV_ONE_FAST (HR_HYPERV_FAST | HR_HYPERV_ONE_REPETITION)

/* The three shapes of a call, in place or out of line. */
#ifdef HR_OUT_OF_LINE
static inline hr_word hr_hyperv_call(hr_word control, hr_word a, hr_word b) {
  struct hr_registers r = {
      {HR_HYPERV_FUNCTION, control, a, b, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}};
  return hr_issue(&r, 0) == HR_ISSUE_DONE ? r.r[0] : ~0ul;
}
static inline hr_word hr_hyperv_set_register(hr_word name, hr_word low, hr_word high) {
  struct hr_registers r = {{HR_HYPERV_FUNCTION, HR_HYPERV_SET_REGISTERS | HR_HYPERV_ONE_FAST,
                            HR_HYPERV_SELF_PARTITION, HR_HYPERV_SELF_PROCESSOR, name, 0, low, high,
                            0, 0, 0, 0, 0, 0, 0, 0, 0, 0}};
  return hr_issue(&r, 0) == HR_ISSUE_DONE ? r.r[0] : ~0ul;
}
static inline hr_word hr_hyperv_get_register(hr_word name, hr_word value[2]) {
  struct hr_registers r = {{HR_HYPERV_FUNCTION, HR_HYPERV_GET_REGISTERS | HR_HYPERV_ONE_FAST,
                            HR_HYPERV_SELF_PARTITION, HR_HYPERV_SELF_PROCESSOR, name, 0, 0, 0, 0, 0,
                            0, 0, 0, 0, 0, 0, 0, 0}};
  if (hr_issue(&r, 0) != HR_ISSUE_DONE) {
    return ~0ul;
  }
  value[0] = r.r[6];
  value[1] = r.r[7];
  return r.r[0];
}
#else
#define HR_HYPERV_LOST "x8", "x9", "x10", "x11", "x12", "x13", "x14", "x15", "x16", "x17"
/* A hypercall with its control word and two words: physical addresses of the input (0: none) and of
 * the output; or, with HR_HYPERV_FAST in the control word, the first 16 bytes of the input. */
static inline hr_word hr_hyperv_call(hr_word control, hr_word a, hr_word b) {
  register hr_word x0 __asm__("x0") = HR_HYPERV_FUNCTION;
  register hr_word x1 __asm__("x1") = control;
  register hr_word x2 __asm__("x2") = a;
  register hr_word x3 __asm__("x3") = b;
  __asm__ volatile(HR_HVC_ASM(0)
                   : "+r"(x0), "+r"(x1), "+r"(x2), "+r"(x3)
                   :
                   : "x4", "x5", "x6", "x7", HR_HYPERV_LOST, "cc", "memory");
  return x0;
}
/* Sets a register of this processor, an HR_HYPERV_REGISTER_*, to 128 bits. */
static inline hr_word hr_hyperv_set_register(hr_word name, hr_word low, hr_word high) {
  register hr_word x0 __asm__("x0") = HR_HYPERV_FUNCTION;
  register hr_word x1 __asm__("x1") = HR_HYPERV_SET_REGISTERS | HR_HYPERV_ONE_FAST;
  register hr_word x2 __asm__("x2") = HR_HYPERV_SELF_PARTITION;
  register hr_word x3 __asm__("x3") = HR_HYPERV_SELF_PROCESSOR;
  register hr_word x4 __asm__("x4") = name;
  register hr_word x5 __asm__("x5") = 0;
  register hr_word x6 __asm__("x6") = low;
  register hr_word x7 __asm__("x7") = high;
  __asm__ volatile(HR_HVC_ASM(0)
                   : "+r"(x0), "+r"(x1), "+r"(x2), "+r"(x3), "+r"(x4), "+r"(x5), "+r"(x6), "+r"(x7)
                   :
                   : HR_HYPERV_LOST, "cc", "memory");
  return x0;
}
/* Reads a register of this processor: value[0] is the low half. When the status is not SUCCESS, the
 * value is what the hypervisor left in x6 and x7. */
static inline hr_word hr_hyperv_get_register(hr_word name, hr_word value[2]) {
  register hr_word x0 __asm__("x0") = HR_HYPERV_FUNCTION;
  register hr_word x1 __asm__("x1") = HR_HYPERV_GET_REGISTERS | HR_HYPERV_ONE_FAST;
  register hr_word x2 __asm__("x2") = HR_HYPERV_SELF_PARTITION;
  register hr_word x3 __asm__("x3") = HR_HYPERV_SELF_PROCESSOR;
  register hr_word x4 __asm__("x4") = name;
  register hr_word x5 __asm__("x5") = 0;
  register hr_word x6 __asm__("x6");
  register hr_word x7 __asm__("x7");
  __asm__ volatile(HR_HVC_ASM(0)
                   : "+r"(x0), "+r"(x1), "+r"(x2), "+r"(x3), "+r"(x4), "+r"(x5), "=r"(x6), "=r"(x7)
                   :
                   : HR_HYPERV_LOST, "cc", "memory");
  const hr_word result = x0;
  const hr_word low = x6;
  const hr_word high = x7;
  value[0] = low;
  value[1] = high;
  return result;
}
#endif

/* Hypercall `code` with 8 or 16 bytes of input, and no output. */
static inline hr_word hr_hyperv_fast8(hr_word code, hr_word input) {
  return hr_hyperv_call(code | HR_HYPERV_FAST, input, 0);
}
static inline hr_word hr_hyperv_fast16(hr_word code, hr_word low, hr_word high) {
  return hr_hyperv_call(code | HR_HYPERV_FAST, low, high);
}

/* Hypercall `code` over `count` elements, 1 to 4095, at the physical address `input`; results at
 * `output`, 0: none. The hypervisor may stop in between: it is called again from where it was,
 * until all are done or it says why not. The result's repetitions are those that were done. */
static inline hr_word hr_hyperv_repeat(hr_word code, hr_word count, hr_word input, hr_word output) {
  hr_word start = 0;
  for (;;) {
    const hr_word result = hr_hyperv_call(code | count << 32 | start << 48, input, output);
    const hr_word done = HR_HYPERV_REPETITIONS_DONE(result);
    if (HR_HYPERV_STATUS_OF(result) != HR_HYPERV_STATUS_SUCCESS || done >= count) {
      return result;
    }
    start = done;
  }
}

/* What hr_hyperv_begin() finds; each 128 bits, the low half first. */
struct hr_hyperv_facts {
  hr_word features[2];
  hr_word enlightenments[2];
  hr_word version[2];
};

/* Says who runs here (HR_HYPERV_GUEST_ID), and reads what Hyper-V is. Returns the first status that
 * is not SUCCESS, and facts are then zero from there on. */
static inline hr_word hr_hyperv_begin(hr_word guest_id, struct hr_hyperv_facts* facts) {
  const hr_word names[3] = {HR_HYPERV_REGISTER_FEATURES, HR_HYPERV_REGISTER_ENLIGHTENMENTS,
                            HR_HYPERV_REGISTER_HYPERVISOR_VERSION};
  hr_word* const to[3] = {facts->features, facts->enlightenments, facts->version};
  hr_word status =
      HR_HYPERV_STATUS_OF(hr_hyperv_set_register(HR_HYPERV_REGISTER_GUEST_OSID, guest_id, 0));
  for (unsigned i = 0; i < 3; ++i) {
    if (status == HR_HYPERV_STATUS_SUCCESS) {
      status = HR_HYPERV_STATUS_OF(hr_hyperv_get_register(names[i], to[i]));
    }
    if (status != HR_HYPERV_STATUS_SUCCESS) {
      to[i][0] = 0;
      to[i][1] = 0;
    }
  }
  return status;
}

/* The five words of a panic, then CRASH_CTL. All are written whatever each answers: the machine is
 * dying. Returns the first status that is not SUCCESS. */
static inline hr_word hr_hyperv_write_crash(const hr_word word[5], hr_word control) {
  hr_word first = HR_HYPERV_STATUS_SUCCESS;
  for (unsigned i = 0; i < 6; ++i) {
    const hr_word status = HR_HYPERV_STATUS_OF(
        hr_hyperv_set_register(HR_HYPERV_REGISTER_CRASH_P0 + i, i < 5 ? word[i] : control, 0));
    first = first == HR_HYPERV_STATUS_SUCCESS ? status : first;
  }
  return first;
}

/* Tells the host of a panic: the error, the guest id, where it was (PC, SP). Once in a boot: Linux
 * never reports a second one, which would hide the first in the host's log. */
static inline hr_word hr_hyperv_report_panic(hr_word error, hr_word guest_id, hr_word pc,
                                             hr_word sp) {
  const hr_word word[5] = {error, guest_id, pc, sp, 0};
  return hr_hyperv_write_crash(word, HR_HYPERV_CRASH_NOTIFY);
}

/* The same with text instead of registers: its physical address, and at most HR_HYPERV_PAGE bytes
 * that do not cross a page, clean to the point of coherency when the caches are off. P0 to P2 are
 * 0, as Linux has them. A host takes it if CRASH_CTL reads with HR_HYPERV_CRASH_MESSAGE. Returns a
 * status, INVALID_PARAMETER without a call when the text crosses a page. */
static inline hr_word hr_hyperv_report_message(hr_word text, hr_word bytes) {
  const hr_word word[5] = {0, 0, 0, text, bytes};
  if (bytes > HR_HYPERV_PAGE - (text & (HR_HYPERV_PAGE - 1))) {
    return HR_HYPERV_STATUS_INVALID_PARAMETER;
  }
  return hr_hyperv_write_crash(word, HR_HYPERV_CRASH_NOTIFY | HR_HYPERV_CRASH_MESSAGE);
}

/* `count` registers from `first`, `step` apart, set to value. Returns `before`, or if that is
 * SUCCESS the first status that is not. */
static inline hr_word hr_hyperv_set_registers(hr_word before, hr_word first, unsigned count,
                                              hr_word step, hr_word value) {
  for (unsigned i = 0; i < count; ++i) {
    const hr_word status = HR_HYPERV_STATUS_OF(hr_hyperv_set_register(first + i * step, value, 0));
    before = before == HR_HYPERV_STATUS_SUCCESS ? status : before;
  }
  return before;
}

#define HR_HYPERV_TEARDOWN_CPU(whose) HR_HYPERV_TEARDOWN_CPU_##whose
#define HR_HYPERV_TEARDOWN_CPU_CPU 1
#define HR_HYPERV_TEARDOWN_CPU_PARTITION 0

/*
 * Before a kexec, and before memory of the old kernel is given away: the hypervisor forgets it.
 * What goes, and in which order: the rows HR_HYPERV_TEARDOWN of abi/hyperv.def. The first is each
 * CPU's own part, on every CPU; the second the part of the last one, and of all. No step keeps the
 * next from being tried: a partition without a privilege is told so, and owns nothing there.
 * Returns the first status that is not SUCCESS. Interrupts masked; no stack beyond a call's own.
 */
static inline hr_word hr_hyperv_teardown_cpu(void) {
  hr_word status = HR_HYPERV_STATUS_SUCCESS;
#define HR_HYPERV_TEARDOWN(whose, name, count, step, value, text)                            \
  if (HR_HYPERV_TEARDOWN_CPU(whose)) {                                                       \
    status = hr_hyperv_set_registers(status, HR_HYPERV_REGISTER_##name, count, step, value); \
  }
#include "abi/hyperv.def"
  return status;
}
static inline hr_word hr_hyperv_teardown(void) {
  hr_word status = hr_hyperv_teardown_cpu();
#define HR_HYPERV_TEARDOWN(whose, name, count, step, value, text)                            \
  if (!HR_HYPERV_TEARDOWN_CPU(whose)) {                                                      \
    status = hr_hyperv_set_registers(status, HR_HYPERV_REGISTER_##name, count, step, value); \
  }
#include "abi/hyperv.def"
  return status;
}

#endif

#endif /* HR_COMPAT_HR_HYPERV_H */
