/* SPDX-License-Identifier: BSD-2-Clause */
/* arm: a hypervisor that takes HYP over from the stub, serves, and gives it back. A32. */
#include "immediates.h"
        .syntax unified
        .arch_extension virt
        .section .text.hypervisor, "ax", %progbits
        .arm

/*
 * init_vectors: the first table, for the one HVC after SET_VECTORS.
 * In:       slot +14: r0 = top of the hypervisor's stack, r1 = the vectors to give back.
 * Out:      by ERET; SP_hyp and HTPIDR hold them, HVBAR = hypervisor_vectors.
 * Clobbers: r0.
 */
        .balign 32
        .globl  init_vectors
        .type   init_vectors, %function
init_vectors:
/* [take-over] */
        .rept   5
        b       .
        .endr
        b       init
        b       .
        b       .
init:   mov     sp, r0
        mcr     p15, 4, r1, c13, c0, 2  /* HTPIDR := what GET_VECTORS answered */
        ldr     r0, =hypervisor_vectors
        mcr     p15, 4, r0, c12, c0, 0  /* HVBAR; here the MMU of HYP would be turned on too */
        eret
/* [end] */
        .size   init_vectors, . - init_vectors

/*
 * hypervisor_vectors: the table while it is resident.
 * In:       slot +14 by HVC from SVC: HVC #0 is the common ABI, XEN_IMMEDIATE a hypercall with its number
 *           in r12, RUNTIME_IMMEDIATE one with its number in r0.
 * Out:      by ERET; r0 = the answer.
 * Clobbers: HVC #0: nothing. Hypercalls: r1-r3, r12.
 */
        .balign 32
        .globl  hypervisor_vectors
        .type   hypervisor_vectors, %function
hypervisor_vectors:
        .rept   5
        b       .
        .endr
        b       serve
        b       .
        b       .
/* [serve] */
serve:
        push    {r0, r1}
        mrc     p15, 4, r0, c5, c2, 0   /* HSR */
        lsr     r1, r0, #26
        cmp     r1, #0x12               /* only an HVC is a call */
        bne     .
        uxth    r0, r0                  /* its immediate */
        movw    r1, #XEN_IMMEDIATE
        cmp     r0, r1
        beq     serve_hypercall
        movw    r1, #RUNTIME_IMMEDIATE
        cmp     r0, r1
        beq     serve_runtime
        cmp     r0, #0
        ldr     r0, [sp]
        cmpeq   r0, #3                  /* RESET_VECTORS */
        beq     give_back
        mvn     r1, #0                  /* SET_VECTORS and SOFT_RESTART: we are not replaced */
        cmp     r0, #0                  /* GET_VECTORS */
        mrceq   p15, 4, r1, c12, c0, 0
        str     r1, [sp]
        pop     {r0, r1}
        eret
give_back:
        pop     {r0, r1}                /* every register of the caller, HTPIDR: the stub's vectors */
        b       hr_shim_reset_vectors
/* [end] */
serve_runtime:
        pop     {r0, r1}
        mov     r12, r0
        mov     r0, r1
        mov     r1, r2
        mov     r2, r3
        b       call
serve_hypercall:
        pop     {r0, r1}
call:
        cmp     r12, #HYPERCALLS
        bhs     refuse
        push    {r4, lr}                /* r4: the fifth argument; LR is the LR of user mode below */
        ldr     lr, =hypercalls
        ldr     r12, [lr, r12, lsl #2]
        blx     r12
        pop     {r4, lr}
        eret
refuse:
        mvn     r0, #0
        eret
        .size   hypervisor_vectors, . - hypervisor_vectors

        .section .note.GNU-stack, "", %progbits
