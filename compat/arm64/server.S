/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * SMCCC and PSCI beside the stub, A64: compat/hr_server.h. As in the stub, x0 is the only register until
 * it is known whose call it is, and waits in TPIDR_EL2. The last words of the owner's stack name the
 * struct hr_server: SP_EL2 is all that a CPU has of its own.
 */
#include "bare/asm.h"
#include "compat/hr_server.h"

#define STUB_CALL hr_stub_vectors + 0x400 /* the slot for an HVC, or a trap, from EL1 */
#define STUB_CALL_AARCH32 hr_stub_vectors + 0x600

        .equ    STACK_TOP, 16           /* bytes: the struct, and one for the alignment */
        .equ    WORD, 8
        /* struct hr_registers on the stack, and what else C destroys. */
        .equ    FRAME, 176
        .equ    FRAME_X18, 144
        .equ    FRAME_X30, 160

/*
 * hr_server_vectors: what VBAR_EL2 holds while the server is resident.
 * In:       each slot at EL2, SP_EL2 selected and as hr_server_install returned it, D, A, I and F masked;
 *           every other register is the interrupted program's.
 * Out:      +400: by ERET, or in the stub's slot, or in hr_server_foreign, as hr_server.h says.
 *           +600: in the stub's slot. The others park, as the stub's do.
 * Clobbers: TPIDR_EL2; stack below SP_EL2. Registers: what the stub or the owner's C code says.
 */
TABLE hr_server_vectors, 11
        .irp    offset, 0x000, 0x080, 0x100, 0x180, 0x200, 0x280, 0x300, 0x380
        PARK    \offset
        .endr
        SLOT    0x400                   /* from EL1 or EL0, AArch64: an HVC, or a trap */
        b       .Lcall
        .irp    offset, 0x480, 0x500, 0x580
        PARK    \offset
        .endr
        SLOT    0x600                   /* from EL0, AArch32: a trap */
        b       STUB_CALL_AARCH32
        .irp    offset, 0x680, 0x700, 0x780
        PARK    \offset
        .endr
        SLOT    0x800

.Lcall:
        msr     tpidr_el2, x0           /* the caller's x0 waits in TPIDR_EL2 */
        mrs     x0, esr_el2             /* x0 := why we are here */
        ror     w0, w0, #24             /* its class to the bottom, an immediate above that: */
        cmp     w0, #ESR_HVC64_TOP      /* an HVC of A64 with immediate 0? */
        b.ne    .Lother                 /* no: another immediate, or a trap */

        /* hr_is_function_id of hr_server.h. */
        mrs     x0, tpidr_el2
        cmn     w0, #1                  /* -1? */
        b.eq    .Lstub
        tst     w0, #(0x100000000 - HR_FUNCTION_FIRST) /* not of SMCCC? */
        b.eq    .Lstub
        tst     w0, #HR_FUNCTION_FAST
        b.ne    .Lfunction              /* our own ops have bit 31 clear */
        tst     w0, #HR_FUNCTION_OWNER  /* nobody's? */
        b.eq    .Lstub
        lsr     w0, w0, #16
        sub     w0, w0, #((HR_OP_QUERY >> 16) & 0xf000)
        cmp     w0, #((HR_OP_QUERY >> 16) & 0xfff) /* an extension op? */
        b.ne    .Lfunction              /* no: a function id */
        /* falls through */
