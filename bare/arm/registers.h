/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * CP15 registers by name, as the operands of mrc and mcr (mrrc and mcrr for the 64-bit ones):
 * "mrc HVBAR(r0)". Encodings: [arm/ddi0406c B3.17]. The bits are those that this tree uses.
 */
#ifndef HR_BARE_ARM_REGISTERS_H
#define HR_BARE_ARM_REGISTERS_H

/* What the CPU is. */
#define MIDR(rt) p15, 0, rt, c0, c0, 0
#define CTR(rt) p15, 0, rt, c0, c0, 1
#define MPIDR(rt) p15, 0, rt, c0, c0, 5
#define ID_PFR1(rt) p15, 0, rt, c0, c1, 1
#define ID_MMFR0(rt) p15, 0, rt, c0, c1, 4
#define ID_ISAR5(rt) p15, 0, rt, c0, c2, 5
#define ID_MMFR4(rt) p15, 0, rt, c0, c2, 6
#define CCSIDR(rt) p15, 1, rt, c0, c0, 0
#define CLIDR(rt) p15, 1, rt, c0, c0, 1
#define CCSIDR2(rt) p15, 1, rt, c0, c0, 2
#define CSSELR(rt) p15, 2, rt, c0, c0, 0

/* PL1. */
#define SCTLR(rt) p15, 0, rt, c1, c0, 0
#define ACTLR(rt) p15, 0, rt, c1, c0, 1
#define CPACR(rt) p15, 0, rt, c1, c0, 2
#define TTBR0(rt) p15, 0, rt, c2, c0, 0
#define TTBR1(rt) p15, 0, rt, c2, c0, 1
#define TTBCR(rt) p15, 0, rt, c2, c0, 2
#define DFSR(rt) p15, 0, rt, c5, c0, 0
#define IFSR(rt) p15, 0, rt, c5, c0, 1
#define DFAR(rt) p15, 0, rt, c6, c0, 0
#define IFAR(rt) p15, 0, rt, c6, c0, 2
#define MAIR0(rt) p15, 0, rt, c10, c2, 0
#define VBAR(rt) p15, 0, rt, c12, c0, 0
#define TPIDRURW(rt) p15, 0, rt, c13, c0, 2
#define TPIDRPRW(rt) p15, 0, rt, c13, c0, 4
#define CNTFRQ(rt) p15, 0, rt, c14, c0, 0
#define CNTP_CTL(rt) p15, 0, rt, c14, c2, 1
#define CNTV_CTL(rt) p15, 0, rt, c14, c3, 1

/* Caches, TLBs and translations. */
#define ICIALLU(rt) p15, 0, rt, c7, c5, 0
#define BPIALL(rt) p15, 0, rt, c7, c5, 6
#define DCCMVAC(rt) p15, 0, rt, c7, c10, 1
#define DCCIMVAC(rt) p15, 0, rt, c7, c14, 1
#define DCCISW(rt) p15, 0, rt, c7, c14, 2
#define TLBIALL(rt) p15, 0, rt, c8, c7, 0
#define ATS1HR(rt) p15, 4, rt, c7, c8, 0
#define TLBIALLH(rt) p15, 4, rt, c8, c7, 0
#define TLBIALLNSNH(rt) p15, 4, rt, c8, c7, 4

/* HYP. */
#define VPIDR(rt) p15, 4, rt, c0, c0, 0
#define VMPIDR(rt) p15, 4, rt, c0, c0, 5
#define HSCTLR(rt) p15, 4, rt, c1, c0, 0
#define HCR(rt) p15, 4, rt, c1, c1, 0
#define HDCR(rt) p15, 4, rt, c1, c1, 1
#define HCPTR(rt) p15, 4, rt, c1, c1, 2
#define HSTR(rt) p15, 4, rt, c1, c1, 3
#define HTCR(rt) p15, 4, rt, c2, c0, 2
#define VTCR(rt) p15, 4, rt, c2, c1, 2
#define HSR(rt) p15, 4, rt, c5, c2, 0
#define HDFAR(rt) p15, 4, rt, c6, c0, 0
#define HIFAR(rt) p15, 4, rt, c6, c0, 2
#define HMAIR0(rt) p15, 4, rt, c10, c2, 0
#define HMAIR1(rt) p15, 4, rt, c10, c2, 1
#define HVBAR(rt) p15, 4, rt, c12, c0, 0
#define HTPIDR(rt) p15, 4, rt, c13, c0, 2
#define CNTHCTL(rt) p15, 4, rt, c14, c1, 0
#define CNTHP_CTL(rt) p15, 4, rt, c14, c2, 1
#define ICC_HSRE(rt) p15, 4, rt, c12, c9, 5
#define ICH_HCR(rt) p15, 4, rt, c12, c11, 0

