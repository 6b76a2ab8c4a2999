/* SPDX-License-Identifier: BSD-2-Clause */
/* The first instructions, and those that C cannot say. Always A32, below C in A32 or T32. */
        .syntax unified
        .arch_extension virt
        .section .text.start, "ax", %progbits
        .arm

/*
 * _start: where QEMU enters the image.
 * In:       HYP, MMU and caches off, A32; r2 = device tree.
 * Out:      calls boot_main(tree) with a stack and a zeroed .bss.
 * Clobbers: everything.
 */
        .globl  _start
        .type   _start, %function
_start:
        ldr     sp, =stack_top
        ldr     r0, =bss_start
        ldr     r1, =bss_end
        mov     r3, #0
.Lzero_bss:
        cmp     r0, r1
        strlo   r3, [r0], #4
        blo     .Lzero_bss
        mov     r0, r2
        bl      boot_main
        b       .
        .size   _start, . - _start

/*
 * secondary_start: where PSCI starts another CPU.
 * In:       HYP, MMU and caches off, A32; r0 = top of its stack.
 * Out:      calls secondary_main().
 * Clobbers: everything.
 */
        .globl  secondary_start
        .type   secondary_start, %function
secondary_start:
        mov     sp, r0
        bl      secondary_main
        b       .
        .size   secondary_start, . - secondary_start

/*
 * drop: from HYP to SVC.
 * In:       HYP; sp; lr = return address, bit 0 set for Thumb.
 * Out:      returns in SVC with the same sp, A, I and F masked.
 * Clobbers: r0, r1, lr, flags.
 */
        .globl  drop
        .type   drop, %function
drop:
        mov     r0, sp
        msr     sp_svc, r0
.Ldrop:
        mrs     r1, cpsr
        bic     r1, r1, #0x3f           /* mode, T */
        orr     r1, r1, #0x1c0          /* A, I, F */
        orr     r1, r1, #0x13           /* SVC */
        tst     lr, #1
        orrne   r1, r1, #0x20           /* T */
        bic     lr, lr, #1
        msr     spsr_cxsf, r1
        msr     elr_hyp, lr
        eret
        .size   drop, . - drop

/*
 * drop_below_server: the same, with another stack for HYP.
 * In:       as drop; r0 = SP_hyp from now on.
 * Out:      as drop.
 * Clobbers: r0, r1, lr, flags.
 */
        .globl  drop_below_server
        .type   drop_below_server, %function
drop_below_server:
        mov     r1, sp
        msr     sp_svc, r1
        mov     sp, r0
        b       .Ldrop
        .size   drop_below_server, . - drop_below_server

/*
 * enter_kernel: the boot protocol of arm [linux/Documentation/arm/booting.rst].
 * In:       r0 = kernel, r1 = device tree; MMU and caches off.
 * Out:      does not return: r0 = 0, r1 = no machine number, r2 = device tree.
 * Clobbers: everything.
 */
        .globl  enter_kernel
        .type   enter_kernel, %function
enter_kernel:
        mov     r3, r0
        mov     r2, r1
        mvn     r1, #0
        mov     r0, #0
        bx      r3
        .size   enter_kernel, . - enter_kernel

        .section .note.GNU-stack, "", %progbits
