/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * hr_server.h: answering SMCCC and PSCI on `hvc #0` beside the stub, for a bootloader or hypervisor
 * that stays resident. C11, C++ and assembly; A32, T32 or A64, in the builds of the stub.
 *
 * The server is a table of vectors of its own on top of the stub's. An HVC is told apart so:
 *
 *   hvc #0, a function id      C code of the owner's, with the caller's registers in memory
 *   hvc #0, anything else      the stub, with every register as the caller left it
 *   hvc #0x4852                the stub as well
 *   hvc #0xea1                 Xen's ENOSYS, -38, in r0 (x0); nothing else changes
 *   another immediate          hr_server_foreign
 *   a trap that is no HVC      the stub, which gives it back as UNDEF
 *
 * What is a function id: the word in r0 (w0) that has bit 31 (a fast call) or an owner in bits
 * 29:24 [arm/den0028 2.5], so also a yielding call such as Hyper-V's 0x46000001; but not below
 * 0x02000000, which SMCCC leaves to what was there before it (the ops 0 to 3, and Linux's), nor
 * 0x4852xxxx, our extension ops, nor all ones, the -1 of legacy callers. For hr_stub_full: an
 * address in r0, as the personalities linux-3.8 and bridge-stub take it, may look like a function
 * id, so those two are not for a CPU with a server.
 *
 * Environment: HYP/EL2, its MMU and caches off, exceptions masked, entered from below. The owner's
 * stack is used for function ids and for a RESET_VECTORS that leaves, not for other calls.
 *
 * The server saves general registers, and none of FP and SIMD: these are the caller's, also while C
 * code of the owner runs, so all of that code is built with -mgeneral-regs-only (arm: or with
 * -mfloat-abi=soft). Otherwise a compiler copies a struct through q0 and the caller loses it. On
 * A64 this header is an error without that option; on arm no macro of a compiler shows it. Who
 * keeps the caller's FP state by himself, and a host's test, define HR_SERVER_FP_IS_KEPT before the
 * include.
 *
 * Use, on every CPU:
 *
 *   1. hr_stub_install() or hr_stub_install_personality(); hr_stub_vectors is where it was linked.
 *   2. hr_server_install(), with a stack of this CPU alone.
 *   3. Clean what was written from the data cache: struct, tables and stacks are read without it.
 *   4. Keep the kernel away from them, and from the code (/reserved-memory).
 *   5. Leave for SVC/EL1 with SP_hyp (SP_EL2) = what hr_server_install() returned.
 *
 * The common ABI stays whole: GET_VECTORS names the server's table, SET_VECTORS and SOFT_RESTART do
 * what they say (and then nobody answers function ids on this CPU until the table is put back),
 * QUERY and LOCK are the stub's. RESET_VECTORS puts the resident's own table in place, and the
 * resident is stub and server together: nothing happens. An owner that took HYP/EL2 from a stub and
 * wants to give it back then says so in `leaves`.
 */
#ifndef HR_COMPAT_HR_SERVER_H
#define HR_COMPAT_HR_SERVER_H

/* The rule above in numbers, for C and assembly. */
#define HR_FUNCTION_FAST 0x80000000
#define HR_FUNCTION_OWNER 0x3f000000
#define HR_FUNCTION_FIRST 0x02000000 /* below: not of SMCCC */
#define HR_FUNCTION_SVE_HINT 0x10000 /* of a fast call: no live SVE state [arm/den0028 2.6] */

/* Offsets in struct hr_server, in words. */
#define HR_SERVER_SERVE 0
#define HR_SERVER_CONTEXT 1
#define HR_SERVER_LEAVES 2

/* What Xen answers to a hypercall that it does not have: ENOSYS of its public errno.h. */
#define HR_SERVER_XEN_ENOSYS 38
/* What the dispatcher says to SMCCC_VERSION: all registers come and go, the SVE hint is no part of
 * an id. */
#define HR_SERVER_SMCCC_VERSION 0x10003

#if defined(__ASSEMBLER__) && !defined(HR_ASSEMBLY)
#define HR_ASSEMBLY
#endif

#ifndef HR_ASSEMBLY

#include "compat/hr_call.h"

#if defined(__aarch64__) && defined(__ARM_NEON) && !defined(HR_SERVER_FP_IS_KEPT)
#error "code at EL2 behind hr_server.h must not use FP registers: build it with -mgeneral-regs-only"
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* Not 0: r0 (x0) of an `hvc #0` is a function id, by the rule above. */
static inline int hr_is_function_id(hr_word r0) {
  const uint32_t id = (uint32_t)(r0 & 0xffffffff);
  return id != 0xffffffff && id >= HR_FUNCTION_FIRST &&
         (id & (HR_FUNCTION_FAST | HR_FUNCTION_OWNER)) != 0 && id >> 16 != HR_OP_QUERY >> 16;
}

/*
 * Who answers function ids. The memory is the owner's and outlives the server; nothing here writes
 * it. serve: called at HYP/EL2 for each function id, with the registers of the caller by number:
 * arm r0 to r12, and in r[14] LR_usr; arm64 x0 to x17. What it leaves there the caller gets, but r8
 * to r11 of arm, which come back as they were. SMCCC 1.1 and later: arguments and results of the
 * function may change, the rest must not [arm/den0028 2.6, 2.7]. It may be called on several CPUs
 * at once. leaves: not 0: RESET_VECTORS, by either door, puts the stub's table in place through
 * hr_shim_reset_vectors, personality and lock kept, and the server is gone from that CPU.
 */
struct hr_server {
  void (*serve)(void* context, struct hr_registers* registers);
  void* context;
  hr_word leaves;
};

/*
 * Makes the server resident on this CPU. Call it at HYP/EL2, straight after the stub's installer.
 * server: see above. stack_end: the end of a stack of this CPU's, 16-byte aligned (arm: 8); its
 * last 16 (8) bytes are written here. The dispatcher below and its frame need 512 bytes, built
 * with -mgeneral-regs-only, the owner's functions what they need. Both addresses physical. Returns
 * what SP_hyp (SP_EL2) must be when SVC/EL1 is entered; 0, and nothing has changed, if the caller
 * is not at HYP/EL2, the stack is misaligned, or the vectors are not those of hr_stub_vectors.
 */
hr_word hr_server_install(const struct hr_server* server, void* stack_end);

/* The server's vectors, aligned as HVBAR and VBAR_EL2 want it; like the stub's they are never
 * written. */
extern const unsigned char hr_server_vectors[];

/*
 * No C functions, but labels, entered at HYP/EL2 with every register as the HVC left it.
 * hr_server_foreign: for an HVC with an immediate of somebody else. It is weak: an owner defines
 * his own, in assembly, in an object that is linked (not in a library); HTPIDR (TPIDR_EL2) is free.
 * hr_server_undefined: what hr_server_foreign does by itself: the HVC is an UNDEFINED instruction
 * to the caller, as on a CPU without HYP/EL2. hr_server_stub: the stub answers: -1, or what its
 * personality says.
 */
extern const unsigned char hr_server_foreign[];
extern const unsigned char hr_server_undefined[];
extern const unsigned char hr_server_stub[];

/*
 * A function that the owner offers. id: as of SMCCC, the SVE hint clear; a function of both widths
 * has two rows. features: what PSCI_FEATURES or ARCH_FEATURES says of it, 0 or more. call: gets the
 * registers, and writes results to r[0] to r[3], or beyond if the function has more.
 */
struct hr_server_function {
  uint32_t id;
  uint32_t features;
  void (*call)(void* owner, struct hr_registers* registers);
};

/*
 * What the dispatcher answers for. psci_version: major << 16 | minor, 0 if there is no PSCI;
 * FEATURES is answered from 1.0 on. uid, revision: r0 to r3 of the vendor hypervisor's UID, and r0,
 * r1 of its revision; uid[0] = 0 or all ones if there is none. The functions that the dispatcher
 * answers itself (SMCCC_VERSION, ARCH_FEATURES, PSCI_VERSION, PSCI_FEATURES, UID, count, revision)
 * have no row.
 */
struct hr_server_table {
  void* owner;
  const struct hr_server_function* functions;
  unsigned count;
  uint32_t psci_version;
  uint32_t uid[4];
  uint32_t revision[2];
};

/*
 * The dispatcher: a `serve` whose context is a struct hr_server_table. What is not in the table,
 * what is a 64-bit function on arm, and what sets reserved bits is answered -1 in r0, sign
 * extended, and the other registers stay. The SVE hint is no part of the id [arm/den0028 2.6].
 */
void hr_server_answer(void* table, struct hr_registers* registers);

/* Argument `number` (1 to 17, arm 1 to 7) of a function: of a 32-bit one the lower half of the
 * register, as the upper is not defined [arm/den0028 2.5]. */
static inline hr_word hr_server_argument(const struct hr_registers* registers, unsigned number) {
  const hr_word all = registers->r[number];
  return (registers->r[0] & HR_FID_BIT64) != 0 ? all : all & 0xffffffff;
}

/* The assembly has the same numbers. */
HR_STATIC_ASSERT(offsetof(struct hr_server, serve) == HR_SERVER_SERVE * sizeof(hr_word), "serve");
HR_STATIC_ASSERT(offsetof(struct hr_server, context) == HR_SERVER_CONTEXT * sizeof(hr_word),
                 "context");
HR_STATIC_ASSERT(offsetof(struct hr_server, leaves) == HR_SERVER_LEAVES * sizeof(hr_word),
                 "leaves");

#ifdef __cplusplus
}
#endif

#endif /* HR_ASSEMBLY */

#endif /* HR_COMPAT_HR_SERVER_H */
