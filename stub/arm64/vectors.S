/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The resident, A64: the vector table and everything that ever runs behind it. The code lies in the
 * room between the slots, so the resident is 2 KiB and no more. HR_STUB_FULL adds LOCK and the
 * personalities: one such table of 2 KiB for each pair of them (personalities.h).
 *
 * Its only state is VBAR_EL2. It has no stack and writes no memory. x0 is free once the op in it is
 * known; until then it waits in FAR_EL2, which is nobody's: it is only defined after an abort to EL2,
 * and execution at EL1 or EL0 makes it UNKNOWN [arm/ddi0487 D19.2, FAR_EL2]. Flags are free: the ERET
 * restores those of the caller. An ERET synchronises the context, so a write of VBAR_EL2 needs no ISB
 * of its own (SCTLR_EL2.EOS is 1: the installer writes it so).
 */
#include "bare/asm.h"
#include "stub/arm64/personalities.h"

/*
 * hr_stub_vectors: what VBAR_EL2 holds while the stub is resident; with HR_STUB_FULL the first of 15
 * tables: five personalities without lock, with SET_VECTORS refused, with SOFT_RESTART refused too.
 * LOCK and SET_PERSONALITY do no more than change the table.
 * In:       each slot at EL2, SP_EL2 selected, D, A, I and F masked; ELR_EL2, SPSR_EL2 and ESR_EL2 say
 *           what happened; every other register is the interrupted program's.
 *           +400: an HVC from EL1, or an access of EL1 or EL0 that is trapped to EL2, from AArch64.
 *           +600: the same from AArch32. It has no calls: EL1 is AArch64, and EL0 has no HVC.
 *           The others can only be reached by an error at EL2 itself (+000 to +3ff) or by routing that
 *           the stub never sets up (interrupts and SError from below).
 * Out:      +400: by ERET as abi/op.def and the personality say. +600: by ERET to the UNDEF handler of EL1.
 *           The others park: the CPU stays on the slot, so that PC - VBAR_EL2 tells which exception it
 *           was, and ELR_EL2, SPSR_EL2, ESR_EL2 and all registers are evidence for a debugger.
 * Clobbers: FAR_EL2, and for a trap that is no call FAR_EL1. Registers: only what abi/op.def and the
 *           personality say.
 */
TABLE hr_stub_vectors, 11
        RESIDENT common, 0, HR_PERSONALITY_COMMON, 0
#ifdef HR_STUB_FULL
        RESIDENT linux, 1, HR_PERSONALITY_LINUX, 0
        RESIDENT linux_3_8, 2, HR_PERSONALITY_LINUX_3_8, 0
        RESIDENT linux_4_7, 3, HR_PERSONALITY_LINUX_4_7, 0
        RESIDENT levand, 4, HR_PERSONALITY_LEVAND, 0
        RESIDENT common_1, 0, HR_PERSONALITY_COMMON, 1
        RESIDENT linux_1, 1, HR_PERSONALITY_LINUX, 1
        RESIDENT linux_3_8_1, 2, HR_PERSONALITY_LINUX_3_8, 1
        RESIDENT linux_4_7_1, 3, HR_PERSONALITY_LINUX_4_7, 1
        RESIDENT levand_1, 4, HR_PERSONALITY_LEVAND, 1
        RESIDENT common_3, 0, HR_PERSONALITY_COMMON, 3
        RESIDENT linux_3, 1, HR_PERSONALITY_LINUX, 3
        RESIDENT linux_3_8_3, 2, HR_PERSONALITY_LINUX_3_8, 3
        RESIDENT linux_4_7_3, 3, HR_PERSONALITY_LINUX_4_7, 3
        RESIDENT levand_3, 4, HR_PERSONALITY_LEVAND, 3
#endif
END hr_stub_vectors

/*
 * hr_stub_vectors_end: the first byte behind the resident. The bytes from hr_stub_vectors to here
 * can be copied to any 2 KiB aligned address and used there (hr_stub_install_at).
 */
MARK hr_stub_vectors_end
