/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What Xen's hypercalls point to, and what it shares with its guests: the rows of
 * abi/xen_struct.def as structs, for C11 and C++, arm and arm64, either endianness.
 *
 * Xen's structures are little endian and laid out by the 64-bit procedure call standard, whoever
 * calls [xen/include/public/arch-arm.h "Hypercall Calling Convention"]. So that a big-endian caller
 * cannot forget it, a field is no integer but a struct around one: hr_le32_of() makes it, and
 * hr_le32_value() reads it. Both cost nothing on a little-endian machine. A handle, which is a
 * pointer in such a structure, is a hr_le64 on arm too: hr_xen_handle().
 *
 * Memory that these lie in belongs to the caller. Xen reads and writes it through the caller's own
 * translation, by virtual address, and expects it Normal, write-back and inner shareable [the same
 * section]; with the MMU off addresses are physical, and stale cache lines are the caller's to
 * clean.
 */
#ifndef HR_COMPAT_HR_XEN_TYPES_H
#define HR_COMPAT_HR_XEN_TYPES_H

#include "abi/hr_abi.h"

/* Little endian in memory, as aligned as the integer of that size is on arm64. */
typedef struct hr_le16 {
  uint16_t raw;
} hr_le16;
typedef struct hr_le32 {
  uint32_t raw;
} hr_le32;
typedef struct hr_le64 {
  uint64_t raw;
} hr_le64;

#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
#define HR_XEN_ORDER(bits, value) __builtin_bswap##bits(value)
#else
#define HR_XEN_ORDER(bits, value) (value)
#endif
#define HR_XEN_DEFINE_ORDER(bits)                                        \
  static inline hr_le##bits hr_le##bits##_of(uint##bits##_t value) {     \
    hr_le##bits little;                                                  \
    little.raw = HR_XEN_ORDER(bits, value);                              \
    return little;                                                       \
  }                                                                      \
  static inline uint##bits##_t hr_le##bits##_value(hr_le##bits little) { \
    return HR_XEN_ORDER(bits, little.raw);                               \
  }
HR_XEN_DEFINE_ORDER(16)
HR_XEN_DEFINE_ORDER(32)
HR_XEN_DEFINE_ORDER(64)
#undef HR_XEN_DEFINE_ORDER
#undef HR_XEN_ORDER

/* A pointer as Xen's structures hold it. */
static inline hr_le64 hr_xen_handle(const void* pointer) {
#ifdef __cplusplus
  return hr_le64_of(reinterpret_cast<uintptr_t>(pointer));
#else
  return hr_le64_of((uintptr_t)pointer);
#endif
}

enum {
#define HR_XEN_CALL(name, number, ...)
#define HR_XEN_COMMAND(shape, call, name, value, ...) HR_##name = value,
#define HR_XEN_VALUE(name, value) HR_##name = value,
#include "abi/xen.def"
#undef HR_XEN_CALL
#undef HR_XEN_COMMAND
#undef HR_XEN_VALUE
};

#define HR_XEN_STRUCT(name) struct hr_##name {
#define HR_XEN_FIELD(owner, type, name, offset, theirs) type name;
#define HR_XEN_ARRAY(owner, type, name, count, offset) type name[count];
#define HR_XEN_OWN(owner, type, name, count, offset) type name[count];
#define HR_XEN_END(name, size) \
  }                            \
  ;
#include "abi/xen_struct.def"
#undef HR_XEN_STRUCT
#undef HR_XEN_FIELD
#undef HR_XEN_ARRAY
#undef HR_XEN_OWN
#undef HR_XEN_END

/* Every compiler that sees them proves that it lays them out as Xen does. */
#define HR_XEN_STRUCT(name)
#define HR_XEN_FIELD(owner, type, name, offset, theirs) \
  HR_STATIC_ASSERT(offsetof(struct hr_##owner, name) == offset, #owner "." #name);
#define HR_XEN_ARRAY(owner, type, name, count, offset) HR_XEN_FIELD(owner, type, name, offset, name)
#define HR_XEN_OWN(owner, type, name, count, offset) HR_XEN_FIELD(owner, type, name, offset, name)
#define HR_XEN_END(name, size) HR_STATIC_ASSERT(sizeof(struct hr_##name) == size, #name);
#include "abi/xen_struct.def"
#undef HR_XEN_STRUCT
#undef HR_XEN_FIELD
#undef HR_XEN_ARRAY
#undef HR_XEN_OWN
#undef HR_XEN_END

#endif /* HR_COMPAT_HR_XEN_TYPES_H */
