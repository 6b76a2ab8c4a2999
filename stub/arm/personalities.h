/* SPDX-License-Identifier: BSD-2-Clause */
/* clang-format off */
/*
 * The parts of the resident, A32 or T32, as macros of vectors.S. A `lock` is 0, 1 (SET_VECTORS is
 * refused) or 3 (SOFT_RESTART too). Every branch is to a label of vectors.S.
 */
#ifndef HR_STUB_ARM_PERSONALITIES_H
#define HR_STUB_ARM_PERSONALITIES_H

#include "stub/arm/undefined.h"

#define PERSONALITY_SHIFT 5 /* HVBAR, see hr_stub_vectors */
#define LOCK_SET 0x80
#define LOCK_RESTART_SHIFT 8
#define LOCK_RESTART (1 << LOCK_RESTART_SHIFT)

#ifdef HR_STUB_FULL
#define FEATURES_OF_LIBRARY (HR_FEATURE_IMMEDIATE | HR_FEATURE_LOCK | HR_FEATURE_PERSONALITIES)
#else
#define FEATURES_OF_LIBRARY HR_FEATURE_IMMEDIATE
#endif
#ifdef __thumb__
#define FEATURES_OF_STATE HR_FEATURE_THUMB
#else
#define FEATURES_OF_STATE 0
#endif
#ifdef __ARMEB__
#define FEATURES_OF_ORDER HR_FEATURE_BIG_ENDIAN
#else
#define FEATURES_OF_ORDER 0
#endif
#define HR_STUB_FEATURES (FEATURES_OF_LIBRARY | FEATURES_OF_STATE | FEATURES_OF_ORDER)

        /* One table of eight slots. A T32 slot needs the wide branch to be 4 bytes. */
        .macro SLOTS server
        .rept   5
        BRANCH_WIDE .
        .endr
        BRANCH_WIDE \server
        BRANCH_WIDE .
        BRANCH_WIDE .
        .endm

        /*
         * By the op in r0, which is not more than `last`, to its BLOCK; any other op to `unknown`. The
         * blocks follow at once, each at its offset: 16 bytes apart in A32, and where `a` to `d` say in
         * T32 (halfwords from the table of the TBB, which the offsets are the bytes of).
         */
        .macro DISPATCH id, last, unknown, a=0, b=0, c=0, d=0
        cmp     r0, #\last
#ifdef __thumb__
        bhi     \unknown
        tbb     [pc, r0]
.Lblocks_\id:
        .inst.n (\b << 8) | \a         /* code to the linker: BE8 must not swap it twice */
        .inst.n (\d << 8) | \c
#else
        addls   pc, pc, r0, lsl #4
        b       \unknown
.Lblocks_\id:
#endif
        .endm
        .macro BLOCK id, number, halfwords
#ifdef __thumb__
        .org    .Lblocks_\id + 2 * \halfwords
#else
        .org    .Lblocks_\id + 16 * \number
#endif
        .endm

        /* r0 := 0 and `eq` with an hvc #0; else r0 := what HSR is more. r0 has been saved, or is known. */
        .macro CHECK_HVC
        mrc     HSR(r0)
        subs    r0, r0, #HSR_HVC
        .endm

        /* `eq`: sets the vectors to r1. A block of A32 has no room for it, and goes on to `elsewhere`. */
        .macro SET_VECTORS answer
        mcreq   HVBAR(r1)
        .if \answer != 0
        moveq   r0, #\answer
        .endif
        ereteq
        .endm
        .macro SET_VECTORS_FROM_BLOCK answer, elsewhere, refuse
        mrc     HSR(r0)
        sub     r0, r0, #HSR_HVC
        orrs    r0, r0, r1, lsl #27
#ifdef __thumb__
        SET_VECTORS \answer
        BRANCH_WIDE \refuse
#else
        b       \elsewhere
#endif
        .endm

        /*
         * The common ABI. An op is told before the syndrome is looked at: then its r0 is known, and free
         * for the check. Each block ends with an answer if this is an hvc #0, and passes on what it is
         * not: to .Ltake_other with HDFAR = the caller's r0, r0 = HSR - HSR_HVC. The ORRS is `eq` only
         * with an hvc #0 and an aligned address. SOFT_RESTART leaves by `bx` with the r0 = 0 of the check:
         * HSCTLR is as the installer wrote it, since nothing here writes it and who had HYP gives it back
         * so (RESET_VECTORS, compat/hr_shim.h); the exception has masked what HYP could take.
         */
        .macro SERVE_COMMON lock
