/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * HVC and SMC as an instruction that every assembler takes: also those, and those -march settings,
 * that do not know the virtualization or security extension. For C, C++ and assembly.
 *
 * The number is handed to `.inst`, which marks it as code. That matters twice: the linker swaps
 * only what is marked as code when it makes a BE8 image, and a Thumb instruction of four bytes is
 * two halfwords, the high one first, which a data word of the same number is not
 * (`.word 0xf7e08ea1` of the Xen patch of August 2012 runs as two other instructions).
 *
 *   C:        __asm__ volatile(HR_HVC_ASM(HR_HVC_IMMEDIATE) : "+r"(r0) : : "memory");
 *   assembly: HR_HVC(HR_HVC_IMMEDIATE)
 *
 * Immediates that somebody answers are in abi/hr_abi.h, which comes with this header. One must be a
 * literal or a macro that expands to one: it becomes part of the opcode.
 * Encodings: [arm/ddi0406c A8.8.69 HVC, B9.3.14 SMC], [arm/ddi0487 C6.2 HVC, SMC].
 */
#ifndef HR_COMPAT_HR_HVC_H
#define HR_COMPAT_HR_HVC_H

#include "abi/hr_abi.h"

/* Opcodes as numbers. T32: the first halfword in bits 31:16. */
#define HR_HVC_A32(imm) (0xe1400070 | (((imm)&0xfff0) << 4) | ((imm)&0xf))
#define HR_HVC_T32(imm) (0xf7e08000 | (((imm)&0xf000) << 4) | ((imm)&0xfff))
#define HR_HVC_A64(imm) (0xd4000002 | ((imm) << 5))
#define HR_SMC_A32 0xe1600070
#define HR_SMC_T32 0xf7f08000
#define HR_SMC_A64 0xd4000003

#if defined(__aarch64__)
#define HR_HVC_INST(imm) .inst HR_HVC_A64(imm)
#define HR_SMC_INST .inst HR_SMC_A64
#elif defined(__arm__) && defined(__thumb2__)
#define HR_HVC_INST(imm) .inst.w HR_HVC_T32(imm)
#define HR_SMC_INST .inst.w HR_SMC_T32
#elif defined(__arm__) && !defined(__thumb__)
#define HR_HVC_INST(imm) .inst HR_HVC_A32(imm)
#define HR_SMC_INST .inst HR_SMC_A32
#elif defined(__arm__)
#error "HVC and SMC need A32 or Thumb-2: build with -marm, or for ARMv7 and later"
#endif

#ifdef __ASSEMBLER__
#define HR_HVC(imm) HR_HVC_INST(imm)
#define HR_SMC HR_SMC_INST
#else
#define HR_HVC_TEXT(...) #__VA_ARGS__
#define HR_HVC_EXPAND(...) HR_HVC_TEXT(__VA_ARGS__)
#define HR_HVC_ASM(imm) HR_HVC_EXPAND(HR_HVC_INST(imm))
#define HR_SMC_ASM HR_HVC_EXPAND(HR_SMC_INST)
#endif

/* What hr_issue returns (compat/hr_client.h): done; UNDEFINED, if the caller's handler tells it so;
 * the immediate is none of abi/immediate.def, and no HVC was made; or this is HYP/EL2 now, where
 * the caller's own code went on at hr_issue_landed. */
#define HR_ISSUE_DONE 0
#define HR_ISSUE_UNDEFINED 1
#define HR_ISSUE_UNSUPPORTED 2
#define HR_ISSUE_LANDED 3

#endif /* HR_COMPAT_HR_HVC_H */
