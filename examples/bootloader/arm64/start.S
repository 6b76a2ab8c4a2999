/* SPDX-License-Identifier: BSD-2-Clause */
/* The first instructions, and those that C cannot say. */
        .section .text.start, "ax", %progbits

/*
 * _start: where QEMU enters the image.
 * In:       EL2, MMU and caches off; x0 = device tree.
 * Out:      calls boot_main(tree) with a stack and a zeroed .bss.
 * Clobbers: everything.
 */
        .globl  _start
        .type   _start, %function
_start:
        adrp    x1, stack_top
        add     x1, x1, :lo12:stack_top
        mov     sp, x1
        adrp    x1, bss_start
        add     x1, x1, :lo12:bss_start
        adrp    x2, bss_end
        add     x2, x2, :lo12:bss_end
.Lzero_bss:
        cmp     x1, x2
        b.hs    .Lcall_main
        str     xzr, [x1], #8
        b       .Lzero_bss
.Lcall_main:
        bl      boot_main
        b       .
        .size   _start, . - _start

/*
 * secondary_start: where PSCI starts another CPU.
 * In:       EL2, MMU and caches off; x0 = top of its stack.
 * Out:      calls secondary_main().
 * Clobbers: everything.
 */
        .globl  secondary_start
        .type   secondary_start, %function
secondary_start:
        mov     sp, x0
        bl      secondary_main
        b       .
        .size   secondary_start, . - secondary_start

/*
 * drop: from EL2 to EL1.
 * In:       EL2; sp; x30 = return address.
 * Out:      returns at EL1 with the same sp, D, A, I and F masked, the MMU and caches of EL1 off.
 * Clobbers: x0.
 */
        .globl  drop
        .type   drop, %function
drop:
        mov     x0, sp
        msr     sp_el1, x0
.Ldrop:
        mov     x0, #0x0800             /* SCTLR_EL1: the bits that are RES1, and nothing on */
        movk    x0, #0x30d0, lsl #16
        msr     sctlr_el1, x0
        mov     x0, #0x3c5              /* EL1h; D, A, I, F */
        msr     spsr_el2, x0
        msr     elr_el2, x30
        eret
        .size   drop, . - drop

/*
 * drop_below_server: the same, with another stack for EL2.
 * In:       as drop; x0 = SP_EL2 from now on.
 * Out:      as drop.
 * Clobbers: x0, x1.
 */
        .globl  drop_below_server
        .type   drop_below_server, %function
drop_below_server:
        mov     x1, sp
        msr     sp_el1, x1
        mov     sp, x0
        b       .Ldrop
        .size   drop_below_server, . - drop_below_server

/*
 * enter_kernel: the boot protocol of arm64 [linux/Documentation/arm64/booting.rst].
 * In:       x0 = kernel, x1 = device tree; MMU and caches off.
 * Out:      does not return: x0 = device tree, x1 = x2 = x3 = 0.
 * Clobbers: everything.
 */
        .globl  enter_kernel
        .type   enter_kernel, %function
enter_kernel:
        mov     x4, x0
        mov     x0, x1
        mov     x1, xzr
        mov     x2, xzr
        mov     x3, xzr
        br      x4
        .size   enter_kernel, . - enter_kernel

        .section .note.GNU-stack, "", %progbits