.Lserve_common_\lock:
        mcr     HDFAR(r0)
        DISPATCH common_\lock, HR_OP_RESET_VECTORS, .Ltake_unknown, 2, 11, 25, 33
BLOCK common_\lock, HR_OP_GET_VECTORS, 2
        CHECK_HVC
        mrceq   HVBAR(r0)
        ereteq                          /* `ne` goes on to the check of the next block */
BLOCK common_\lock, HR_OP_SET_VECTORS, 11
        .if \lock
        b       .Lrefuse_hvc
        .else
        SET_VECTORS_FROM_BLOCK HR_OP_SET_VECTORS, .Lset_vectors, .Lrefuse_hvc
        .endif
BLOCK common_\lock, HR_OP_SOFT_RESTART, 25
        .if \lock & 2
        b       .Lrefuse_hvc
        .else
        CHECK_HVC
        bxeq    r3
        BRANCH_WIDE .Ltake_other
        .endif
BLOCK common_\lock, HR_OP_RESET_VECTORS, 33
        CHECK_HVC
        moveq   r0, #HR_OP_RESET_VECTORS
        ereteq                          /* the stub answers, so its table is in place */
        .endm

        /* What the blocks of every lock go on to. With `ne` nothing is set. */
        .macro FINISH_COMMON
#ifndef __thumb__
.Lset_vectors:
        SET_VECTORS HR_OP_SET_VECTORS
#endif
.Lrefuse_hvc:
        CHECK_HVC
        mvneq   r0, #0
        ereteq
        .endm

        /*
         * Not hvc #0: the other immediate, a foreign one, or no HVC at all; r0 = HSR - HSR_HVC. HSR can be
         * written: with the syndrome of hvc #0 the native interface is the common ABI once more.
         */
        .macro TAKE_OTHER
.Ltake_other:
        cmp     r0, #0x10000
#ifdef HR_STUB_FULL
        bhs     .Linject_undefined
#else
        bhs     .                       /* a trap is no call: parks */
#endif
        sub     r0, r0, #(HR_HVC_IMMEDIATE & 0xff00)
        cmp     r0, #(HR_HVC_IMMEDIATE & 0xff)
        moveq   r0, #HSR_HVC
        mcreq   HSR(r0)
#ifdef HR_STUB_FULL
        beq     .Lfind_common
#else
        mrceq   HDFAR(r0)
        beq     .Lserve_common_0
#endif
.Lrefuse:
        mvn     r0, #0
        eret
        .endm

#ifdef HR_STUB_FULL
        /* The common ABI with the lock that HVBAR tells: bit 8 goes to C, bit 7 to N. */
        .macro FIND_COMMON
.Lfind_common:
        mrc     HVBAR(r0)
        lsls    r0, r0, #(32 - LOCK_RESTART_SHIFT)
        mrc     HDFAR(r0)
        bcs     .Lserve_common_3
        bmi     .Lserve_common_1
        b       .Lserve_common_0
        .endm
#endif

        /*
         * An op that is none of 0 to 3: QUERY and the other extensions, all of them 0x4852xxxx, or
         * nobody's. What is far from them is refused as soon as that is known.
         */
        .macro TAKE_UNKNOWN
.Ltake_unknown:
#if defined(HR_STUB_FULL) || defined(__thumb__)
        sub     r0, r0, #(HR_OP_QUERY & 0xff000000)
        cmp     r0, #((HR_OP_QUERY & 0x00ff0000) + 0x10000)
        bhs     .Lrefuse_hvc
        CHECK_HVC
        bne     .Ltake_other
        mrc     HDFAR(r0)
        sub     r0, r0, #(HR_OP_QUERY & 0xff000000)
        sub     r0, r0, #(HR_OP_QUERY & 0x00ff0000)
        cmp     r0, #(HR_OP_QUERY & 0x0000ffff)
#ifdef HR_STUB_FULL
        bne     .Ltake_change
#else
        bne     .Lrefuse
