/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The resident, A32 or T32: the vector table and everything that ever runs behind it. HR_STUB_FULL
 * adds LOCK and the personalities: one table for each pair of them (personalities.h).
 *
 * Its only state is HVBAR. It has no stack and writes no memory. r0 is free once the op in it is
 * known; until then it waits in HDFAR, which is nobody's: it is only defined after an abort to Hyp
 * mode, and execution outside Hyp mode makes it UNKNOWN [arm/ddi0406c B4.1, HDFAR]. HIFAR is the same.
 * Flags are free: the ERET restores those of the caller. An ERET synchronises the context, so a
 * write of HVBAR needs no ISB of its own [arm/ddi0406c A3.8].
 */
#include "bare/asm.h"
#include "stub/arm/personalities.h"

#ifdef HR_STUB_FULL
#define ALIGNMENT_POWER 9
#else
#define ALIGNMENT_POWER 5
#endif

/*
 * hr_stub_vectors: what HVBAR holds while the stub is resident; with HR_STUB_FULL the first of 16
 * tables, 32 bytes apart: HVBAR bits 6:5 are the personality, bit 7 refuses SET_VECTORS, bit 8
 * SOFT_RESTART. LOCK and SET_PERSONALITY do no more than change these bits.
 * In:       each slot in Hyp mode, in the instruction set HSCTLR.TE names and the endianness of
 *           HSCTLR.EE, A, I and F masked unless SCR routes them to Monitor mode; ELR_hyp, SPSR_hyp
 *           and HSR say what happened; every other register is the interrupted program's.
 *           +14: an HVC from PL1, or an access of PL1 or PL0 that is trapped to Hyp mode.
 *           The others can only be reached by an error in Hyp mode itself (+04 UNDEF, +08 HVC or SVC,
 *           +0c, +10 aborts) or by routing that the stub never sets up (+18 IRQ, +1c FIQ).
 * Out:      +14: by ERET as abi/op.def and the personality say; SOFT_RESTART by a branch.
 *           The others park: the CPU stays on the slot, so that PC - HVBAR tells which exception it
 *           was, and ELR_hyp, SPSR_hyp, HSR and all registers are evidence for a debugger.
 * Clobbers: HDFAR, HIFAR. Registers: only what abi/op.def and the personality say.
 */
TABLE hr_stub_vectors, ALIGNMENT_POWER
        SLOTS   .Lserve_common_0
#ifdef HR_STUB_FULL
        SLOTS   .Lserve_linux_0
        SLOTS   .Lserve_bridge_stub_0
        SLOTS   .Lserve_bridge_kvm_0
        SLOTS   .Lserve_common_1
        SLOTS   .Lserve_linux_1
        SLOTS   .Lserve_bridge_stub_1
        SLOTS   .Lserve_bridge_kvm_1
        /* LOCK never sets bit 8 alone: what would be four tables is room for the UNDEF below. */
SLOT 0x100
        INJECT_UNDEFINED
SLOT 0x180
        SLOTS   .Lserve_common_3
        SLOTS   .Lserve_linux_3
        SLOTS   .Lserve_bridge_stub_3
        SLOTS   .Lserve_bridge_kvm_3
        SERVE   0
        SERVE   1
        SERVE   3
        FINISH_LINUX
        FIND_COMMON
#else
        SERVE_COMMON 0
#endif
        FINISH_COMMON
        TAKE_OTHER
        TAKE_UNKNOWN
        movw    r0, #(HR_QUERY_MAGIC & 0xffff)
        movt    r0, #(HR_QUERY_MAGIC >> 16)
        mov     r1, #HR_ABI_VERSION
#ifdef HR_STUB_FULL
        mrc     HVBAR(r3)
        and     r2, r3, #(LOCK_SET | LOCK_RESTART)
        lsl     r2, r2, #1              /* the HR_FEATURE_ bits of locks lie one bit higher */
        orr     r2, r2, #HR_STUB_FEATURES
        ubfx    r3, r3, #PERSONALITY_SHIFT, #2
#else
        movs    r2, #HR_STUB_FEATURES   /* short in T32 */
        movs    r3, #HR_PERSONALITY_COMMON
#endif
        eret

#ifdef HR_STUB_FULL
.Ltake_change:
        cmp     r0, #(HR_OP_SET_PERSONALITY & 0xffff)
        beq     .Lset_personality
        cmp     r0, #(HR_OP_LOCK & 0xffff)
        bne     .Lrefuse
        cmp     r1, #HR_LOCK_RESTART
        bhi     .Lrefuse
        mrc     HVBAR(r0)
        orr     r0, r0, #LOCK_SET
        orr     r0, r0, r1, lsl #LOCK_RESTART_SHIFT
        mcr     HVBAR(r0)
        movw    r0, #(HR_OP_LOCK & 0xffff)
        movt    r0, #(HR_OP_LOCK >> 16)
        eret
.Lset_personality:
        cmp     r1, #HR_PERSONALITY_BRIDGE_KVM
        bhi     .Lrefuse
        mrc     HVBAR(r0)
        tst     r0, #LOCK_SET
        bne     .Lrefuse
        bic     r0, r0, #(3 << PERSONALITY_SHIFT)
        orr     r0, r0, r1, lsl #PERSONALITY_SHIFT
        mcr     HVBAR(r0)
        movw    r0, #(HR_OP_SET_PERSONALITY & 0xffff)
        movt    r0, #(HR_OP_SET_PERSONALITY >> 16)
        eret
        CALL_FUNCTION
#endif
END hr_stub_vectors

/*
 * hr_stub_vectors_end: the first byte behind the resident. The bytes from hr_stub_vectors to here
 * can be copied to any address that is HR_STUB_ALIGNMENT aligned and used there (hr_stub_install_at).
 */
MARK hr_stub_vectors_end
