/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The resident, A32 or T32: the vector table and everything that ever runs behind it, in the order in
 * which it is read: table, call, ops, what is no call. HR_STUB_FULL adds LOCK and the personalities.
 *
 * It has no stack and writes no memory. r0 is its only register: the caller's r0 waits in HTPIDR, a
 * register without effect that is there for the software of Hyp mode. Flags are free: the ERET restores
 * the caller's, and synchronises the context, so that a write of HVBAR needs no ISB [arm/ddi0406c A3.8].
 *
 * Its only state is HVBAR: with HR_STUB_FULL there are 16 equal tables, and which one HVBAR names, in its
 * bits 8:5, is the personality and the lock.
 */
#include "bare/asm.h"

#define STATE_PERSONALITY 0x60 /* bits of HVBAR; a row of personality.def in bits 6:5 */
#define STATE_PERSONALITY_SHIFT 5
#define STATE_LOCK_SET 0x80      /* SET_VECTORS is refused */
#define STATE_LOCK_RESTART 0x100 /* SOFT_RESTART too */
#define STATE_LOCK_RESTART_SHIFT 8
#define STATE_LOCK_TO_FEATURES 1 /* HR_FEATURE_SET_LOCKED and _RESTART_LOCKED lie one bit higher */

        .set    FEATURES, HR_FEATURE_IMMEDIATE /* what QUERY says */
#ifdef HR_STUB_FULL
#define ALIGNMENT_POWER 9
#define TABLES 16
        .set    FEATURES, FEATURES | HR_FEATURE_LOCK | HR_FEATURE_PERSONALITIES
#else
#define ALIGNMENT_POWER 5
#define TABLES 1
#endif
#ifdef __thumb__
        .set    FEATURES, FEATURES | HR_FEATURE_THUMB
#endif
#ifdef __ARMEB__
        .set    FEATURES, FEATURES | HR_FEATURE_BIG_ENDIAN
#endif

        /* To `elsewhere` if HVBAR has the lock. r0 is lost. */
        .macro REFUSE_IF_LOCKED lock, elsewhere
        mrc     HVBAR(r0)
        tst     r0, #\lock
        bne     \elsewhere
        .endm

        /* The end of a SOFT_RESTART. It writes the state that the op promises, whatever it found. */
        .macro HAND_OVER function, refuse
/* [hand-over] */
        and     r0, \function, #0x3     /* A32 code is 4-byte aligned, and bit 0 says Thumb: */
        cmp     r0, #0x2                /* bit 1 alone is neither */
        beq     \refuse                 /* misaligned: nothing changes */
        movw    r0, #(HSCTLR_OF_BUILD & 0xffff) /* everything that enables is 0; TE and EE are */
        movt    r0, #(HSCTLR_OF_BUILD >> 16) /* those of this build */
        mcr     HSCTLR(r0)              /* MMU and caches of Hyp mode off */
        cpsid   aif                     /* exceptions masked */
        isb                             /* both in effect before the function is fetched */
        mov     r0, #0                  /* the 0 that the boot protocol wants */
        bx      \function               /* bit 0 says Thumb */
/* [end] */
        .endm

/*
 * hr_stub_vectors: what HVBAR holds while the stub is resident.
 * In:       each slot in Hyp mode, in the instruction set HSCTLR.TE names and the endianness of
 *           HSCTLR.EE, A, I and F masked unless SCR routes them to Monitor mode; ELR_hyp, SPSR_hyp
 *           and HSR say what happened; every other register is the interrupted program's.
 *           +14: an HVC from PL1, or an access of PL1 or PL0 that is trapped to Hyp mode.
 *           The others can only be reached by an error in Hyp mode itself, or by routing that the stub
 *           never sets up.
 * Out:      +14: by ERET as abi/op.def and the personality say; SOFT_RESTART by a branch.
 *           The others park: the CPU stays on the slot, so that PC - HVBAR tells which exception it
 *           was, and ELR_hyp, SPSR_hyp, HSR and all registers are evidence for a debugger.
 * Clobbers: HTPIDR. Registers: only what abi/op.def and the personality say.
 */