.Lstub:
        mrs     x0, tpidr_el2
        cmp     x0, #HR_OP_RESET_VECTORS /* the resident's table is asked for? */
        b.ne    hr_server_stub
        ldr     x0, [sp]                /* yes: x0 := the struct hr_server */
        ldr     x0, [x0, #(HR_SERVER_LEAVES * WORD)]
        cbnz    x0, .Lleave             /* does it leave then? */
        mrs     x0, tpidr_el2           /* no: every register as the caller left it */
        /* falls through */
MARK hr_server_stub
        b       STUB_CALL               /* the stub's own code */

.Lleave:
        ADDRESS_OF x0, hr_stub_vectors  /* personality and lock are in MAIR_EL2 and stay */
        msr     tpidr_el2, x0           /* the vectors to put back */
        mov     x0, #HR_OP_RESET_VECTORS
        b       hr_shim_reset_vectors

.Lfunction:
        mrs     x0, tpidr_el2
        sub     sp, sp, #FRAME
        STORE_X0_X17 sp                 /* the caller's registers, by number, */
        stp     x18, x29, [sp, #FRAME_X18] /* and what else C may destroy */
        str     x30, [sp, #FRAME_X30]
        ldr     x9, [sp, #FRAME]        /* x9 := the struct hr_server */
        ldr     x0, [x9, #(HR_SERVER_CONTEXT * WORD)]
        mov     x1, sp
        ldr     x9, [x9, #(HR_SERVER_SERVE * WORD)]
        mov     x29, #0                 /* the end of the chain of frames */
        blr     x9                      /* serve(context, registers); x19 to x28 come back */
        ldp     x18, x29, [sp, #FRAME_X18]
        ldr     x30, [sp, #FRAME_X30]
        LOAD_X0_X17 sp                  /* the results, and what stays */
        add     sp, sp, #FRAME
        eret                            /* flags and level come from SPSR_EL2 */

.Lother:
        mrs     x0, esr_el2             /* x0 := why we are here, once more; */
        lsr     w0, w0, #ESR_EC_SHIFT   /* its class alone: */
        cmp     w0, #ESR_EC_HVC64       /* an HVC at all? */
        b.ne    .Ltrap                  /* a trap is no call */
        mrs     x0, esr_el2
        and     x0, x0, #0xffff         /* x0 := the immediate */
        cmp     x0, #HR_XEN_IMMEDIATE
        b.eq    .Lxen
        sub     x0, x0, #(HR_HVC_IMMEDIATE & 0xf000)
        cmp     x0, #(HR_HVC_IMMEDIATE & 0xfff)
        b.eq    .Lstub                  /* the common ABI */
        mrs     x0, tpidr_el2           /* anybody else's: every register as the caller left it */
        b       hr_server_foreign
.Lxen:
        mov     x0, #-HR_SERVER_XEN_ENOSYS /* no such hypercall, nothing else changes */
        eret
.Ltrap:
        mrs     x0, tpidr_el2
        b       hr_server_stub
END hr_server_vectors

/*
 * hr_server_foreign: an HVC with an immediate that is neither ours nor Xen's. Weak.
 * In:       EL2; every register the caller's; ELR_EL2, SPSR_EL2 and ESR_EL2 as the HVC left them.
 * Out:      in hr_server_undefined.
 * Clobbers: nothing.
 */
FUNC hr_server_foreign
        .weak   hr_server_foreign
        b       hr_server_undefined
END hr_server_foreign

/*
 * hr_server_undefined: the HVC as an UNDEFINED instruction: the stub gives it back to EL1 as it does a
 * trap, which names the instruction itself and no better reason.
 * In:       EL2, by an HVC; every register the caller's.
 * Out:      in the stub's slot; by ERET to the synchronous vector of EL1, registers preserved.
 * Clobbers: TPIDR_EL2, ESR_EL2.
 */
FUNC hr_server_undefined
        msr     tpidr_el2, x0
        mrs     x0, elr_el2
        sub     x0, x0, #4
        msr     elr_el2, x0
        mov     x0, #ESR_UNKNOWN
        msr     esr_el2, x0
        mrs     x0, tpidr_el2
        b       STUB_CALL
END hr_server_undefined

/*
 * hr_word hr_server_install(const struct hr_server *server, void *stack_end)
 * In:       x0 = server, x1 = stack_end; EL2, MMU and caches off; LR = return address.
 * Out:      x0 = SP_EL2 for the server, or 0 and nothing has changed (hr_server.h).
 * Clobbers: x1, x2, x3, flags.
 */
FUNC hr_server_install
        mrs     x2, CurrentEL
        cmp     x2, #CURRENTEL_EL2
        b.ne    .Lrefuse
        tst     x1, #(STACK_TOP - 1)
        b.ne    .Lrefuse
        ADDRESS_OF x3, hr_stub_vectors
        mrs     x2, vbar_el2
        cmp     x2, x3
        b.ne    .Lrefuse
        ADDRESS_OF x2, hr_server_vectors
        str     x0, [x1, #-STACK_TOP]!
        msr     vbar_el2, x2
        isb
        mov     x0, x1
        ret
.Lrefuse:
        mov     x0, #0
        ret
END hr_server_install
