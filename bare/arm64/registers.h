/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Bits of system registers that this tree uses, and the names of registers that an assembler for
 * plain Armv8.0 does not know. Source: [arm/ddi0487 D19].
 */
#ifndef HR_BARE_ARM64_REGISTERS_H
#define HR_BARE_ARM64_REGISTERS_H

#define ICC_SRE_EL2 S3_4_C12_C9_5
#define ICH_HCR_EL2 S3_4_C12_C11_0
#define ZCR_EL2 S3_4_C1_C2_0
#define HCRX_EL2 S3_4_C1_C2_2
#define HFGRTR_EL2 S3_4_C1_C1_4
#define HFGWTR_EL2 S3_4_C1_C1_5
#define HFGITR_EL2 S3_4_C1_C1_6
#define HDFGRTR_EL2 S3_4_C3_C1_4
#define HDFGWTR_EL2 S3_4_C3_C1_5
#define ID_AA64MMFR3_EL1 S3_0_C0_C7_3
#define SCTLR2_EL1 S3_0_C1_C0_3
#define SCTLR2_EL2 S3_4_C1_C0_3
#define TCR2_EL1 S3_0_C2_C0_3
#define TCR2_EL2 S3_4_C2_C0_3
#define PIRE0_EL1 S3_0_C10_C2_2
#define PIRE0_EL2 S3_4_C10_C2_2
#define PIR_EL1 S3_0_C10_C2_3
#define PIR_EL2 S3_4_C10_C2_3
#define CNTHV_CTL_EL2 S3_4_C14_C3_1
#define PMBIDR_EL1 S3_0_C9_C10_7
#define PMBLIMITR_EL1 S3_0_C9_C10_0
#define TRBIDR_EL1 S3_0_C9_C11_7
#define TRBLIMITR_EL1 S3_0_C9_C11_0

#define CURRENTEL_EL1 0x4
#define CURRENTEL_EL2 0x8

#define SPSR_EL1H_MASKED 0x3c5 /* EL1h, D, A, I and F masked, everything else 0 */
#define SPSR_EL2H_MASKED 0x3c9
#define SPSR_M 0x1f /* of AArch64: 0 is EL0, 4 EL1 with SP_EL0; of AArch32 at least 0x10 */
#define SPSR_M_EL1H 0x5

#define SCTLR_M_BIT 0
#define SCTLR_C_BIT 2
#define SCTLR_M_C 0x5
#define SCTLR_M_A_C 0x7
#define SCTLR_I 0x1000
#define SCTLR_M_C_I (SCTLR_M_C | SCTLR_I)
#define SCTLR_OFF_LOW 0x0830 /* the RES1 bits, everything that enables is 0 */
#define SCTLR_OFF_HIGH 0x30c5
#define SCTLR_EL2_OFF (SCTLR_OFF_HIGH << 16 | SCTLR_OFF_LOW)
#define SCTLR_EL1_OFF 0x30d00800
/* The same for EL2 with the endianness of this build: EE. */
#ifdef __AARCH64EB__
#define SCTLR_OF_BUILD_HIGH 0x32c5
#else
#define SCTLR_OF_BUILD_HIGH SCTLR_OFF_HIGH
#endif

/* EC in bits 31:26, IL (a 32-bit instruction) in bit 25, the immediate in bits 15:0. */
#define ESR_HVC64_TOP 0x5a
#define ESR_EC_SHIFT 26
#define ESR_EC_HVC64 0x16
#define ESR_UNKNOWN 0x02000000 /* EC 0: an instruction that is UNDEFINED */

#define HCR_RW_BIT 31
#define HCR_E2H_BIT 34
#define HCR_RW 0x80000000
#define HCR_APK_API 0x30000000000 /* pointer authentication at EL1 does not trap */
#define HCR_ATA 0x100000000000000 /* nor do memory tags */

#define CPTR_NO_TRAP 0x33ff /* E2H = 0: only the RES1 bits; TZ (8) is one of them */
#define CPTR_TZ 0x100
#define CPTR_E2H_NO_TRAP 0x300000 /* E2H = 1: FPEN */
#define CPTR_E2H_ZEN 0x30000
#define CNTHCTL_EL1 0x3 /* EL1PCTEN, EL1PCEN: counter and timer do not trap */
#define CNTHCTL_E2H_EL1 0xc00
#define ZCR_LEN_ALL 0x1ff
#define ICC_SRE_SRE 0x1
#define ICC_SRE_ENABLE 0x8
#define CPACR_FPEN 0x300000 /* FP and SIMD do not trap */
#define ID_AA64ISAR0_SHA2 0xf000
#define PFR0_NO_SIMD_BIT 23 /* AdvSIMD is 15 when it is missing, 0 or 1 otherwise */
#define PFR0_GIC_SHIFT 24
#define PFR0_SVE_SHIFT 32
#define DFR0_PMU_SHIFT 8
#define MMFR3_TCRX 0xf       /* TCR2 */
#define MMFR3_SCTLRX 0xf0    /* SCTLR2 */
#define MMFR3_S1PIE 0xf00    /* PIR, PIRE0 */
#define MMFR2_CCIDX_SHIFT 20 /* CCSIDR_EL1 has the layout of 64 bits */

/* RES1 bits only, translation off anyway. */
#define TCR_EL2_OFF 0x80800000
#define VTCR_EL2_OFF 0x80000000

#endif /* HR_BARE_ARM64_REGISTERS_H */
