/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The CP15 registers and bits that only the relay needs, in the way of stub/arm/registers.h.
 * Encodings: [arm/ddi0406c B3.17].
 */
#ifndef HANDOFF_RELAY_ARM_REGISTERS_H
#define HANDOFF_RELAY_ARM_REGISTERS_H

#define CTR(rt) p15, 0, rt, c0, c0, 1
#define ID_MMFR0(rt) p15, 0, rt, c0, c1, 4
#define ID_ISAR5(rt) p15, 0, rt, c0, c2, 5
#define CPACR(rt) p15, 0, rt, c1, c0, 2
#define TTBR0(rt) p15, 0, rt, c2, c0, 0
#define TTBR1(rt) p15, 0, rt, c2, c0, 1
#define TTBCR(rt) p15, 0, rt, c2, c0, 2
#define DFSR(rt) p15, 0, rt, c5, c0, 0
#define IFSR(rt) p15, 0, rt, c5, c0, 1
#define DFAR(rt) p15, 0, rt, c6, c0, 0
#define IFAR(rt) p15, 0, rt, c6, c0, 2
#define ICIALLU(rt) p15, 0, rt, c7, c5, 0
#define BPIALL(rt) p15, 0, rt, c7, c5, 6
#define DCCIMVAC(rt) p15, 0, rt, c7, c14, 1
#define TLBIALL(rt) p15, 0, rt, c8, c7, 0
#define MAIR0(rt) p15, 0, rt, c10, c2, 0
#define CNTFRQ(rt) p15, 0, rt, c14, c0, 0
#define CNTP_CTL(rt) p15, 0, rt, c14, c2, 1

#define HTCR(rt) p15, 4, rt, c2, c0, 2
#define VTCR(rt) p15, 4, rt, c2, c1, 2
#define TLBIALLH(rt) p15, 4, rt, c8, c7, 0
#define TLBIALLNSNH(rt) p15, 4, rt, c8, c7, 4
#define HMAIR0(rt) p15, 4, rt, c10, c2, 0
#define HMAIR1(rt) p15, 4, rt, c10, c2, 1
#define CNTHP_CTL(rt) p15, 4, rt, c14, c2, 1

/* Access to FP and SIMD, which are coprocessors 10 and 11. */
#define CPACR_CP10_CP11 0x00f00000
#define CPACR_DISABLES 0xc0000000 /* ASEDIS, D32DIS */
#define HCPTR_FP_TRAPS 0x8c00     /* TASE, TCP11, TCP10 */
#define MVFR1_SIMD_INTEGER 0xf000
#define ID_ISAR5_SHA2 0xf000
#define FPEXC_EN 0x40000000

#define ICC_HSRE_SRE 0x1

#define TTBR0_LONG(low, high) p15, 0, low, high, c2
#define CNTPCT(low, high) p15, 0, low, high, c14
#define HTTBR(low, high) p15, 4, low, high, c2

/*
 * PL1 as after a reset: MMU, caches, alignment checks and Thumb exceptions off, little endian, the
 * bits that ARMv7 wants as one [arm/ddi0406c B4.1.130] and CP15BEN.
 */
#define SCTLR_OFF 0x00c50078

/* RES1 bits only. */
#define HTCR_OFF 0x80800000
#define VTCR_OFF 0x80000000

/*
 * For the identity map, long descriptors: all of 32 bits by TTBR0 (T0SZ = 0), table walks inner
 * shareable, write-back. TTBCR also sets EAE (31) and EPD1 (23); HTCR has both as RES1.
 */
#define TCR_RELAY 0x80803500
/* Attribute 0: Normal write-back, 1: Device. Matches core/identity_map.cpp. */
#define MAIR_RELAY 0x04ff

#endif
