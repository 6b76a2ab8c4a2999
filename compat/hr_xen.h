/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * hr_xen.h: Xen's hypercalls, for guests and dom0 on arm (A32, T32) and arm64, either endianness;
 * C11 or C++.
 *
 * A hypercall is `hvc #0xea1`: its number in r12 (x16), up to five arguments in r0 to r4 (x0 to
 * x4), the answer in r0 (x0). It loses the number's register and those of its own arguments but the
 * first, which debug builds fill with 0xdeadbeef, and nothing else
 * [xen/include/public/arch-arm.h "Hypercall Calling Convention", xen/arch/arm/traps.c]. Flags come
 * back, because Xen returns with ERET.
 *
 * Environment: SVC or EL1 of a domain of Xen, any MMU state; see compat/hr_xen_types.h for what
 * pointers must point to. Below anybody who does not look at the immediate every one of these calls
 * is a call of something else: know that it is Xen first (compat/probe.hpp, docs/dialects.md).
 *
 * Two forms. Inline, one HVC in place: the number is loaded by the same asm statement, last, so
 * that nothing the compiler does in between, a helper function or a linker's veneer, can take r12
 * (x16). Out of line, as Linux has them, with HR_OUT_OF_LINE defined before this header:
 * functions of compat/arm/xen.S and compat/arm64/xen.S (libhr_client.a), three instructions each.
 *
 * Answers: 0 or more, or the negative of an HR_XEN_E*. Functions of Xen may return an int: of x0
 * only the low half counts then, which is why these return int, but for memory_op, which counts
 * pages. A hypercall that takes long is preempted and goes on where it was, which no caller sees.
 */
#ifndef HR_COMPAT_HR_XEN_H
#define HR_COMPAT_HR_XEN_H

#include "compat/hr_call.h"
#include "compat/hr_xen_types.h"

#ifdef __cplusplus
extern "C" {
#endif
/*
 * Any hypercall, out of line: its number and five arguments, as privcmd of Linux has it. Arguments
 * that a hypercall does not have may be anything. The fourth argument arrives in r3 (x3) and the
 * fifth in r4 (x4); the 32-bit function that Linux has for it exchanges these two
 * (docs/conventions.md). Addresses among the arguments must be mapped as the kernel is: with the
 * user's own ones, access to user space must be enabled around the call (PAN, or TTBR0 of a
 * software PAN).
 */
hr_word hr_privcmd_call(hr_word number, hr_word a1, hr_word a2, hr_word a3, hr_word a4, hr_word a5);
#ifdef __cplusplus
}
#endif

#if defined(__aarch64__) || defined(__arm__)

#ifdef __cplusplus
#define HR_XEN_WORD(value) reinterpret_cast<hr_word>(value)
#define HR_XEN_AS(type, value) static_cast<type>(value)
#define HR_XEN_POINTER(type, word) reinterpret_cast<type>(word)
#else
#define HR_XEN_WORD(value) ((hr_word)(value))
#define HR_XEN_AS(type, value) ((type)(value))
#define HR_XEN_POINTER(type, word) ((type)(word))
#endif

/* The number last, then the HVC. A number that the compiler knows is a constant of the MOV. */
#define HR_XEN_HVC "mov " HR_NUMBER_REGISTER ", %[number]\n\t" HR_HVC_ASM(HR_XEN_IMMEDIATE)
#define HR_XEN_LAST [number] "rI"(number) : HR_NUMBER_REGISTER, "memory"

/* Hypercalls by number, with 0 to 5 arguments. Each loses what a call of that many arguments loses.
 */
