/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * hr_stub.h: making the HYP/EL2 stub resident, for bootloaders. Link libhr_stub.a, or compile the
 * two .S files of stub/arm or stub/arm64; with HR_STUB_FULL defined (libhr_stub_full.a) for LOCK
 * and the personalities. C11, C++ and assembly; needs abi/hr_abi.h and nothing else.
 *
 * Environment: privileged code at HYP/EL2, its MMU and caches off; or on, as U-Boot has them
 * (HSCTLR = 0x1005), with the installer, its caller, the stack and the table mapped where they are
 * physically. They are off afterwards: installing is what a bootloader does last. The instruction
 * set and endianness that the stub is built for are those that HYP/EL2 is entered in from then on
 * (HSCTLR.TE and EE, SCTLR_EL2.EE): any later owner of the vectors must be of the same. Nothing
 * here touches a floating-point register; memory is used only by the arm installer, with the MMU or
 * data cache on: 32 bytes of stack.
 *
 * Use, on every CPU that is to offer HYP/EL2 to what runs below it:
 *
 *   1. Decide where the resident lives: where it was linked, or a copy of
 *      [hr_stub_vectors, hr_stub_vectors_end) at an address of your own.
 *   2. Keep the kernel away from that memory: a /memreserve/ or /reserved-memory entry.
 *   3. Clean it from the data cache to the point of coherency: the CPU fetches it with the MMU off.
 *      (An installer that finds MMU or data cache on cleans all that its own CPU's caches hold, by
 *      set and way. An outer cache, such as a PL310, and the caches of other CPUs are yours.)
 *   4. hr_stub_install() or hr_stub_install_at(), on each CPU: the vectors are per CPU.
 *   5. Leave for SVC/EL1. From there `hvc #0` is the common ABI (abi/op.def).
 *
 * A program that starts its kernel at HYP/EL2 needs none of this: Linux brings its own stub.
 */
#ifndef HR_STUB_H
#define HR_STUB_H

#include "abi/hr_abi.h"

/* What the installers return. Except for HR_STUB_INSTALLED nothing has been changed. */
#define HR_STUB_INSTALLED 0
#define HR_STUB_NOT_HYP 1    /* the caller does not run at HYP/EL2 */
#define HR_STUB_MISALIGNED 2 /* the table is not HR_STUB_ALIGNMENT aligned */
/* the MMU of HYP/EL2 is on, and maps installer, caller, stack or table to another address */
#define HR_STUB_NOT_IDENTITY 3
#define HR_STUB_NO_PERSONALITY 4 /* this library or architecture has no such personality */

/*
 * What the table must be aligned to: HVBAR bits 4:0 are 0 [arm/ddi0406c B4.1, HVBAR], VBAR_EL2 bits
 * 10:0 [arm/ddi0487 D19.2, VBAR_EL2]; 16 tables of the full arm stub tell themselves apart by bits
 * 8:5.
 */
#ifndef __arm__
#define HR_STUB_ALIGNMENT 2048
#elif defined(HR_STUB_FULL)
#define HR_STUB_ALIGNMENT 512
#else
#define HR_STUB_ALIGNMENT 32
#endif

/*
 * arm64, HR_STUB_FULL: bits 63:16 of MAIR_EL2 while bits 5:0 are the stub's state
 * (arm64/vectors.S). An owner of EL2 that has its MMU on puts the whole register back, or the stub
 * begins anew.
 */
#define HR_STUB_STATE 0x485
#define HR_STUB_STATE_SHIFT 16

#if defined(__ASSEMBLER__) && !defined(HR_ASSEMBLY)
#define HR_ASSEMBLY
#endif

#ifndef HR_ASSEMBLY

#ifdef __cplusplus
extern "C" {
#endif

/*
 * The resident: the vector table and the code behind it, in bytes. Position independent and never
 * written, so any number of CPUs can share one copy. A copy must keep the alignment of the table:
 * HR_STUB_ALIGNMENT bytes. The memory is the caller's; it must outlive every call to the stub.
 * The state that each of its slots is entered in is described above the table (vectors.S).
 */
extern const unsigned char hr_stub_vectors[];
extern const unsigned char hr_stub_vectors_end[];

/*
 * Make the stub resident on this CPU, with the table where the linker or loader put it.
 * Sets HVBAR / VBAR_EL2, and the HYP/EL2 registers that decide what of SVC/EL1 traps, to the values
 * that a kernel which starts at SVC/EL1 needs [linux/arm/booting], [linux/arm64/booting]: no trap,
 * no offset of the virtual counter, the CPU's own identification registers, HYP/EL2 stage 1 off.
 * MMU and data cache of HYP/EL2, if they are on, are cleaned and switched off, TLBs and instruction
 * cache invalidated. Returns at HYP/EL2, with HR_STUB_INSTALLED or one of the errors above.
 * Calling it again is harmless: it installs again.
 */
int hr_stub_install(void);

/*
 * The same with a copy of the resident. vectors: its physical address, HR_STUB_ALIGNMENT aligned.
 * The copy is not owned or checked: what lies there must be the bytes of the resident.
 */
int hr_stub_install_at(const void* vectors);

/*
 * The same with a personality on hvc #0: a HR_PERSONALITY_ of hr_abi.h. vectors: hr_stub_vectors or
 * a copy. The library hr_stub has HR_PERSONALITY_COMMON only.
 */
int hr_stub_install_personality(const void* vectors, unsigned personality);

#ifdef __cplusplus
}
#endif

#endif /* HR_ASSEMBLY */

#endif /* HR_STUB_H */
