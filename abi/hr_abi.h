/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The numbers of hyprelay's ABIs for C, C++ and assembly. Include it from anywhere: it needs
 * nothing but <stdint.h> and <stddef.h>, declares no function, and every name starts with hr_ or
 * HR_. In a .S file the rows become assembler symbols; HR_ASSEMBLY, which is defined there, says
 * the same to an assembler that does not define __ASSEMBLER__. The tables of docs/abi.md are made
 * from the same rows.
 */
#ifndef HR_ABI_H
#define HR_ABI_H

#if defined(__ASSEMBLER__) && !defined(HR_ASSEMBLY)
#define HR_ASSEMBLY
#endif

/* Version of the common ABI. Major: an old caller may break. Minor: something was added. */
#define HR_ABI_MAJOR 1
#define HR_ABI_MINOR 0
#define HR_ABI_VERSION 0x00010000

#define HR_HVC_IMMEDIATE 0x4852   /* answers the native interface whatever hvc #0 speaks ("HR") */
#define HR_QUERY_MAGIC 0x484c5952 /* r0 after QUERY ("HLYR") */

/* r2 after QUERY. What this stub can do, how it was built, and what was asked of it. */
#define HR_FEATURE_IMMEDIATE 0x1        /* the dedicated immediate is answered */
#define HR_FEATURE_LOCK 0x2             /* LOCK is an op of this stub */
#define HR_FEATURE_PERSONALITIES 0x4    /* SET_PERSONALITY is */
#define HR_FEATURE_THUMB 0x10           /* vectors are entered in Thumb state (HSCTLR.TE) */
#define HR_FEATURE_BIG_ENDIAN 0x20      /* and big endian (HSCTLR.EE, SCTLR_EL2.EE) */
#define HR_FEATURE_SET_LOCKED 0x100     /* SET_VECTORS is refused */
#define HR_FEATURE_RESTART_LOCKED 0x200 /* SOFT_RESTART too */

#define HR_LOCK_SET 0     /* r1 of LOCK */
#define HR_LOCK_RESTART 1 /* SET_VECTORS and SOFT_RESTART */

/* Answers of older dialects, which the personalities give too. */
#define HR_LINUX_STUB_ERROR 0x0badca11 /* Linux 4.12 and later [linux/virt.h] */
#define HR_LINUX_4_7_ERROR 2           /* arm64 Linux 4.7 to 4.11 */
#define HR_LEVAND_CALL_HYP 0
#define HR_LEVAND_GET_VECTORS 1
#define HR_LEVAND_SET_VECTORS 2
#define HR_LEVAND_CALL_FUNC 3

/* HVBAR and VBAR_EL2 [arm/ddi0406c B4.1.85, arm/ddi0487 D13.2.149]. */
#define HR_VECTORS_ALIGNMENT_ARM 32
#define HR_VECTORS_ALIGNMENT_ARM64 2048

/* Other people's numbers, which clients, probe and survey use. docs/dialects.md has the sources. */
#define HR_XEN_IMMEDIATE 0x0ea1

#define HR_JAILHOUSE_IMMEDIATE 0x4a48
#define HR_JAILHOUSE_GET_INFO 5

#define HR_GUNYAH_IMMEDIATE 0x6000

#define HR_HYPERV_FUNCTION 0x46000001
#define HR_HYPERV_GET_REGISTERS 0x50
#define HR_HYPERV_SET_REGISTERS 0x51
#define HR_HYPERV_FAST 0x10000
#define HR_HYPERV_ONE_REPETITION 0x100000000
#define HR_HYPERV_SELF_PROCESSOR 0xfffffffe

/*
 * The functions of abi/smccc.def: HR_FID(PSCI_CPU_ON) is the id for the caller's own width, 64 bits
 * on arm64 where the function has such an id; HR_FID32 and HR_FID64 are those of one width. The
 * others are the ids that had names of their own before.
 */
