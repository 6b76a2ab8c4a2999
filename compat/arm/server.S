/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * SMCCC and PSCI beside the stub, A32 or T32: compat/hr_server.h. As in the stub, r0 is the only register
 * until it is known whose call it is, and waits in HTPIDR. The last words of the owner's stack name the
 * struct hr_server: SP_hyp is all that a CPU has of its own.
 */
#include "bare/asm.h"
#include "compat/hr_server.h"

#define STUB_CALL hr_stub_vectors + 0x14 /* the slot for an HVC, or a trap, from PL1 */
#define STATE 0x1e0 /* bits of HVBAR that are the full stub's: which of its 16 equal tables */

        .equ    STACK_TOP, 8            /* bytes: the struct, and one for the alignment */
        .equ    WORD, 4
        /* struct hr_registers on the stack. */
        .equ    FRAME, 18 * WORD
        .equ    FRAME_R12, 12 * WORD
        .equ    FRAME_LR, 14 * WORD

/*
 * hr_server_vectors: what HVBAR holds while the server is resident. 16 equal tables, as the full stub
 * has them: the stub behind them keeps personality and lock in bits 8:5 of HVBAR.
 * In:       each slot in Hyp mode, in the state and endianness that HSCTLR names, A, I and F masked; SP_hyp
 *           as hr_server_install returned it; every other register is the interrupted program's.
 * Out:      +14: by ERET, or in the stub's slot, or in hr_server_foreign, as hr_server.h says.
 *           The others park, as the stub's do.
 * Clobbers: HTPIDR; stack below SP_hyp. Registers: what the stub or the owner's C code says.
 */
TABLE hr_server_vectors, 9
        .rept   16
        BRANCH_WIDE .                   /* +00: not used in Hyp mode: parks here */
        BRANCH_WIDE .                   /* +04: an undefined instruction in Hyp mode: parks */
        BRANCH_WIDE .                   /* +08: HVC or SVC in Hyp mode: parks */
        BRANCH_WIDE .                   /* +0c: prefetch abort in Hyp mode: parks */
        BRANCH_WIDE .                   /* +10: data abort in Hyp mode: parks */
        BRANCH_WIDE .Lcall              /* +14: an HVC from PL1, or a trap */
        BRANCH_WIDE .                   /* +18: IRQ: parks */
        BRANCH_WIDE .                   /* +1c: FIQ: parks */
        .endr

.Lcall:
        mcr     HTPIDR(r0)              /* the caller's r0 waits in HTPIDR */
        mrc     HSR(r0)                 /* r0 := why we are here */
        cmp     r0, #HSR_HVC            /* an HVC with immediate 0? */
        bne     .Lother                 /* no: another immediate, or a trap */

        /* hr_is_function_id of hr_server.h. */
        mrc     HTPIDR(r0)
        cmn     r0, #1                  /* -1? */
        beq     .Lstub
        cmp     r0, #HR_FUNCTION_FIRST  /* not of SMCCC? */
        blo     .Lstub
        tst     r0, #(HR_FUNCTION_FAST | HR_FUNCTION_OWNER) /* nobody's? */
        beq     .Lstub
        lsr     r0, r0, #16
        sub     r0, r0, #((HR_OP_QUERY >> 16) & 0xff00)
        cmp     r0, #((HR_OP_QUERY >> 16) & 0xff) /* an extension op? */
        bne     .Lfunction              /* no: a function id */
        /* falls through */
