/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The system registers and bits that only the relay needs, in the way of stub/arm64/registers.h.
 * Source: [arm/ddi0487 D19].
 */
#ifndef HANDOFF_RELAY_ARM64_REGISTERS_H
#define HANDOFF_RELAY_ARM64_REGISTERS_H

#define CURRENTEL_EL1 0x4

/* MMU, caches and alignment checks off, little endian, every RES1 bit set. */
#define SCTLR_EL2_OFF (SCTLR_OFF_HIGH << 16 | SCTLR_OFF_LOW)
#define SCTLR_EL1_OFF 0x30d00800
#define SCTLR_M_C 0x5
#define SCTLR_M_C_I (SCTLR_M_C | SCTLR_I)

#define PFR0_NO_SIMD_BIT 23 /* AdvSIMD is 15 when it is missing, 0 or 1 otherwise */
#define ID_AA64ISAR0_SHA2 0xf000
#define CPACR_FPEN 0x300000 /* FP and SIMD do not trap */

/* RES1 bits only, translation off anyway. */
#define TCR_EL2_OFF 0x80800000
#define VTCR_EL2_OFF 0x80000000

/*
 * For the identity map: T0SZ = 16 (48 bits), table walks inner shareable, write-back; 4 KiB
 * granule; the physical size goes to PS (EL2, bit 16) or IPS (EL1, bit 32). EPD1: no TTBR1 walks.
 */
#define TCR_WALKS 0x3510
#define TCR_EL1_EPD1 0x800000
/* Attribute 0: Normal write-back, 1: Device-nGnRE. Matches core/identity_map.cpp. */
#define MAIR_RELAY 0x04ff

/* Registers newer than the Armv8.0 that the assembler is told about. */
#define CNTHV_CTL_EL2 S3_4_C14_C3_1
#define HCRX_EL2 S3_4_C1_C2_2
#define HFGRTR_EL2 S3_4_C1_C1_4
#define HFGWTR_EL2 S3_4_C1_C1_5
#define HFGITR_EL2 S3_4_C1_C1_6
#define HDFGRTR_EL2 S3_4_C3_C1_4
#define HDFGWTR_EL2 S3_4_C3_C1_5
#define PMBIDR_EL1 S3_0_C9_C10_7
#define PMBLIMITR_EL1 S3_0_C9_C10_0
#define TRBIDR_EL1 S3_0_C9_C11_7
#define TRBLIMITR_EL1 S3_0_C9_C11_0

#endif
