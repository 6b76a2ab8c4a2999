/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The resident, A64: the vector table and everything that ever runs behind it, in the order in which it
 * is read: table, call, ops, what is no call. HR_STUB_FULL adds LOCK and the personalities.
 *
 * It has no stack and writes no memory. x0 is its only register: the caller's x0 waits in TPIDR_EL2, a
 * register without effect that is there for the software of EL2. Flags are free: the ERET restores the
 * caller's, and synchronises the context, so that a write of VBAR_EL2 needs no ISB (SCTLR_EL2.EOS is 1).
 *
 * Its only state is VBAR_EL2; with HR_STUB_FULL the personality and the lock are in MAIR_EL2 besides: a
 * table here is 2 KiB, so the address of one has no room for them, and all 64 bits of MAIR_EL2 mean
 * nothing while the MMU of EL2 is off. An owner of EL2 in between may leave its own value there: one without
 * HR_STUB_STATE in bits 63:16 begins the state anew (common, not locked). As memory types those would be an
 * outer cache that is written through without allocation around an inner one that is transient: nobody's.
 */
#include "bare/asm.h"
#include "stub/hr_stub.h"

#define STATE_PERSONALITY 0xf /* bits of MAIR_EL2: a row of personality.def */
#define STATE_LOCK_SET 0x10     /* SET_VECTORS is refused */
#define STATE_LOCK_RESTART 0x20 /* SOFT_RESTART too */
#define STATE_LOCK_RESTART_SHIFT 5
#define STATE_LOCK_TO_FEATURES 4 /* HR_FEATURE_SET_LOCKED and _RESTART_LOCKED lie four bits higher */

        .set    FEATURES, HR_FEATURE_IMMEDIATE /* what QUERY says */
#ifdef HR_STUB_FULL
        .set    FEATURES, FEATURES | HR_FEATURE_LOCK | HR_FEATURE_PERSONALITIES
#endif
#ifdef __AARCH64EB__
        .set    FEATURES, FEATURES | HR_FEATURE_BIG_ENDIAN
#endif

        /* To `elsewhere` if the state has the lock. x0 is lost. */
        .macro REFUSE_IF_LOCKED lock, elsewhere
        mrs     x0, mair_el2
        tst     x0, #\lock
        b.ne    \elsewhere
        .endm

        /*
         * The end of a SOFT_RESTART, but for its arguments and the ERET. It writes the state that the op
         * promises, whatever it found. Every register of the caller may be an argument of the function:
         * it is entered by an ERET.
         */
        .macro HAND_OVER function, refuse
/* [hand-over] */
        tst     \function, #0x3         /* A64 code is 4-byte aligned */
        b.ne    \refuse                 /* misaligned: nothing changes */
        msr     elr_el2, \function      /* the ERET leads there, */
        mov     x0, #SPSR_EL2H_MASKED   /* at EL2 with SP_EL2, */
        msr     spsr_el2, x0            /* exceptions masked */
        mov     x0, #SCTLR_OFF_LOW      /* everything that enables is 0; EE */
        movk    x0, #SCTLR_OF_BUILD_HIGH, lsl #16/* is that of this build */
        msr     sctlr_el2, x0           /* MMU and caches of EL2 off */
        isb                             /* in effect before the function is fetched */
/* [end] */
        .endm

/*
 * hr_stub_vectors: what VBAR_EL2 holds while the stub is resident.
 * In:       each slot at EL2, SP_EL2 selected, D, A, I and F masked; ELR_EL2, SPSR_EL2 and ESR_EL2 say
 *           what happened; every other register is the interrupted program's.
 *           +400: an HVC from EL1, or an access of EL1 or EL0 that is trapped to EL2, from AArch64.
 *           +600: the same from AArch32. It has no calls: EL1 is AArch64, and EL0 has no HVC.
 *           The others can only be reached by an error at EL2 itself (+000 to +3ff) or by routing that
 *           the stub never sets up (interrupts and SError from below).
 * Out:      +400: by ERET as abi/op.def and the personality say. +600: by ERET to the UNDEF handler of EL1.
 *           The others park: the CPU stays on the slot, so that PC - VBAR_EL2 tells which exception it
 *           was, and ELR_EL2, SPSR_EL2, ESR_EL2 and all registers are evidence for a debugger.
 * Clobbers: TPIDR_EL2. Registers: only what abi/op.def and the personality say.
 */