.Lstub:
        mrc     HTPIDR(r0)
        cmp     r0, #HR_OP_RESET_VECTORS /* the resident's table is asked for? */
        bne     hr_server_stub
        ldr     r0, [sp]                /* yes: r0 := the struct hr_server */
        ldr     r0, [r0, #(HR_SERVER_LEAVES * WORD)]
        cmp     r0, #0                  /* does it leave then? */
        bne     .Lleave
        mrc     HTPIDR(r0)              /* no: every register as the caller left it */
        /* falls through */
MARK hr_server_stub
        BRANCH_WIDE STUB_CALL           /* the stub's own code */

.Lleave:
        push    {r1, r2}
        mrc     HVBAR(r0)
        and     r0, r0, #STATE          /* personality and lock stay */
        ADDRESS_OF r1, hr_stub_vectors
        add     r0, r0, r1
        mcr     HTPIDR(r0)              /* the vectors to put back */
        pop     {r1, r2}
        mov     r0, #HR_OP_RESET_VECTORS
        BRANCH_WIDE hr_shim_reset_vectors

.Lfunction:
        mrc     HTPIDR(r0)
        sub     sp, sp, #FRAME
        stm     sp, {r0-r12}            /* the caller's registers, by number */
        str     lr, [sp, #FRAME_LR]     /* LR_usr, which C would destroy: Hyp mode has no other */
        ldr     r2, [sp, #FRAME]        /* r2 := the struct hr_server */
        mov     r1, sp
        ldr     r0, [r2, #(HR_SERVER_CONTEXT * WORD)]
        ldr     r2, [r2, #(HR_SERVER_SERVE * WORD)]
        blx     r2                      /* serve(context, registers); r4 to r11 come back */
        ldr     r12, [sp, #FRAME_R12]
        ldr     lr, [sp, #FRAME_LR]
        ldm     sp, {r0-r7}             /* the results, and what stays */
        add     sp, sp, #FRAME
        eret                            /* flags and mode come from SPSR_hyp */

.Lother:
        sub     r0, r0, #HSR_HVC        /* r0 := the immediate of an HVC; a trap is far above, */
        cmp     r0, #0x10000            /* or below and wraps around */
        bhs     .Ltrap                  /* a trap is no call */
        sub     r0, r0, #(HR_XEN_IMMEDIATE & 0xff00)
        cmp     r0, #(HR_XEN_IMMEDIATE & 0xff)
        beq     .Lxen
        add     r0, r0, #(HR_XEN_IMMEDIATE & 0xff00)
        sub     r0, r0, #(HR_HVC_IMMEDIATE & 0xff00)
        cmp     r0, #(HR_HVC_IMMEDIATE & 0xff)
        beq     .Lstub                  /* the common ABI */
        mrc     HTPIDR(r0)              /* anybody else's: every register as the caller left it */
        BRANCH_WIDE hr_server_foreign
.Lxen:
        mvn     r0, #(HR_SERVER_XEN_ENOSYS - 1) /* no such hypercall, nothing else changes */
        eret
.Ltrap:
        mrc     HTPIDR(r0)
        b       hr_server_stub
END hr_server_vectors

/*
 * hr_server_foreign: an HVC with an immediate that is neither ours nor Xen's. Weak.
 * In:       Hyp mode; every register the caller's; ELR_hyp, SPSR_hyp and HSR as the HVC left them.
 * Out:      in hr_server_undefined.
 * Clobbers: nothing.
 */
FUNC hr_server_foreign
        .weak   hr_server_foreign
        BRANCH_WIDE hr_server_undefined
END hr_server_foreign

/*
 * hr_server_undefined: the HVC as an UNDEFINED instruction: the stub gives it back to PL1 as it does a
 * trap, which names the instruction itself (an HVC is four bytes in either set) and no better reason.
 * In:       Hyp mode, by an HVC; every register the caller's.
 * Out:      in the stub's slot; by ERET to the Undefined Instruction vector of PL1, registers preserved.
 * Clobbers: HTPIDR, HSR.
 */
FUNC hr_server_undefined
        mcr     HTPIDR(r0)
        mrs     r0, elr_hyp
        sub     r0, r0, #4
        msr     elr_hyp, r0
        mov     r0, #HSR_UNKNOWN
        mcr     HSR(r0)
        mrc     HTPIDR(r0)
        BRANCH_WIDE STUB_CALL
END hr_server_undefined

/*
 * hr_word hr_server_install(const struct hr_server *server, void *stack_end)
 * In:       r0 = server, r1 = stack_end; Hyp mode, MMU and caches off; LR = return address.
 * Out:      r0 = SP_hyp for the server, or 0 and nothing has changed (hr_server.h).
 * Clobbers: r1, r2, r3, flags.
 */
FUNC hr_server_install
        mrs     r2, cpsr
        and     r2, r2, #PSR_MODE
        cmp     r2, #PSR_MODE_HYP
        bne     .Lrefuse
        tst     r1, #(STACK_TOP - 1)
        bne     .Lrefuse
        ADDRESS_OF r3, hr_stub_vectors
        mrc     HVBAR(r2)
        sub     r2, r2, r3              /* r2 := which of the stub's tables, */
        bics    r3, r2, #STATE          /* if it is one of them: */
        bne     .Lrefuse
        ADDRESS_OF r3, hr_server_vectors
        add     r2, r2, r3              /* the same one of ours */
        sub     r1, r1, #STACK_TOP
        str     r0, [r1]
        mcr     HVBAR(r2)
        isb
        mov     r0, r1
        bx      lr
.Lrefuse:
        mov     r0, #0
        bx      lr
END hr_server_install