static inline hr_word hr_xen_call0(hr_word number) {
  register hr_word r0 __asm__(HR_REGISTER(0));
  __asm__ volatile(HR_XEN_HVC : "=r"(r0) : HR_XEN_LAST);
  return r0;
}
static inline hr_word hr_xen_call1(hr_word number, hr_word a1) {
  register hr_word r0 __asm__(HR_REGISTER(0)) = a1;
  __asm__ volatile(HR_XEN_HVC : "+r"(r0) : HR_XEN_LAST);
  return r0;
}
static inline hr_word hr_xen_call2(hr_word number, hr_word a1, hr_word a2) {
  register hr_word r0 __asm__(HR_REGISTER(0)) = a1;
  register hr_word r1 __asm__(HR_REGISTER(1)) = a2;
  __asm__ volatile(HR_XEN_HVC : "+r"(r0), "+r"(r1) : HR_XEN_LAST);
  return r0;
}
static inline hr_word hr_xen_call3(hr_word number, hr_word a1, hr_word a2, hr_word a3) {
  register hr_word r0 __asm__(HR_REGISTER(0)) = a1;
  register hr_word r1 __asm__(HR_REGISTER(1)) = a2;
  register hr_word r2 __asm__(HR_REGISTER(2)) = a3;
  __asm__ volatile(HR_XEN_HVC : "+r"(r0), "+r"(r1), "+r"(r2) : HR_XEN_LAST);
  return r0;
}
static inline hr_word hr_xen_call4(hr_word number, hr_word a1, hr_word a2, hr_word a3, hr_word a4) {
  register hr_word r0 __asm__(HR_REGISTER(0)) = a1;
  register hr_word r1 __asm__(HR_REGISTER(1)) = a2;
  register hr_word r2 __asm__(HR_REGISTER(2)) = a3;
  register hr_word r3 __asm__(HR_REGISTER(3)) = a4;
  __asm__ volatile(HR_XEN_HVC : "+r"(r0), "+r"(r1), "+r"(r2), "+r"(r3) : HR_XEN_LAST);
  return r0;
}
static inline hr_word hr_xen_call5(hr_word number, hr_word a1, hr_word a2, hr_word a3, hr_word a4,
                                   hr_word a5) {
  register hr_word r0 __asm__(HR_REGISTER(0)) = a1;
  register hr_word r1 __asm__(HR_REGISTER(1)) = a2;
  register hr_word r2 __asm__(HR_REGISTER(2)) = a3;
  register hr_word r3 __asm__(HR_REGISTER(3)) = a4;
  register hr_word r4 __asm__(HR_REGISTER(4)) = a5;
  __asm__ volatile(HR_XEN_HVC : "+r"(r0), "+r"(r1), "+r"(r2), "+r"(r3), "+r"(r4) : HR_XEN_LAST);
  return r0;
}
/* The same as hr_xen_call5, by the name that it had first. */
static inline hr_word hr_xen_hypercall(hr_word number, hr_word a0, hr_word a1, hr_word a2,
                                       hr_word a3, hr_word a4) {
  return hr_xen_call5(number, a0, a1, a2, a3, a4);
}

/* The hypercalls of abi/xen.def by name: inline, or of xen.S. */
#ifdef HR_OUT_OF_LINE
#define HR_XEN_DEFINE_2(result, function, number, t1, t2) result function(t1 a1, t2 a2);
#define HR_XEN_DEFINE_3(result, function, number, t1, t2, t3) result function(t1 a1, t2 a2, t3 a3);
#ifdef __cplusplus
extern "C" {
#endif
#else
#define HR_XEN_DEFINE_2(result, function, number, t1, t2)                                         \
  static inline result function(t1 a1, t2 a2) {                                                   \
    return HR_XEN_AS(result, hr_xen_call2(HR_AS_WORD(number), HR_XEN_WORD(a1), HR_XEN_WORD(a2))); \
  }
#define HR_XEN_DEFINE_3(result, function, number, t1, t2, t3)                                   \
  static inline result function(t1 a1, t2 a2, t3 a3) {                                          \
    return HR_XEN_AS(result, hr_xen_call3(HR_AS_WORD(number), HR_XEN_WORD(a1), HR_XEN_WORD(a2), \
                                          HR_XEN_WORD(a3)));                                    \
  }
#endif
HR_XEN_DEFINE_2(long, hr_xen_memory_op, HR_XEN_MEMORY_OP, hr_word, void*)
/* count entries in turn; each has its own result. Not 0: the call itself failed. */
HR_XEN_DEFINE_2(int, hr_xen_multicall, HR_XEN_MULTICALL, struct hr_multicall_entry*, hr_word)
HR_XEN_DEFINE_2(int, hr_xen_version, HR_XEN_VERSION, hr_word, void*)
HR_XEN_DEFINE_3(int, hr_xen_console_io, HR_XEN_CONSOLE_IO, hr_word, hr_word, char*)
HR_XEN_DEFINE_3(int, hr_xen_grant_table_op, HR_XEN_GRANT_TABLE_OP, hr_word, void*, hr_word)
HR_XEN_DEFINE_3(int, hr_xen_vcpu_op, HR_XEN_VCPU_OP, hr_word, hr_word, void*)
HR_XEN_DEFINE_2(int, hr_xen_sched_op, HR_XEN_SCHED_OP, hr_word, void*)
HR_XEN_DEFINE_2(int, hr_xen_event_channel_op, HR_XEN_EVENT_CHANNEL_OP, hr_word, void*)
HR_XEN_DEFINE_2(int, hr_xen_physdev_op, HR_XEN_PHYSDEV_OP, hr_word, void*)
HR_XEN_DEFINE_2(int, hr_xen_hvm_op, HR_XEN_HVM_OP, hr_word, void*)
#if defined(HR_OUT_OF_LINE) && defined(__cplusplus)
}
#endif
#undef HR_XEN_DEFINE_2
#undef HR_XEN_DEFINE_3