TABLE hr_stub_vectors, 11
/* [table] */
PARK 0x000                              /* from EL2 with SP_EL0, synchronous: parks; */
PARK 0x080                              /* IRQ */
PARK 0x100                              /* FIQ */
PARK 0x180                              /* SError */
PARK 0x200                              /* from EL2 itself, synchronous: parks */
PARK 0x280                              /* IRQ */
PARK 0x300                              /* FIQ */
PARK 0x380                              /* SError */
SLOT 0x400                              /* from EL1 or EL0, AArch64: an HVC, or a trap */
        b       .Lcall                  /* whose first act is to free x0 */
PARK 0x480                              /* IRQ, which nothing routes here: parks */
PARK 0x500                              /* FIQ, the same */
PARK 0x580                              /* SError, the same */
SLOT 0x600                              /* from EL0, AArch32: a trap */
        msr     tpidr_el2, x0           /* it cannot be a call: */
        b       .Lundefined             /* x0 waits, and it goes back */
PARK 0x680                              /* IRQ: parks */
PARK 0x700                              /* FIQ */
PARK 0x780                              /* SError */
SLOT 0x800                              /* the end of the table */
/* [end] */

/* [call] */
.Lcall:
        msr     tpidr_el2, x0           /* the caller's x0 waits in TPIDR_EL2 */
#ifdef HR_STUB_FULL
        mrs     x0, mair_el2
        lsr     x0, x0, #HR_STUB_STATE_SHIFT
        cmp     x0, #HR_STUB_STATE
        b.ne    .Lforget_state
.Lstate_known:
#endif
        mrs     x0, esr_el2             /* x0 := why we are here */
        ror     w0, w0, #24             /* its class to the bottom, an immediate above that: */
        cmp     w0, #ESR_HVC64_TOP      /* an HVC of A64 with immediate 0? */
        b.ne    .Lother                 /* no: another immediate, or a trap */
#ifdef HR_STUB_FULL
        mrs     x0, mair_el2
        ands    x0, x0, #STATE_PERSONALITY
        b.ne    .Lforeign               /* hvc #0 speaks another dialect */
#endif
.Lcommon:
        mrs     x0, tpidr_el2           /* x0 := the op; each op has its place below */
        cbz     x0, .Lget_vectors       /* 0? */
        cmp     x0, #HR_OP_SET_VECTORS  /* 1? */
        b.eq    .Lset_vectors           /* yes: x1 is to be the table */
        cmp     x0, #HR_OP_SOFT_RESTART /* 2? */
        b.eq    .Lsoft_restart          /* yes: x3 is to be run here */
        cmp     x0, #HR_OP_RESET_VECTORS /* 3? */
        b.eq    .Lreset_vectors         /* yes: this table is to be in place */
        lsr     x0, x0, #20             /* the others are 0x4852xxxx, which no single compare */
        cmp     x0, #(HR_OP_QUERY >> 20) /* can name: 0x485 at the top? */
        b.ne    .Lrefuse                /* no: nobody's */
        mrs     x0, tpidr_el2           /* the op once more, */
        and     x0, x0, #0xfffff        /* less 0x48500000, */
        sub     x0, x0, #(HR_OP_QUERY & 0xff000) /* and less 0x20000 */
        cmp     x0, #(HR_OP_QUERY & 0xfff) /* 0x48520001? */
        b.eq    .Lquery                 /* yes: who answers? */
#ifdef HR_STUB_FULL
        cmp     x0, #(HR_OP_LOCK & 0xfff)
        b.eq    .Llock
        cmp     x0, #(HR_OP_SET_PERSONALITY & 0xfff)
        b.eq    .Lset_personality
#endif
.Lrefuse:
        mov     x0, #-1                 /* nobody's op: x0 = -1, nothing else changes */
        eret                            /* back to the caller, its flags restored */
/* [end] */

/* [ops] */
.Lget_vectors:
        mrs     x0, vbar_el2            /* the answer */
        eret                            /* back; flags and mode come from SPSR_EL2 */

.Lset_vectors:
#ifdef HR_STUB_FULL
        REFUSE_IF_LOCKED STATE_LOCK_SET, .Lrefuse
        mrs     x0, tpidr_el2
#endif
        tst     x1, #0x7ff              /* VBAR_EL2 has no bits 10:0 */
        b.ne    .Lrefuse                /* misaligned: nothing changes */
        msr     vbar_el2, x1            /* x1 is the table */
        eret                            /* from here on; x0 is as it was */

.Lsoft_restart:
#ifdef HR_STUB_FULL
        REFUSE_IF_LOCKED STATE_LOCK_RESTART, .Lrefuse
#endif
        HAND_OVER x3, .Lrefuse
        mov     x0, x1                  /* the op was in x0, where the boot protocol wants the tree */
        mov     x1, x2                  /* and for a kernel x2 = 0 here */
        mov     x2, xzr                 /* the boot protocol wants 0 in the others */
        mov     x3, xzr                 /* as in x2 */
        eret                            /* to the function */