TABLE hr_stub_vectors, ALIGNMENT_POWER
        .rept   TABLES
/* [table] */
        BRANCH_WIDE .                   /* +00: not used in Hyp mode: parks here */
        BRANCH_WIDE .                   /* +04: an undefined instruction in Hyp mode: parks */
        BRANCH_WIDE .                   /* +08: HVC or SVC in Hyp mode: parks */
        BRANCH_WIDE .                   /* +0c: prefetch abort in Hyp mode: parks */
        BRANCH_WIDE .                   /* +10: data abort in Hyp mode: parks */
        BRANCH_WIDE .Lcall              /* +14: an HVC from PL1, or a trap */
        BRANCH_WIDE .                   /* +18: IRQ, which nothing routes here: parks */
        BRANCH_WIDE .                   /* +1c: FIQ, the same: parks */
/* [end] */
        .endr

/* [call] */
.Lcall:
        mcr     HTPIDR(r0)              /* the caller's r0 waits in HTPIDR */
        mrc     HSR(r0)                 /* r0 := why we are here */
        cmp     r0, #HSR_HVC            /* an HVC with immediate 0? */
        bne     .Lother                 /* no: another immediate, or a trap */
#ifdef HR_STUB_FULL
        mrc     HVBAR(r0)
        tst     r0, #STATE_PERSONALITY
        bne     .Lforeign               /* hvc #0 speaks another dialect */
#endif
.Lcommon:
        mrc     HTPIDR(r0)              /* r0 := the op; each op has its place below */
        cmp     r0, #HR_OP_GET_VECTORS  /* 0? */
        beq     .Lget_vectors           /* yes: the vectors are asked for */
        cmp     r0, #HR_OP_SET_VECTORS  /* 1? */
        beq     .Lset_vectors           /* yes: r1 is to be the table */
        cmp     r0, #HR_OP_SOFT_RESTART /* 2? */
        beq     .Lsoft_restart          /* yes: r3 is to be run here */
        cmp     r0, #HR_OP_RESET_VECTORS /* 3? */
        beq     .Lreset_vectors         /* yes: this table is to be in place */
        sub     r0, r0, #(HR_OP_QUERY & 0xff000000) /* the others are 0x4852xxxx, */
        sub     r0, r0, #(HR_OP_QUERY & 0x00ff0000) /* which no single compare can name */
        cmp     r0, #(HR_OP_QUERY & 0xffff) /* 0x48520001? */
        beq     .Lquery                 /* yes: who answers? */
#ifdef HR_STUB_FULL
        cmp     r0, #(HR_OP_LOCK & 0xffff)
        beq     .Llock
        cmp     r0, #(HR_OP_SET_PERSONALITY & 0xffff)
        beq     .Lset_personality
#endif
.Lrefuse:
        mvn     r0, #0                  /* nobody's op: r0 = -1, nothing else changes */
        eret                            /* back to the caller, its flags restored */
/* [end] */

/* [ops] */
.Lget_vectors:
        mrc     HVBAR(r0)               /* the answer */
        eret                            /* back; flags and mode come from SPSR_hyp */

.Lset_vectors:
#ifdef HR_STUB_FULL
        REFUSE_IF_LOCKED STATE_LOCK_SET, .Lrefuse
        mrc     HTPIDR(r0)
#endif
        tst     r1, #0x1f               /* HVBAR has no bits 4:0 */
        bne     .Lrefuse                /* misaligned: nothing changes */
        mcr     HVBAR(r1)               /* r1 is the table */
        eret                            /* from here on; r0 is as it was */

.Lsoft_restart:
#ifdef HR_STUB_FULL
        REFUSE_IF_LOCKED STATE_LOCK_RESTART, .Lrefuse
