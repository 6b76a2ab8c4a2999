/* SPDX-License-Identifier: BSD-2-Clause */
/* clang-format off */
/* What the assembly and the linker script of tests/below share. */
#ifndef HR_BELOW_LAYOUT_H
#define HR_BELOW_LAYOUT_H

#define HR_BELOW_LINKED 0x40200000  /* and run anywhere */
#define HR_BELOW_SIZE 0x40000       /* of every image: an .inst of the header takes no symbol */
#define HR_BELOW_STACK_SIZE 0x4000

/* Words of hr_below_secondary_report: how a CPU was started by PSCI, and how it is to end. */
#define HR_BELOW_SECONDARY_ARRIVED 0
#define HR_BELOW_SECONDARY_CONTEXT 1
#define HR_BELOW_SECONDARY_MODE 2   /* CPSR, CurrentEL */
#define HR_BELOW_SECONDARY_MPIDR 3
#define HR_BELOW_SECONDARY_LEAVE 4
#define HR_BELOW_SECONDARY_CONDUIT 5
#define HR_BELOW_SECONDARY_CPU_OFF 6
#define HR_BELOW_SECONDARY_REFUSED 7

#if defined(__ASSEMBLER__) && !defined(HR_LINKER_SCRIPT)
#define HR_BELOW_SCTLR_EE 0x2000000 /* bit 25 of every SCTLR, of HSCTLR too */
        .macro HR_BELOW_OWN_ENDIANNESS control
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
        orr     \control, \control, #HR_BELOW_SCTLR_EE
#else
        bic     \control, \control, #HR_BELOW_SCTLR_EE
#endif
        .endm
#endif

#endif