/*
 * The commands of abi/xen.def, each with what it points to:
 *   int hr_evtchnop_send(struct hr_evtchn_send* argument);
 *   int hr_gnttabop_query_size(struct hr_gnttab_query_size* arguments, hr_word count);
 *   int hr_vcpuop_register_vcpu_info(hr_word vcpu, struct hr_vcpu_register_vcpu_info* argument);
 *   long hr_xenmem_maximum_ram_page(void);
 */
#define HR_XEN_RESULT_memory_op long
#define HR_XEN_RESULT_version int
#define HR_XEN_RESULT_grant_table_op int
#define HR_XEN_RESULT_vcpu_op int
#define HR_XEN_RESULT_sched_op int
#define HR_XEN_RESULT_event_channel_op int
#define HR_XEN_RESULT_physdev_op int
#define HR_XEN_RESULT_hvm_op int
#define HR_XEN_DEFINE_NOTHING(call, name, function, type) \
  static inline HR_XEN_RESULT_##call function(void) {     \
    return hr_xen_##call(HR_AS_WORD(HR_##name), NULL);    \
  }
#define HR_XEN_DEFINE_POINTER(call, name, function, type)       \
  static inline HR_XEN_RESULT_##call function(type* argument) { \
    return hr_xen_##call(HR_AS_WORD(HR_##name), argument);      \
  }
#define HR_XEN_DEFINE_ARRAY(call, name, function, type)                         \
  static inline HR_XEN_RESULT_##call function(type* arguments, hr_word count) { \
    return hr_xen_##call(HR_AS_WORD(HR_##name), arguments, count);              \
  }
#define HR_XEN_DEFINE_VCPU(call, name, function, type)                        \
  static inline HR_XEN_RESULT_##call function(hr_word vcpu, type* argument) { \
    return hr_xen_##call(HR_AS_WORD(HR_##name), vcpu, argument);              \
  }
#define HR_XEN_CALL(name, number, ...)
#define HR_XEN_COMMAND(shape, call, name, value, function, type) \
  HR_XEN_DEFINE_##shape(call, name, function, type)
#define HR_XEN_VALUE(name, value)
#include "abi/xen.def"
#undef HR_XEN_CALL
#undef HR_XEN_COMMAND
#undef HR_XEN_VALUE

/* Text to Xen's console: dom0's as it is, a guest's line by line behind its number, and only with
 * guest_loglvl=all. 0, or an error. */
static inline int hr_consoleio_write(const char* text, hr_word count) {
  return hr_xen_console_io(HR_AS_WORD(HR_CONSOLEIO_WRITE), count,
                           HR_XEN_POINTER(char*, HR_XEN_WORD(text)));
}
/* What was typed there: how many bytes, 0 for none, or an error. */
static inline int hr_consoleio_read(char* buffer, hr_word count) {
  return hr_xen_console_io(HR_AS_WORD(HR_CONSOLEIO_READ), count, buffer);
}

#endif /* __arm__, __aarch64__ */

#endif /* HR_COMPAT_HR_XEN_H */