#endif
        HAND_OVER r3, .Lrefuse          /* r1, r2 and all others are still the caller's */

.Lreset_vectors:
        eret                            /* the stub answers, so its table is in place */

.Lquery:
        movw    r0, #(HR_QUERY_MAGIC & 0xffff) /* r0 = "HLYR" */
        movt    r0, #(HR_QUERY_MAGIC >> 16) /* (movw and movt: no byte of the stub is data) */
        mov     r1, #HR_ABI_VERSION     /* r1 = major << 16 | minor */
#ifdef HR_STUB_FULL
        mrc     HVBAR(r3)
        and     r2, r3, #(STATE_LOCK_SET | STATE_LOCK_RESTART)
        lsl     r2, r2, #STATE_LOCK_TO_FEATURES
        orr     r2, r2, #FEATURES
        and     r3, r3, #STATE_PERSONALITY
        lsr     r3, r3, #STATE_PERSONALITY_SHIFT
#else
        mov     r2, #FEATURES           /* r2 = what this build can do */
        mov     r3, #HR_PERSONALITY_COMMON /* r3 = what hvc #0 speaks */
#endif
        eret                            /* the answers are in r0 to r3 */
/* [end] */

#ifdef HR_STUB_FULL
.Llock:
        cmp     r1, #HR_LOCK_RESTART    /* 0: SET_VECTORS, 1: SOFT_RESTART too */
        bhi     .Lrefuse
        mrc     HVBAR(r0)
        orr     r0, r0, #STATE_LOCK_SET
        orr     r0, r0, r1, lsl #STATE_LOCK_RESTART_SHIFT
        mcr     HVBAR(r0)
        mrc     HTPIDR(r0)
        eret

.Lset_personality:
        cmp     r1, #HR_PERSONALITY_BRIDGE_KVM /* 0 to 3 are arm's */
        bhi     .Lrefuse
        REFUSE_IF_LOCKED STATE_LOCK_SET, .Lrefuse
        bic     r0, r0, #STATE_PERSONALITY
        orr     r0, r0, r1, lsl #STATE_PERSONALITY_SHIFT
        mcr     HVBAR(r0)
        mrc     HTPIDR(r0)
        eret
#endif

/* [other] */
.Lother:
        sub     r0, r0, #HSR_HVC        /* r0 := the immediate of an HVC; a trap is far above, */
        cmp     r0, #0x10000            /* or below and wraps around */
        bhs     .Lundefined             /* a trap is no call */
        sub     r0, r0, #(HR_HVC_IMMEDIATE & 0xff00) /* in two steps, as above: */
        cmp     r0, #(HR_HVC_IMMEDIATE & 0xff) /* hvc #0x4852 is */
        beq     .Lcommon                /* the common ABI, whatever hvc #0 speaks */
        b       .Lrefuse                /* any other immediate is not ours */
/* [end] */

#include "stub/arm/undefined.h"

#ifdef HR_STUB_FULL
.Lforeign:                              /* r0 = HVBAR */
        and     r0, r0, #STATE_PERSONALITY
        cmp     r0, #(HR_PERSONALITY_LINUX << STATE_PERSONALITY_SHIFT)
        beq     .Llinux
        cmp     r0, #(HR_PERSONALITY_BRIDGE_STUB << STATE_PERSONALITY_SHIFT)
        beq     .Lbridge_stub
        b       .Lbridge_kvm
#include "stub/personality/linux_arm.h"
#include "stub/personality/bridge_stub.h"
#include "stub/personality/bridge_kvm.h"
#endif
END hr_stub_vectors

/*
 * hr_stub_vectors_end: the first byte behind the resident. The bytes from hr_stub_vectors to here
 * can be copied to any address that is HR_STUB_ALIGNMENT aligned and used there (hr_stub_install_at).
 */
MARK hr_stub_vectors_end