/* Performance monitor. */
#define PMCR(rt) p15, 0, rt, c9, c12, 0
#define PMCNTENSET(rt) p15, 0, rt, c9, c12, 1
#define PMSELR(rt) p15, 0, rt, c9, c12, 5
#define PMXEVTYPER(rt) p15, 0, rt, c9, c13, 1
#define PMXEVCNTR(rt) p15, 0, rt, c9, c13, 2

/* 64 bits. */
#define PAR(low, high) p15, 0, low, high, c7
#define TTBR0_LONG(low, high) p15, 0, low, high, c2
#define HTTBR(low, high) p15, 4, low, high, c2
#define VTTBR(low, high) p15, 6, low, high, c2
#define CNTPCT(low, high) p15, 0, low, high, c14
#define CNTVCT(low, high) p15, 1, low, high, c14
#define CNTVOFF(low, high) p15, 4, low, high, c14

#define PSR_MODE 0x1f
#define PSR_MODE_SVC 0x13
#define PSR_MODE_HYP 0x1a
#define PSR_MODE_UND 0x1b
#define PSR_T 0x20
#define PSR_F 0x40
#define PSR_I 0x80
#define PSR_A 0x100
#define PSR_E 0x200

/* SCTLR and HSCTLR. */
#define SCTLR_M 0x1
#define SCTLR_A 0x2
#define SCTLR_C 0x4
#define SCTLR_CP15BEN 0x20
#define SCTLR_ITD_SED 0x180
#define SCTLR_I 0x1000
#define SCTLR_V 0x2000
#define SCTLR_WXN_UWXN 0x180000
#define SCTLR_EE 0x2000000
#define SCTLR_TE 0x40000000
/* What [arm/ddi0406c B4.1, HSCTLR] wants written as one, and CP15BEN; everything that enables is 0.
 */
#define HSCTLR_OFF 0x30c50838
/* The same for code of this build: TE and EE name the state that an exception to Hyp mode enters.
 */
#ifdef __thumb__
#define HSCTLR_TE SCTLR_TE
#else
#define HSCTLR_TE 0
#endif
#ifdef __ARMEB__
#define HSCTLR_EE SCTLR_EE
#else
#define HSCTLR_EE 0
#endif
#define HSCTLR_OF_BUILD (HSCTLR_OFF | HSCTLR_TE | HSCTLR_EE)

#define ACTLR_SMP \
  0x40 /* Cortex-A7, A12, A15, A17: takes part in coherency, and may have caches on */
#define MIDR_CORTEX_A 0x410fc000
#define MIDR_REVISIONS 0x00f0000f

#define CCIDX_MASK 0x0f000000 /* ID_MMFR4: CCSIDR has the layout of [arm/ddi0487 FEAT_CCIDX] */

#define HSR_EC_SHIFT 26
/* An HVC from PL1 with immediate 0: EC 0x12 in bits 31:26, IL (a 32-bit instruction) in bit 25. */
#define HSR_HVC 0x4a000000
#define HSR_UNKNOWN 0x02000000 /* EC 0: no better reason */

#define ID_PFR1_TIMER 0xf0000
#define ID_PFR1_GIC 0xf0000000
#define HDCR_HPMN 0x1f
#define CNTHCTL_PL1 0x3 /* PL1PCTEN, PL1PCEN: the physical counter and timer do not trap */
#define ICC_HSRE_SRE 0x1
#define ICC_HSRE_ENABLE_SRE 0x9

/* Access to FP and SIMD, which are coprocessors 10 and 11. */
#define CPACR_CP10_CP11 0x00f00000
#define CPACR_DISABLES 0xc0000000 /* ASEDIS, D32DIS */
#define HCPTR_FP_TRAPS 0x8c00     /* TASE, TCP11, TCP10 */
#define MVFR1_SIMD_INTEGER 0xf000
#define ID_ISAR5_SHA2 0xf000
#define FPEXC_EN 0x40000000

/*
 * PL1 as after a reset: MMU, caches, alignment checks and Thumb exceptions off, little endian, the
 * bits that ARMv7 wants as one [arm/ddi0406c B4.1.130] and CP15BEN.
 */
#define SCTLR_OFF 0x00c50078

/* RES1 bits only. */
#define HTCR_OFF 0x80800000
#define VTCR_OFF 0x80000000

#endif /* HR_BARE_ARM_REGISTERS_H */
