/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What firmware in Monitor mode leaves, when QEMU starts a program in Secure SVC mode (secure=on): the
 * state of U-Boot's nonsec_virt.S, HYP registers as reset and others left them, and PSCI's CPU_ON and
 * CPU_OFF by SMC. Data accesses are little endian, and there are no literals: the program may be either.
 */
#include "bare/asm.h"
#include "tests/target/harness/cpu.h"

#define MVBAR(rt) p15, 0, rt, c12, c0, 1
#define SCR(rt) p15, 0, rt, c1, c1, 0
#define NSACR(rt) p15, 0, rt, c1, c1, 2
#define SCR_NS_FW_AW_HCE 0x131
#define PSR_MODE_MON 0x16
#define PSCI_CPU_OFF 0x84000002
#define PSCI_CPU_ON 0x84000003

        .macro ADDRESS register, symbol
        movw    \register, #:lower16:\symbol
        movt    \register, #:upper16:\symbol
        .endm
        .macro NUMBER register, value
        movw    \register, #(\value & 0xffff)
        movt    \register, #(\value >> 16)
        .endm

/*
 * hr_target_firmware: every CPU begins here, at once.
 * In:       Secure SVC mode, as reset.
 * Out:      the first CPU: hr_target_start in Hyp mode; each other where CPU_ON says, once it is called.
 * Clobbers: everything.
 */
FUNC hr_target_firmware, .text.hr_target_firmware
        setend  le
        cps     #PSR_MODE_MON
        ADDRESS r0, .Lmonitor_vectors
        mcr     MVBAR(r0)
        mrc     NSACR(r0)
        NUMBER  r1, 0x43fff
        orr     r0, r0, r1
        mcr     NSACR(r0)
        movw    r0, #SCR_NS_FW_AW_HCE
        mcr     SCR(r0)
        isb
        /* What an earlier stage did not think of. */
        NUMBER  r0, 0x12345678
        mcrr    CNTVOFF(r0, r0)
        mcr     VPIDR(r0)
        mcr     HSTR(r0)
        mcr     HVBAR(r0)
        mrc     MPIDR(r0)
        ands    r0, r0, #0xff
        bne     .Lwait
        ADDRESS r1, hr_target_start
.Lleave:
        movw    r2, #(PSR_A | PSR_I | PSR_F | PSR_MODE_HYP)
        msr     spsr_cxsf, r2
        mov     lr, r1
        movs    pc, lr

        /* r0 = index of this CPU, which is off. A slot of the mailbox: entry, context. */
.Lwait:
        ADDRESS r3, .Lmailbox
        add     r3, r3, r0, lsl #3
.Lwait_more:
        ldr     r1, [r3]
        cmp     r1, #0
        wfeeq
        beq     .Lwait_more
        ldr     r0, [r3, #4]
        b       .Lleave

        .balign 32
.Lmonitor_vectors:
        b       .
        b       .
        b       .Lserve_smc
        b       .
        b       .
        b       .
        b       .
        b       .
.Lserve_smc:
        setend  le
        NUMBER  r12, PSCI_CPU_ON
        cmp     r0, r12
        beq     .Lcpu_on
        NUMBER  r12, PSCI_CPU_OFF
        cmp     r0, r12
        mvnne   r0, #0                  /* NOT_SUPPORTED */
        movsne  pc, lr
        mrc     MPIDR(r0)
        and     r0, r0, #0xff
        ADDRESS r3, .Lmailbox
        add     r3, r3, r0, lsl #3
        mov     r1, #0
        str     r1, [r3]
        dsb
        b       .Lwait
.Lcpu_on:
        ADDRESS r12, .Lmailbox
        and     r1, r1, #0xff
        add     r12, r12, r1, lsl #3
        ldr     r1, [r12]
        cmp     r1, #0
        mvnne   r0, #3                  /* ALREADY_ON */
        movsne  pc, lr
        str     r3, [r12, #4]
        dsb
        str     r2, [r12]
        dsb
        sev
        mov     r0, #0
        movs    pc, lr
END hr_target_firmware

        /* Not in .bss: the first CPU clears that while the others wait here. */
        .section .data.hr_target_firmware, "aw", %progbits
        .balign 8
.Lmailbox:
        .skip   8 * HR_TARGET_CPUS_MAX