#endif
#else
        /* A32 has both halves of QUERY as immediates. */
        sub     r0, r0, #(HR_OP_QUERY & 0xff00ffff)
        cmp     r0, #(HR_OP_QUERY & 0x00ff0000)
        bne     .Lrefuse_hvc
        CHECK_HVC
        bne     .Ltake_other
#endif
        .endm

        /* The first instructions of a personality that looks at the syndrome first. */
        .macro ENTER
        mcr     HDFAR(r0)
        CHECK_HVC
        bne     .Ltake_other
        mrc     HDFAR(r0)
        .endm

        /* abi/personality_linux.def. An op that is done leaves the r0 = 0 of the check. */
        .macro SERVE_LINUX lock
.Lserve_linux_\lock:
        mcr     HDFAR(r0)
        DISPATCH linux_\lock, 2, .Lrefuse_linux_hvc, 2, 15, 23
BLOCK linux_\lock, 0, 2
        .if \lock
        b       .Lrefuse_linux_hvc
        .else
        SET_VECTORS_FROM_BLOCK 0, .Lset_vectors_linux, .Lrefuse_linux_hvc
        .endif
BLOCK linux_\lock, 1, 15
        .if \lock & 2
        b       .Lrefuse_linux_hvc
        .else
        CHECK_HVC
        bxeq    r1
        BRANCH_WIDE .Ltake_other
        .endif
BLOCK linux_\lock, 2, 23
        CHECK_HVC
        ereteq
        b       .Ltake_other
        .endm

        .macro FINISH_LINUX
#ifndef __thumb__
.Lset_vectors_linux:
        SET_VECTORS 0
#endif
.Lrefuse_linux_hvc:
        CHECK_HVC
        bne     .Ltake_other
        movw    r0, #(HR_LINUX_STUB_ERROR & 0xffff)
        movt    r0, #(HR_LINUX_STUB_ERROR >> 16)
        eret
        .endm

        /* abi/personality_bridge_stub.def: no op of the common ABI but 0 is an aligned address. */
        .macro SERVE_BRIDGE_STUB lock
.Lserve_bridge_stub_\lock:
        ENTER
        cmn     r0, #1
        mrceq   HVBAR(r0)
        ereteq
        tst     r0, #0x1f
        bne     .Lserve_common_\lock
        cmp     r0, #HR_OP_GET_VECTORS
        .if \lock == 0
        mcrne   HVBAR(r0)
        .else
        mvnne   r0, #0
        .endif
        mrceq   HVBAR(r0)
        eret
        .endm

        /* abi/personality_bridge_kvm.def. Under a lock no function of a caller runs here. */
        .macro SERVE_BRIDGE_KVM lock
.Lserve_bridge_kvm_\lock:
        ENTER
        cmn     r0, #1
        mrceq   HVBAR(r0)
        ereteq
        cmp     r0, #HR_OP_RESET_VECTORS
        bls     .Lserve_common_\lock
        .if \lock == 0
        b       .Lcall_function
        .else
        b       .Lrefuse
        .endif
        .endm

        .macro SERVE lock
        SERVE_COMMON \lock
        b       .Ltake_other
        SERVE_LINUX \lock
        SERVE_BRIDGE_STUB \lock
        SERVE_BRIDGE_KVM \lock
        .endm

        /*
         * A function of the caller, r0, at its physical address, with r1, r2, r3 as its arguments. By
         * the procedure call standard it keeps r4-r11 and SP_hyp, and may lose r0-r3 and r12, as under
         * the KVM that was called so. LR_usr, which is Hyp mode's LR, waits in HDFAR: it stays as it
         * is while execution stays in Hyp mode without an abort. ELR_hyp and SPSR_hyp do so too.
         * The function has the SP_hyp that it finds: the stub has none to give. Bit 0 says Thumb, an
         * A32 function has bit 1 clear.
         */
        .macro CALL_FUNCTION
.Lcall_function:
        tst     r0, #1
        bne     .Lcall_aligned
        tst     r0, #2
        bne     .Lrefuse
.Lcall_aligned:
        mcr     HDFAR(lr)
        mov     r12, r0
        mov     r0, r1
        mov     r1, r2
        mov     r2, r3
        blx     r12
        mrc     HDFAR(lr)
        eret
        .endm

#endif /* HR_STUB_ARM_PERSONALITIES_H */