#define HR_FID_BIT64 0x40000000 /* [arm/den0028 2.5] */
#ifdef HR_ASSEMBLY
#define HR_FID32(name) HR_FID_##name
#elif defined(__cplusplus)
#define HR_FID32(name) (uint32_t{HR_FID_##name})
#else
#define HR_FID32(name) ((uint32_t)HR_FID_##name)
#endif
#define HR_FID64(name) (HR_FID32(name) | HR_FID_BIT64)
#ifdef __aarch64__
#define HR_FID(name) (HR_FID32(name) | (HR_FID_IS64_##name * HR_FID_BIT64))
#else
#define HR_FID(name) HR_FID32(name)
#endif
#define HR_FID_IS64_OF_32 0
#define HR_FID_IS64_OF_64 1
#define HR_FID_IS64_OF_BOTH 1

#define HR_SMCCC_VERSION HR_FID(SMCCC_VERSION)
#define HR_SMCCC_ARCH_FEATURES HR_FID(SMCCC_ARCH_FEATURES)
#define HR_SMCCC_VENDOR_UID HR_FID(VENDOR_HYPERVISOR_UID)
#define HR_PSCI_VERSION HR_FID(PSCI_VERSION)
#define HR_PSCI_CPU_OFF HR_FID(PSCI_CPU_OFF)
#define HR_PSCI_CPU_ON HR_FID(PSCI_CPU_ON)
#define HR_PSCI_AFFINITY_INFO HR_FID(PSCI_AFFINITY_INFO)
#define HR_PSCI_SYSTEM_OFF HR_FID(PSCI_SYSTEM_OFF)
#define HR_PSCI_SYSTEM_RESET HR_FID(PSCI_SYSTEM_RESET)
#define HR_PSCI_FEATURES HR_FID(PSCI_FEATURES)

#define HR_BATON_MAGIC 0x54425248 /* "HRBT" in memory, little endian */
#define HR_BATON_VERSION 0x00010002
#define HR_BATON_SIZE 0x490
#define HR_BATON_SEGMENT_SIZE 0x38
#define HR_BATON_SEGMENTS 8
#define HR_BATON_REQUIRE_HYP 0x1 /* below HYP/EL2: report and stop, do not boot */
#define HR_BATON_HALT 0x2        /* after a failure stay where you are instead of resetting */
#define HR_BATON_VERBOSE 0x4     /* every sentence goes to the console, not only the last */

/* What a relay does not know it refuses. An algorithm that gives less fills up with zeroes. */
#define HR_DIGEST_SHA256 1 /* [FIPS 180-4] */
#define HR_DIGEST_FAST 2   /* 128 bits of multilinear hashing: base/multilinear.hpp */
#define HR_DIGEST_SIZE 32

#define HR_CONDUIT_NONE 0
#define HR_CONDUIT_SMC 1
#define HR_CONDUIT_HVC 2

#define HR_RECORD_MAGIC 0x48525243 /* "HRRC" in memory, big endian */
#define HR_RECORD_VERSION 0x00010002
#define HR_RECORD_SIZE 0x60
#define HR_RECORD_SIZE_1_0 0x48 /* all that version 1.0 had */
#define HR_VERIFY_CACHED 0x1    /* MMU and caches were on */
#define HR_VERIFY_CRYPTO 0x2    /* by the CPU's SHA-256 instructions */
#define HR_VERIFY_INFLATED 0x4  /* the kernel was packed, and inflated by the relay */

/*
 * The relay image begins with this header. The first word is an instruction: the image is entered
 * at its first byte.
 */
#define HR_RELAY_MAGIC 0x59414c52 /* "RLAY" in memory, little endian */
#define HR_RELAY_HEADER_MAGIC 0x04
#define HR_RELAY_HEADER_VERSION 0x08     /* of the baton that it reads */
#define HR_RELAY_HEADER_IMAGE_SIZE 0x0c  /* bytes in the file */
#define HR_RELAY_HEADER_BATON 0x10       /* offset of the baton in the image */
#define HR_RELAY_HEADER_MEMORY_SIZE 0x14 /* bytes in memory: image, tables, stack, log */
#define HR_RELAY_HEADER_ARCH 0x18        /* 32 or 64 */
#define HR_RELAY_HEADER_LOG 0x1c         /* offset in memory of the log text */
#define HR_RELAY_HEADER_SIZE 0x20
/* The code that is covered by the relay's own digest: from 0 to the baton. */

