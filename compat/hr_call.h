/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * hr_call.h: what every client of compat/ is made of: a register, registers by number, one HVC or
 * SMC out of line, and how a client tells the compiler what its dialect loses. For C11 and C++,
 * A32, T32 or A64, either endianness. Environment: compat/hr_client.h.
 */
#ifndef HR_COMPAT_HR_CALL_H
#define HR_COMPAT_HR_CALL_H

#include "abi/hr_abi.h"
#include "compat/hr_hvc.h"

/* A general register: 32 bits on arm, 64 on arm64. */
typedef unsigned long hr_word;

/* Registers by number: x0 to x17 on arm64; r0 to r7 and r12 on arm, where the others are not used.
 */
#define HR_REGISTERS 18
#define HR_REGISTERS_SIZE (HR_REGISTERS * sizeof(hr_word))
struct hr_registers {
  hr_word r[HR_REGISTERS];
};

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Loads the registers, makes one HVC with the immediate (a row of abi/immediate.def), and stores
 * the registers. It keeps to the procedure call standard even when the resident does not: x18 and
 * x30 come back on arm64. Returns HR_ISSUE_DONE, or one of the others of compat/hr_hvc.h.
 */
hr_word hr_issue(struct hr_registers* registers, hr_word immediate);
/* No functions, but addresses to go on at, with SP as it was at the HVC; the registers in memory
 * stay as they were. An Undefined Instruction handler of the caller can resume at
 * hr_issue_undefined: hr_issue, hr_smccc_hvc or hr_smccc_smc (compat/hr_smccc.h) then returns
 * HR_ISSUE_UNDEFINED. Code of the caller that the call brought to HYP/EL2 can branch to
 * hr_issue_landed: it returns HR_ISSUE_LANDED, there. */
extern const unsigned char hr_issue_undefined[];
extern const unsigned char hr_issue_landed[];

#ifdef __cplusplus
}
#endif

#if defined(__aarch64__) || defined(__arm__)

/* Between a variable in one of these and the asm, and the asm and the last use of the variable,
 * stands nothing but plain variables: what a checker watches (a load, a store, a comparison) is a
 * function call in its build, and calls take registers. */
#ifdef __aarch64__
#define HR_REGISTER(n) "x" #n
#define HR_NUMBER_REGISTER "x16" /* of Xen */
#else
#define HR_REGISTER(n) "r" #n
#define HR_NUMBER_REGISTER "r12"
#endif

#ifdef __cplusplus
#define HR_AS_WORD(number) static_cast<hr_word>(number)
#else
#define HR_AS_WORD(number) ((hr_word)(number))
#endif

/* What a client of a dialect tells the compiler, beside its operands, of the set of registers that
 * abi/dialect.def says is lost; it does not compile when that is another set. Flags come back,
 * because the resident returns with ERET; where it is C, nobody counts on it. */
#define HR_CLOBBERS_NOTHING
#define HR_CLOBBERS_SECOND HR_REGISTER(1),
#define HR_CLOBBERS_FOURTH HR_REGISTER(3),
#define HR_CLOBBERS_NINTH HR_REGISTER(9), HR_REGISTER(10),
#define HR_LOSES(dialect, set) HR_STATIC_ASSERT(HR_LOSES_##dialect##_##set, #dialect " loses " #set)

#endif

#endif /* HR_COMPAT_HR_CALL_H */