.Lreset_vectors:
        eret                            /* the stub answers, so its table is in place */

.Lquery:
        movz    w0, #(HR_QUERY_MAGIC & 0xffff) /* x0 = "HLYR" */
        movk    w0, #(HR_QUERY_MAGIC >> 16), lsl #16 /* (movz, movk: no byte of the stub is data) */
        mov     x1, #HR_ABI_VERSION     /* x1 = major << 16 | minor */
#ifdef HR_STUB_FULL
        mrs     x3, mair_el2
        and     x2, x3, #(STATE_LOCK_SET | STATE_LOCK_RESTART)
        lsl     x2, x2, #STATE_LOCK_TO_FEATURES
        add     x2, x2, #FEATURES
        and     x3, x3, #STATE_PERSONALITY
#else
        mov     x2, #FEATURES           /* x2 = what this build can do */
        mov     x3, #HR_PERSONALITY_COMMON /* x3 = what hvc #0 speaks */
#endif
        eret                            /* the answers are in x0 to x3 */
/* [end] */

#ifdef HR_STUB_FULL
.Llock:
        cmp     x1, #HR_LOCK_RESTART    /* 0: SET_VECTORS, 1: SOFT_RESTART too */
        b.hi    .Lrefuse
        mrs     x0, mair_el2
        orr     x0, x0, #STATE_LOCK_SET
        orr     x0, x0, x1, lsl #STATE_LOCK_RESTART_SHIFT
        msr     mair_el2, x0
        mrs     x0, tpidr_el2
        eret

.Lset_personality:
        cmp     x1, #HR_PERSONALITY_LINUX /* 0 and 1 are both architectures', */
        b.ls    .Lwrite_personality
        cmp     x1, #HR_PERSONALITY_LINUX_3_8 /* 2 and 3 are arm's, */
        b.lo    .Lrefuse
        cmp     x1, #HR_PERSONALITY_LEVAND /* 4 to 6 are arm64's */
        b.hi    .Lrefuse
        /* falls through */
.Lwrite_personality:
        REFUSE_IF_LOCKED STATE_LOCK_SET, .Lrefuse
        mov     x0, x1                  /* not locked: the state is the personality */
        movk    x0, #HR_STUB_STATE, lsl #HR_STUB_STATE_SHIFT
        msr     mair_el2, x0
        mrs     x0, tpidr_el2
        eret

.Lforget_state:
        movz    x0, #HR_STUB_STATE, lsl #HR_STUB_STATE_SHIFT
        msr     mair_el2, x0
        b       .Lstate_known
#endif

/* [other] */
.Lother:
        mrs     x0, esr_el2             /* x0 := why we are here, once more; */
        lsr     w0, w0, #ESR_EC_SHIFT   /* its class alone: */
        cmp     w0, #ESR_EC_HVC64       /* an HVC at all? */
        b.ne    .Lundefined             /* a trap is no call */
        mrs     x0, esr_el2             /* an HVC of A64: */
        and     x0, x0, #0xffff         /* x0 := the immediate */
        sub     x0, x0, #(HR_HVC_IMMEDIATE & 0xf000) /* which takes two steps to compare: */
        cmp     x0, #(HR_HVC_IMMEDIATE & 0xfff) /* hvc #0x4852 is */
        b.eq    .Lcommon                /* the common ABI, whatever hvc #0 speaks */
#ifdef HR_STUB_FULL
        b       .Llevand_immediate      /* which refuses if that is not spoken */
#else
        b       .Lrefuse                /* any other immediate is not ours */
#endif
/* [end] */

#include "stub/arm64/undefined.h"

#ifdef HR_STUB_FULL
.Lforeign:                              /* x0 = the personality */
        cmp     x0, #HR_PERSONALITY_LINUX
        b.eq    .Llinux
        cmp     x0, #HR_PERSONALITY_LINUX_3_8
        b.eq    .Llinux_3_8
        cmp     x0, #HR_PERSONALITY_LINUX_4_7
        b.eq    .Llinux_4_7
        cmp     x0, #HR_PERSONALITY_LEVAND
        b.eq    .Llevand_call
        b       .Lcommon
#include "stub/personality/linux_arm64.h"
#include "stub/personality/linux_3_8.h"
#include "stub/personality/linux_4_7.h"
#include "stub/personality/levand.h"
#endif
END hr_stub_vectors

/*
 * hr_stub_vectors_end: the first byte behind the resident. The bytes from hr_stub_vectors to here
 * can be copied to any 2 KiB aligned address and used there (hr_stub_install_at).
 */
MARK hr_stub_vectors_end