#ifdef HR_ASSEMBLY
#define HR_OP(name, value, ...) .equ HR_OP_##name, value;
#define HR_PERSONALITY(name, value, ...) .equ HR_PERSONALITY_##name, value;
#define HR_MODE(name, value, ...) .equ HR_MODE_##name, value;
#define HR_DIALECT(name, value, ...) .equ HR_DIALECT_##name, value;
#define HR_CLIMB(name, value, ...) .equ HR_CLIMB_##name, value;
#define HR_SEGMENT(name, value, ...) .equ HR_SEGMENT_##name, value;
#define HR_CONSOLE(name, value, ...) .equ HR_CONSOLE_##name, value;
#define HR_ERROR(name, value, ...) .equ HR_ERROR_##name, value;
#define HR_BATON_FIELD(type, name, count, offset, ...) .equ HR_BATON_##name, offset;
#define HR_BATON_SEGMENT_FIELD(type, name, count, offset, ...) .equ HR_BATON_SEGMENT_##name, offset;
#define HR_RECORD_FIELD(type, name, offset, ...) .equ HR_RECORD_##name, offset;
#define HR_FUNCTION(group, name, fid, widths, ...) \
  .equ HR_FID_##group##_##name, fid;               \
  .equ HR_FID_IS64_##group##_##name, HR_FID_IS64_OF_##widths;
#define HR_FUNCTION_ERROR(group, name, value, ...) .equ HR_##group##_##name, value;
#define HR_XEN_CALL(name, value, ...) .equ HR_XEN_##name, value;
#define HR_XEN_COMMAND(...)
#define HR_XEN_VALUE(...)
#include "abi/baton.def"
#include "abi/climb.def"
#include "abi/console.def"
#include "abi/dialect.def"
#include "abi/error.def"
#include "abi/mode.def"
#include "abi/op.def"
#include "abi/personality.def"
#include "abi/record.def"
#include "abi/segment.def"
#include "abi/smccc.def"
#include "abi/smccc_error.def"
#include "abi/xen.def"
#else
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
#define HR_STATIC_ASSERT(condition, text) static_assert(condition, text)
#else
#define HR_STATIC_ASSERT(condition, text) _Static_assert(condition, text)
#endif

enum {
#define HR_OP(name, value, ...) HR_OP_##name = value,
#define HR_PERSONALITY(name, value, ...) HR_PERSONALITY_##name = value,
#define HR_MODE(name, value, ...) HR_MODE_##name = value,
#define HR_DIALECT(name, value, ...) HR_DIALECT_##name = value,
#define HR_CLIMB(name, value, ...) HR_CLIMB_##name = value,
#define HR_SEGMENT(name, value, ...) HR_SEGMENT_##name = value,
#define HR_CONSOLE(name, value, ...) HR_CONSOLE_##name = value,
#define HR_ERROR(name, value, ...) HR_ERROR_##name = value,
#define HR_EXIT(name, value, ...) HR_EXIT_##name = value,
#define HR_XEN_CALL(name, value, ...) HR_XEN_##name = value,
#define HR_XEN_COMMAND(...)
#define HR_XEN_VALUE(...)
#include "abi/climb.def"
#include "abi/console.def"
#include "abi/dialect.def"
#include "abi/error.def"
#include "abi/exit.def"
#include "abi/mode.def"
#include "abi/op.def"
#include "abi/personality.def"
#include "abi/segment.def"
#include "abi/xen.def"
};

/* HR_<dialect>_<op>, the op's number in r0 (x0); and HR_LOSES_<dialect>_<set>, which exists when a
 * caller in the dialect must take that set of registers for lost. */
enum {
#define HR_DIALECT_OP(dialect, op, immediate, number, ...) HR_##dialect##_##op = number,
#include "abi/dialect_op.def"
#undef HR_DIALECT
#define HR_DIALECT(name, value, text, meaning, arch, family, since, until, changes, loses) \
  HR_LOSES_##name##_##loses = 1,
#include "abi/dialect.def"
};
#undef HR_DIALECT_OP

