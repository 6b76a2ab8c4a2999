/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the harness keeps per CPU, and the registers of a program under test, for assembly and C++.
 * TPIDRPRW / TPIDR_EL1 points to the Cpu of the CPU that reads it, at HYP/EL2 too.
 */
#ifndef HR_TARGET_CPU_H
#define HR_TARGET_CPU_H

#define HR_TARGET_CPUS_MAX 4
#define HR_TARGET_STACK_SIZE 0x4000 /* one at HYP/EL2 and one at SVC/EL1 for each CPU */
#define HR_TARGET_HVC_BACK 0x7e57   /* from SVC/EL1 to the harness's vectors: leave run_at_pl1 */

#ifdef __arm__
#define HR_WORD 4
#define HR_FRAME_SP 13
#define HR_FRAME_LR 14
#define HR_FRAME_PSR 15
#define HR_FRAME_SPSR 16
#define HR_FRAME_LR_USR 17
#define HR_FRAME_WORDS 18
#else
#define HR_WORD 8
#define HR_FRAME_SP 31
#define HR_FRAME_PSR 32  /* NZCV */
#define HR_FRAME_SPSR 33 /* SPSR_EL1 */
#define HR_FRAME_ELR 34  /* ELR_EL1 */
#define HR_FRAME_SP_EL0 35
#define HR_FRAME_WORDS 36
#endif

/* Words of a Cpu. */
#define HR_CPU_HYP_SP 0      /* the harness's own stack pointer while it is away from HYP/EL2 */
#define HR_CPU_SEEN_SP_HYP 1 /* SP_hyp / SP_EL2 as the way back found it */
#define HR_CPU_PL1_SP 2      /* the test's stack pointer while a frame is loaded */
#define HR_CPU_OUT 3         /* where the frame goes afterwards */
#define HR_CPU_HOLD 4        /* a register that a handler is using */
/* Not 0: an UNDEF at SVC/EL1 is counted and its instruction skipped. arm64: the slot, 0x200 or
 * 0x400. */
#define HR_CPU_EXPECT_UNDEF 5
#define HR_CPU_UNDEF_COUNT 6
#define HR_CPU_UNDEF_ADDRESS 7      /* LR_und / ELR_EL1 */
#define HR_CPU_UNDEF_PSR 8          /* SPSR_und / SPSR_EL1 */
#define HR_CPU_UNDEF_SYNDROME 9     /* arm: 0; arm64: ESR_EL1 */
#define HR_CPU_UNDEF_HANDLER_PSR 10 /* arm: CPSR in the handler; arm64: PSTATE.DAIF there */
/* Not 0: where execution goes on after an UNDEF that is expected, instead of behind it. */
#define HR_CPU_UNDEF_RESUME 11
#define HR_CPU_WORDS 12

#define HR_OFFSET(word) ((word)*HR_WORD)

#endif /* HR_TARGET_CPU_H */
