/* SPDX-License-Identifier: BSD-2-Clause */
/* Where CPUs begin, PSCI. */
#include "bare/asm.h"
#include "tests/target/harness/cpu.h"

#define PSCI_CPU_OFF 0x84000002 /* [arm/den0022 5.1.3] */
#define PSCI_CPU_ON 0x84000003 /* [arm/den0022 5.1.4] */
#define ID_PFR1_SECURITY 0xf0

/* A big-endian program makes itself so first of all: PSCI starts a CPU little endian. */
#ifdef __ARMEB__
#define SETEND_OWN setend be
#else
#define SETEND_OWN
#endif
/* HSCTLR for the harness's vectors: those of a program that tests a T32 stub are T32. */
#ifdef HR_TARGET_TE
#define HSCTLR_OF_HARNESS (HSCTLR_OFF | HSCTLR_EE | SCTLR_TE)
#else
#define HSCTLR_OF_HARNESS (HSCTLR_OFF | HSCTLR_EE)
#endif

/*
 * hr_target_start: QEMU begins here.
 * In:       Hyp mode, or Secure SVC, where it goes by hr_target_firmware first; MMU and caches off,
 *           registers anything.
 * Out:      does not return.
 * Clobbers: everything.
 */
FUNC hr_target_start, .text.hr_target_start
        SETEND_OWN
        mrs     r0, cpsr
        and     r0, r0, #PSR_MODE
        cmp     r0, #PSR_MODE_HYP
        beq     .Lstart_in_hyp
        mrc     ID_PFR1(r1)
        tst     r1, #ID_PFR1_SECURITY   /* QEMU takes it away unless secure=on: this is Secure SVC */
        bne     hr_target_firmware
.Lstart_in_hyp:
        cmp     r0, #PSR_MODE_HYP
        ldrne   r0, =.Lnot_hyp
        bne     .Lrefuse_start
        ldr     r0, =hr_target_bss_begin
        ldr     r1, =hr_target_bss_end
        mov     r2, #0
.Lzero_bss:
        cmp     r0, r1
        strlo   r2, [r0], #4
        blo     .Lzero_bss
        mov     r0, #0
        bl      .Lset_up_cpu
        bl      hr_target_main
.Lrefuse_start:
        bl      hr_target_write
        mov     r0, #1
        b       hr_target_exit
        .ltorg
.Lnot_hyp:
        .asciz  "Bail out! started below Hyp mode: QEMU needs virtualization=on\n"
        .balign 4
END hr_target_start

/*
 * hr_target_secondary: where PSCI starts every other CPU.
 * In:       r0 = index of the CPU; Hyp mode, MMU and caches off.
 * Out:      does not return.
 * Clobbers: everything.
 */
FUNC hr_target_secondary, .text.hr_target_start
        SETEND_OWN
        bl      .Lset_up_cpu
        bl      hr_target_secondary_main

        /* In: r0 = index. Sets TPIDRPRW, sp, the vectors of both modes. Clobbers r0-r3. */
.Lset_up_cpu:
        ldr     r1, =hr_target_cpus
        mov     r2, #(HR_CPU_WORDS * HR_WORD)
        mla     r1, r0, r2, r1
        mcr     TPIDRPRW(r1)
        ldr     r1, =(hr_target_stacks + HR_TARGET_STACK_SIZE)
        mov     r2, #(2 * HR_TARGET_STACK_SIZE)
        mla     r1, r0, r2, r1
        mov     sp, r1
        ldr     r1, =hr_target_pl1_vectors
        mcr     VBAR(r1)
#ifdef __ARMEB__
        mrc     SCTLR(r1)
        orr     r1, r1, #SCTLR_EE
        mcr     SCTLR(r1)
#endif
        b       hr_target_reset_hyp
END hr_target_secondary

/*
 * void hr_target_reset_hyp(void)
 * In:       Hyp mode.
 * Out:      HVBAR is the harness's; HCR, HSTR and HCPTR trap nothing.
 * Clobbers: r0.
 */
FUNC hr_target_reset_hyp, .text.hr_target_reset_hyp
        ldr     r0, =hr_target_hyp_vectors
        mcr     HVBAR(r0)
        mov     r0, #0
        mcr     HCR(r0)
        mcr     HSTR(r0)
        mcr     HCPTR(r0)
#if defined(__ARMEB__) || defined(HR_TARGET_TE)
        ldr     r0, =HSCTLR_OF_HARNESS
        mcr     HSCTLR(r0)
#endif
        isb
        bx      lr
END hr_target_reset_hyp

/*
 * Cpu *hr_target_cpu(void)
 * In:       any privileged mode, after the CPU was set up.
 * Out:      r0 = the Cpu of this CPU.
 * Clobbers: nothing else.
 */
FUNC hr_target_cpu, .text.hr_target_cpu
        mrc     TPIDRPRW(r0)
        bx      lr
END hr_target_cpu

/*
 * unsigned hr_target_cpu_index(void)
 * In:       any privileged mode.
 * Out:      r0 = index of this CPU (QEMU numbers them in MPIDR bits 7:0).
 * Clobbers: nothing else.
 */
FUNC hr_target_cpu_index, .text.hr_target_cpu_index
        mrc     MPIDR(r0)
        and     r0, r0, #0xff
        bx      lr
END hr_target_cpu_index

/*
 * unsigned hr_target_cpu_on(unsigned index)
 * In:       r0 = index of a CPU that is off. The conduit of QEMU's PSCI is SMC when EL2 is on.
 * Out:      r0 = PSCI status, 0: it starts in hr_target_secondary.
 * Clobbers: r1, r2, r3.
 */
FUNC hr_target_cpu_on, .text.hr_target_cpu_on
        mov     r3, r0
        mrc     MPIDR(r1)
        bic     r1, r1, #0xff000000
        bic     r1, r1, #0x000000ff
        orr     r1, r1, r0
        ldr     r2, =hr_target_secondary
        ldr     r0, =PSCI_CPU_ON
        smc     #0
        bx      lr
END hr_target_cpu_on

/*
 * void hr_target_cpu_off(void)
 * In:       any privileged mode.
 * Out:      does not return: the CPU is off until PSCI starts it again.
 * Clobbers: r0-r3.
 */
FUNC hr_target_cpu_off, .text.hr_target_cpu_off
        ldr     r0, =PSCI_CPU_OFF
        smc     #0
        b       .
END hr_target_cpu_off

/* hr_target_cpus: HR_TARGET_CPUS_MAX structures of cpu.h, by the index of the CPU. Data only. */
DATA hr_target_cpus, .bss.hr_target_cpus, aw, %nobits
        .skip   HR_TARGET_CPUS_MAX * HR_CPU_WORDS * HR_WORD
END hr_target_cpus
