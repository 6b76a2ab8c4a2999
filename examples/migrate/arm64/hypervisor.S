/* SPDX-License-Identifier: BSD-2-Clause */
/* arm64: a hypervisor that takes EL2 over from the stub, serves, and gives it back. */
#include "immediates.h"
        .section .text.hypervisor, "ax", %progbits

        .macro PARK count
        .rept   \count
        b       .
        .balign 128
        .endr
        .endm

/*
 * init_vectors: the first table, for the one HVC after SET_VECTORS.
 * In:       slot +400: x0 = top of the hypervisor's stack, x1 = the vectors to give back.
 * Out:      by ERET; SP_EL2 and TPIDR_EL2 hold them, VBAR_EL2 = hypervisor_vectors.
 * Clobbers: x0.
 */
        .balign 2048
        .globl  init_vectors
        .type   init_vectors, %function
init_vectors:
/* [take-over] */
        PARK    8
        mov     sp, x0
        msr     tpidr_el2, x1           /* what GET_VECTORS answered */
        adr     x0, hypervisor_vectors
        msr     vbar_el2, x0            /* here the MMU of EL2 would be turned on too */
        eret
        .balign 128
        PARK    7
/* [end] */
        .size   init_vectors, . - init_vectors

/*
 * hypervisor_vectors: the table while it is resident.
 * In:       slot +400 by HVC from EL1: HVC #0 is the common ABI, XEN_IMMEDIATE a hypercall with its number
 *           in x16, RUNTIME_IMMEDIATE one with its number in x0.
 * Out:      by ERET; x0 = the answer.
 * Clobbers: HVC #0: nothing. Hypercalls: x1-x17.
 */
        .balign 2048
        .globl  hypervisor_vectors
        .type   hypervisor_vectors, %function
hypervisor_vectors:
        PARK    8
        b       serve
        .balign 128
        PARK    7
/* [serve] */
serve:
        stp     x0, x1, [sp, #-16]!
        mrs     x0, esr_el2
        lsr     x1, x0, #26
        cmp     x1, #0x16               /* only an HVC is a call */
        b.ne    .
        and     x0, x0, #0xffff         /* its immediate */
        cmp     x0, #XEN_IMMEDIATE
        b.eq    serve_hypercall
        mov     x1, #RUNTIME_IMMEDIATE
        cmp     x0, x1
        b.eq    serve_runtime
        cmp     x0, #0
        ldr     x0, [sp]
        ccmp    x0, #3, #0, eq          /* RESET_VECTORS */
        b.eq    give_back
        mov     x1, #-1                 /* SET_VECTORS and SOFT_RESTART: we are not replaced */
        cbnz    x0, 1f
        mrs     x1, vbar_el2            /* GET_VECTORS */
1:      str     x1, [sp]
        ldp     x0, x1, [sp], #16
        eret
give_back:
        ldp     x0, x1, [sp], #16       /* every register of the caller, TPIDR_EL2: the stub's vectors */
        b       hr_shim_reset_vectors
/* [end] */
serve_runtime:
        ldp     x16, x0, [sp], #16
        mov     x1, x2
        mov     x2, x3
        b       call
serve_hypercall:
        ldp     x0, x1, [sp], #16
call:
        cmp     x16, #HYPERCALLS
        b.hs    refuse
        stp     x29, x30, [sp, #-16]!
        str     x18, [sp, #-16]!
        adrp    x17, hypercalls
        add     x17, x17, :lo12:hypercalls
        ldr     x17, [x17, x16, lsl #3]
        blr     x17
        ldr     x18, [sp], #16
        ldp     x29, x30, [sp], #16
        eret
refuse:
        mov     x0, #-1
        eret
        .size   hypervisor_vectors, . - hypervisor_vectors

        .section .note.GNU-stack, "", %progbits