/* In C an enumerator is an int, and ids have bit 31: HR_FID32 makes them what they are. */
#ifdef __cplusplus
#define HR_FUNCTION(group, name, fid, ...) HR_FID_##group##_##name = fid,
enum : uint32_t {
#else
#define HR_FUNCTION(group, name, fid, ...) HR_FID_##group##_##name = (int32_t)(fid),
enum {
#endif
#include "abi/smccc.def"
};
#undef HR_FUNCTION
#define HR_FUNCTION(group, name, fid, widths, ...) \
  HR_FID_IS64_##group##_##name = HR_FID_IS64_OF_##widths,
enum {
#include "abi/smccc.def"
};
#define HR_FUNCTION_ERROR(group, name, value, ...) HR_##group##_##name = value,
enum {
#include "abi/smccc_error.def"
};
#define HR_UID(name, value, ...) HR_UID_##name = value,
enum hr_uid {
  HR_UID_NONE,  /* nobody answers */
  HR_UID_OTHER, /* somebody does who is no row of abi/uid.def */
#include "abi/uid.def"
};
#undef HR_UID

#define HR_BATON_SEGMENT_FIELD(type, name, count, offset, ...) HR_MEMBER_##count(type, name)
#define HR_BATON_FIELD(type, name, count, offset, ...) HR_MEMBER_##count(type, name)
#define HR_MEMBER_1(type, name) type name;
#define HR_MEMBER_8(type, name) type name[8];
#define HR_MEMBER_16(type, name) type name[16];
#define HR_MEMBER_32(type, name) type name[32];
typedef struct hr_baton_segment {
#undef HR_BATON_FIELD
#include "abi/baton.def"
} hr_baton_segment;
#undef HR_BATON_SEGMENT_FIELD
#define HR_BATON_FIELD(type, name, count, offset, ...) HR_MEMBER_##count(type, name)
typedef struct hr_baton {
#include "abi/baton.def"
} hr_baton;
#define HR_RECORD_FIELD(type, name, offset, ...) type name;
typedef struct hr_record {
#include "abi/record.def"
} hr_record;
#undef HR_RECORD_FIELD
#undef HR_BATON_FIELD
#undef HR_MEMBER_1
#undef HR_MEMBER_8
#undef HR_MEMBER_16
#undef HR_MEMBER_32

/* The offsets that assembly uses are the offsets that the compiler lays out. */
#define HR_BATON_SEGMENT_FIELD(type, name, count, offset, ...) \
  HR_STATIC_ASSERT(offsetof(hr_baton_segment, name) == offset, "hr_baton_segment." #name);
#define HR_BATON_FIELD(type, name, count, offset, ...) \
  HR_STATIC_ASSERT(offsetof(hr_baton, name) == offset, "hr_baton." #name);
#define HR_RECORD_FIELD(type, name, offset, ...) \
  HR_STATIC_ASSERT(offsetof(hr_record, name) == offset, "hr_record." #name);
#include "abi/baton.def"
#include "abi/record.def"
HR_STATIC_ASSERT(sizeof(hr_baton_segment) == HR_BATON_SEGMENT_SIZE, "hr_baton_segment");
HR_STATIC_ASSERT(sizeof(hr_baton) == HR_BATON_SIZE, "hr_baton");
HR_STATIC_ASSERT(sizeof(hr_record) == HR_RECORD_SIZE, "hr_record");
#endif /* HR_ASSEMBLY */

#undef HR_OP
#undef HR_MODE
#undef HR_PERSONALITY
#undef HR_DIALECT
#undef HR_CLIMB
#undef HR_SEGMENT
#undef HR_CONSOLE
#undef HR_ERROR
#undef HR_EXIT
#undef HR_FUNCTION
#undef HR_FUNCTION_ERROR
#undef HR_BATON_FIELD
#undef HR_BATON_SEGMENT_FIELD
#undef HR_RECORD_FIELD
#undef HR_XEN_CALL
#undef HR_XEN_COMMAND
#undef HR_XEN_VALUE

#endif /* HR_ABI_H */
