/* SPDX-License-Identifier: BSD-2-Clause */
/* Where CPUs begin, PSCI. */
#include "bare/asm.h"
#include "tests/target/harness/cpu.h"

#define PSCI_CPU_OFF 0x84000002 /* [arm/den0022 5.1.3] */
#define PSCI_CPU_ON 0xc4000003 /* [arm/den0022 5.1.4] */

        /* A big-endian program makes EL2 so first of all: PSCI starts a CPU little endian. Uses x1. */
        .macro  SET_OWN_ENDIANNESS
#ifdef __AARCH64EB__
        mov     x1, #SCTLR_OFF_LOW
        movk    x1, #SCTLR_OF_BUILD_HIGH, lsl #16
        msr     sctlr_el2, x1
        isb
#endif
        .endm

/*
 * hr_target_start: QEMU begins here.
 * In:       EL2, or EL3, from where it goes by hr_target_firmware first; MMU and caches off, registers
 *           anything.
 * Out:      does not return.
 * Clobbers: everything.
 */
FUNC hr_target_start, .text.hr_target_start
        mrs     x0, CurrentEL
        cmp     x0, #CURRENTEL_EL2
        b.hi    hr_target_firmware
        adr     x0, .Lnot_hyp
        b.ne    .Lrefuse_start
        SET_OWN_ENDIANNESS
        ldr     x0, =hr_target_bss_begin
        ldr     x1, =hr_target_bss_end
.Lzero_bss:
        cmp     x0, x1
        b.hs    .Lbss_is_zero
        str     xzr, [x0], #8
        b       .Lzero_bss
.Lbss_is_zero:
        mov     x0, #0
        bl      .Lset_up_cpu
        bl      hr_target_main
.Lrefuse_start:
        bl      hr_target_write
        mov     x0, #1
        b       hr_target_exit
        .ltorg
.Lnot_hyp:
        .asciz  "Bail out! started below EL2: QEMU needs virtualization=on\n"
        .balign 4
END hr_target_start

/*
 * hr_target_secondary: where PSCI starts every other CPU.
 * In:       x0 = index of the CPU; EL2, MMU and caches off.
 * Out:      does not return.
 * Clobbers: everything.
 */
FUNC hr_target_secondary, .text.hr_target_start
        SET_OWN_ENDIANNESS
        bl      .Lset_up_cpu
        bl      hr_target_secondary_main

        /* In: x0 = index. Sets TPIDR_EL1, sp, the vectors of both levels. Clobbers x0-x3. */
.Lset_up_cpu:
        ldr     x1, =hr_target_cpus
        mov     x2, #(HR_CPU_WORDS * HR_WORD)
        madd    x1, x0, x2, x1
        msr     tpidr_el1, x1
        ldr     x1, =(hr_target_stacks + HR_TARGET_STACK_SIZE)
        mov     x2, #(2 * HR_TARGET_STACK_SIZE)
        madd    x1, x0, x2, x1
        msr     spsel, #1
        mov     sp, x1
        ldr     x1, =hr_target_pl1_vectors
        msr     vbar_el1, x1
        mov     x1, #SCTLR_OFF_LOW
        movk    x1, #SCTLR_OF_BUILD_HIGH, lsl #16
        msr     sctlr_el1, x1
        b       hr_target_reset_hyp
END hr_target_secondary

/*
 * void hr_target_reset_hyp(void)
 * In:       EL2.
 * Out:      VBAR_EL2 is the harness's; EL1 is AArch64; HCR_EL2, HSTR_EL2, CPTR_EL2 trap nothing.
 * Clobbers: x0.
 */
FUNC hr_target_reset_hyp, .text.hr_target_reset_hyp
        ldr     x0, =hr_target_hyp_vectors
        msr     vbar_el2, x0
        mov     x0, #HCR_RW
        msr     hcr_el2, x0
        msr     hstr_el2, xzr
        mov     x0, #CPTR_NO_TRAP
        msr     cptr_el2, x0
        isb
        ret
END hr_target_reset_hyp

/*
 * Cpu *hr_target_cpu(void)
 * In:       EL1 or EL2, after the CPU was set up.
 * Out:      x0 = the Cpu of this CPU.
 * Clobbers: nothing else.
 */
FUNC hr_target_cpu, .text.hr_target_cpu
        mrs     x0, tpidr_el1
        ret
END hr_target_cpu

/*
 * unsigned hr_target_cpu_index(void)
 * In:       EL1 or EL2.
 * Out:      x0 = index of this CPU (QEMU numbers them in MPIDR_EL1 bits 7:0).
 * Clobbers: nothing else.
 */
FUNC hr_target_cpu_index, .text.hr_target_cpu_index
        mrs     x0, mpidr_el1
        and     x0, x0, #0xff
        ret
END hr_target_cpu_index

/*
 * unsigned long hr_target_cpu_on(unsigned index)
 * In:       x0 = index of a CPU that is off. The conduit of QEMU's PSCI is SMC when EL2 is on.
 * Out:      x0 = PSCI status, 0: it starts in hr_target_secondary.
 * Clobbers: x1-x17.
 */
FUNC hr_target_cpu_on, .text.hr_target_cpu_on
        mov     w3, w0
        mrs     x1, mpidr_el1
        ldr     x2, =0xff00ffff00
        and     x1, x1, x2
        orr     x1, x1, x3
        ldr     x2, =hr_target_secondary
        ldr     x0, =PSCI_CPU_ON
        smc     #0
        ret
END hr_target_cpu_on

/*
 * void hr_target_cpu_off(void)
 * In:       EL1 or EL2.
 * Out:      does not return: the CPU is off until PSCI starts it again.
 * Clobbers: x0-x17.
 */
FUNC hr_target_cpu_off, .text.hr_target_cpu_off
        ldr     x0, =PSCI_CPU_OFF
        smc     #0
        b       .
END hr_target_cpu_off

/* hr_target_cpus: HR_TARGET_CPUS_MAX structures of cpu.h, by the index of the CPU. Data only. */
DATA hr_target_cpus, .bss.hr_target_cpus, aw, %nobits
        .skip   HR_TARGET_CPUS_MAX * HR_CPU_WORDS * HR_WORD
END hr_target_cpus
