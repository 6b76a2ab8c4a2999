/* SPDX-License-Identifier: BSD-2-Clause */
/* clang-format off */
/*
 * The parts of the resident, A32 or T32, as macros of vectors.S. A `lock` is 0, 1 (SET_VECTORS is
 * refused) or 3 (SOFT_RESTART too). Every branch is to a label of vectors.S.
 */
#ifndef HR_STUB_ARM_PERSONALITIES_H
#define HR_STUB_ARM_PERSONALITIES_H

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
         * The first instructions behind slot +14. Falls through with an hvc #0; r0 is in HDFAR. What
         * is no hvc #0 goes to .Ltake_other with r0 = HSR.
         */
        .macro ENTER lock
        mcr     HDFAR(r0)
        mrc     HSR(r0)
        cmp     r0, #HSR_HVC
        bne     .Ltake_other_\lock
        .endm

        /*
         * The common ABI. The order is that of how soon an op should be done: the restart of a kernel
         * first, then its sets. tsteq leaves `ne` behind for a misaligned address, which no later
         * line takes.
         */
        .macro SERVE_NATIVE lock
        cmp     r0, #HR_OP_SOFT_RESTART
        .if \lock & 2
        beq     .Lrefuse
        .else
        beq     .Lsoft_restart
        .endif
        .if \lock == 0
        cmp     r0, #HR_OP_SET_VECTORS
        tsteq   r1, #0x1f
        mcreq   HVBAR(r1)
        ereteq
        .endif
        cmp     r0, #HR_OP_RESET_VECTORS
        ereteq                          /* the stub answers, so its table is in place */
        cmp     r0, #HR_OP_GET_VECTORS
        mrceq   HVBAR(r0)
        ereteq
        .endm

        /* Not hvc #0: the other immediate, a foreign one, or no HVC at all. r0 = HSR. */
        .macro TAKE_OTHER lock
.Ltake_other_\lock:
        sub     r0, r0, #HSR_HVC
        cmp     r0, #0x10000
        bhs     .Linject_undefined
        sub     r0, r0, #(HR_HVC_IMMEDIATE & 0xff00)
        cmp     r0, #(HR_HVC_IMMEDIATE & 0xff)
        beq     .Ltake_native_\lock
        b       .Lrefuse
        .endm

        .macro SERVE_COMMON lock
        TAKE_OTHER \lock
.Lserve_common_\lock:
        ENTER   \lock
.Ltake_native_\lock:
        mrc     HDFAR(r0)
.Ltake_native_op_\lock:
        SERVE_NATIVE \lock
        b       .Ltake_extension
        .endm

        /* abi/personality_linux.def. An op that is done leaves r0 = 0. */
        .macro SERVE_LINUX lock
.Lserve_linux_\lock:
        ENTER   \lock
        mrc     HDFAR(r0)
        cmp     r0, #1
        .if \lock & 2
        beq     .Lrefuse_linux
        .else
        beq     .Lsoft_restart_r1
        .endif
        .if \lock == 0
        cmp     r0, #0
        tsteq   r1, #0x1f
        mcreq   HVBAR(r1)
        ereteq
        .endif
        subs    r0, r0, #2
        ereteq
        b       .Lrefuse_linux
        .endm

        /* abi/personality_bridge_stub.def: no op of the common ABI but 0 is an aligned address. */
        .macro SERVE_BRIDGE_STUB lock
.Lserve_bridge_stub_\lock:
        ENTER   \lock
        mrc     HDFAR(r0)
        cmn     r0, #1
        mrceq   HVBAR(r0)
        ereteq
        tst     r0, #0x1f
        bne     .Ltake_native_op_\lock
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
        ENTER   \lock
        mrc     HDFAR(r0)
        cmn     r0, #1
        mrceq   HVBAR(r0)
        ereteq
        cmp     r0, #HR_OP_RESET_VECTORS
        bls     .Ltake_native_op_\lock
        .if \lock == 0
        b       .Lcall_function
        .else
        b       .Lrefuse
        .endif
        .endm

        .macro SERVE lock
        SERVE_COMMON \lock
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

        /*
         * HYP as SOFT_RESTART gives it away: MMU, caches and alignment check off (a kernel may be the
         * function, and expects none), r0 = 0. CPSID: SCR.IRQ, FIQ and EA can keep an exception to
         * Hyp mode from masking.
         */
        .macro HYP_OFF
        movw    r0, #(HSCTLR_OF_BUILD & 0xffff)
        movt    r0, #(HSCTLR_OF_BUILD >> 16)
        mcr     HSCTLR(r0)
        isb
        cpsid   aif
        mov     r0, #0
        .endm

        /*
         * A trap that is no call: give it back to PL1 as the Undefined Instruction exception that a
         * CPU without Hyp mode would take [arm/ddi0406c B1.9]. The kernel there reports the exact
         * instruction (or sends SIGILL). Resuming would trap for ever, skipping would corrupt its
         * program, and parking would lose the CPU without a word. The stub enables no trap itself.
         */
        .macro INJECT_UNDEFINED
.Linject_undefined:
        mcr     HIFAR(r1)
        mrs     r1, spsr
        msr     spsr_und, r1
        mrs     r0, elr_hyp
        tst     r1, #PSR_T
        addeq   r0, r0, #4
        addne   r0, r0, #2
        msr     lr_und, r0
        /* r1 := the handler's PSR: IT, J, E, T cleared, then E and T as SCTLR says. */
        bic     r1, r1, #0x07000000
        bic     r1, r1, #0x0000fe00
        bic     r1, r1, #(PSR_T | PSR_MODE)
        orr     r1, r1, #(PSR_I | PSR_MODE_UND)
        mrc     SCTLR(r0)
        tst     r0, #SCTLR_TE
        orrne   r1, r1, #PSR_T
        tst     r0, #SCTLR_EE
        orrne   r1, r1, #PSR_E
        msr     spsr_cxsf, r1
        tst     r0, #SCTLR_V
        mrceq   VBAR(r0)
        mvnne   r0, #0
        lslne   r0, r0, #16             /* Hivecs: 0xffff0000 */
        add     r0, r0, #4
        msr     elr_hyp, r0
        mrc     HIFAR(r1)
        mrc     HDFAR(r0)
        eret
        .endm

#endif /* HR_STUB_ARM_PERSONALITIES_H */
