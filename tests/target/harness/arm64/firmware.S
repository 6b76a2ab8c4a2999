/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What firmware at EL3 leaves, when QEMU starts a program there (secure=on): EL2 with SError and FIQ
 * routed to EL3, EL2 registers as reset and others left them, and PSCI's CPU_ON and CPU_OFF by SMC. No
 * literals: the program may be of either endianness.
 */
#include "bare/asm.h"
#include "tests/target/harness/cpu.h"

#define ICC_SRE_EL3 S3_6_C12_C12_5
/* NS, FIQ, EA, RES1, HCE, RW; API, APK and ATA, so that those extensions do not trap. */
#define SCR_LEFT_LOW 0x53d
#define SCR_LEFT_HIGH 0x403
#define CPTR_EL3_EZ 0x100

        .macro NUMBER register, value
        movz    \register, #(\value & 0xffff)
        movk    \register, #((\value >> 16) & 0xffff), lsl #16
        .endm
        .macro ADDRESS register, symbol
        adrp    \register, \symbol
        add     \register, \register, :lo12:\symbol
        .endm

/*
 * hr_target_firmware: every CPU begins here, at once.
 * In:       EL3, as reset.
 * Out:      the first CPU: hr_target_start at EL2; each other where CPU_ON says, once it is called.
 * Clobbers: everything.
 */
FUNC hr_target_firmware, .text.hr_target_firmware
        ADDRESS x0, .Lel3_vectors
        msr     vbar_el3, x0
        mov     x0, #CPTR_EL3_EZ
        msr     cptr_el3, x0
        msr     mdcr_el3, xzr
        mrs     x0, id_aa64pfr0_el1
        tst     x0, #(0xf << PFR0_GIC_SHIFT)
        b.eq    .Lset_scr
        mov     x0, #0xf                /* Enable, DIB, DFB, SRE */
        msr     ICC_SRE_EL3, x0
        isb
.Lset_scr:
        movz    x0, #SCR_LEFT_LOW
        movk    x0, #SCR_LEFT_HIGH, lsl #16
        msr     scr_el3, x0
        movz    x0, #SCTLR_OFF_LOW
        movk    x0, #SCTLR_OFF_HIGH, lsl #16
        msr     sctlr_el2, x0
        msr     hcr_el2, xzr
        /* What an earlier stage did not think of. */
        NUMBER  x0, 0x12345678
        msr     cntvoff_el2, x0
        msr     vpidr_el2, x0
        msr     vttbr_el2, x0
        msr     hstr_el2, x0
        mrs     x0, mpidr_el1
        and     x0, x0, #0xff
        cbnz    x0, .Lwait
        ADDRESS x1, hr_target_start
.Lleave:
        msr     elr_el3, x1
        mov     x1, #SPSR_EL2H_MASKED
        msr     spsr_el3, x1
        eret

        /* x0 = index of this CPU, which is off. A slot of the mailbox: entry, context. */
.Lwait:
        ADDRESS x3, .Lmailbox
        add     x3, x3, x0, lsl #4
.Lwait_more:
        ldr     x1, [x3]
        cbnz    x1, .Lwake
        wfe
        b       .Lwait_more
.Lwake:
        ldr     x0, [x3, #8]
        b       .Lleave

        .balign 2048
.Lel3_vectors:
        .irp    number, 0, 1, 2, 3, 4, 5, 6, 7
        .org    .Lel3_vectors + 0x80 * \number
        b       .
        .endr
        .org    .Lel3_vectors + 0x400
        NUMBER  x4, 0xc4000003          /* CPU_ON [arm/den0022 5.1.4] */
        cmp     x0, x4
        b.eq    .Lcpu_on
        NUMBER  x4, 0x84000002          /* CPU_OFF */
        cmp     x0, x4
        b.eq    .Lcpu_off
        mov     x0, #-1                 /* NOT_SUPPORTED */
        eret
        .irp    number, 9, 10, 11, 12, 13, 14, 15
        .org    .Lel3_vectors + 0x80 * \number
        b       .
        .endr
        .org    .Lel3_vectors + 0x800
.Lcpu_on:
        ADDRESS x4, .Lmailbox
        and     x1, x1, #0xff
        add     x4, x4, x1, lsl #4
        ldr     x1, [x4]
        cbnz    x1, .Lalready_on
        str     x3, [x4, #8]
        dsb     sy
        str     x2, [x4]
        dsb     sy
        sev
        mov     x0, #0
        eret
.Lalready_on:
        mov     x0, #-4
        eret
.Lcpu_off:
        mrs     x0, mpidr_el1
        and     x0, x0, #0xff
        ADDRESS x3, .Lmailbox
        add     x3, x3, x0, lsl #4
        str     xzr, [x3]
        dsb     sy
        b       .Lwait
END hr_target_firmware

        /* Not in .bss: the first CPU clears that while the others wait here. */
        .section .data.hr_target_firmware, "aw", %progbits
        .balign 16
.Lmailbox:
        .skip   16 * HR_TARGET_CPUS_MAX
