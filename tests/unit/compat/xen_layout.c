/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * abi/xen.def and abi/xen_struct.def against the public headers of Debian's libxen-dev, which say
 * the same in their own way: a compiler's word, for each architecture. xen_layout.sh makes the
 * numbers part from abi/xen.def.
 */
#include "compat/hr_xen_types.h"

#include <xen/errno.h>
#include <xen/event_channel.h>
#include <xen/features.h>
#include <xen/grant_table.h>
#include <xen/hvm/hvm_op.h>
#include <xen/hvm/params.h>
#include <xen/memory.h>
#include <xen/physdev.h>
#include <xen/sched.h>
#include <xen/vcpu.h>
#include <xen/version.h>
#include <xen/xen.h>

/* What is an array there. */
struct xen_extraversion {
  xen_extraversion_t text;
};
struct xen_capabilities_info {
  xen_capabilities_info_t text;
};
struct xen_changeset_info {
  xen_changeset_info_t text;
};
struct xen_commandline {
  xen_commandline_t text;
};
struct xen_domain_handle {
  xen_domain_handle_t byte;
};

#define HR_XEN_STRUCT(name)
#define HR_XEN_FIELD(owner, type, name, offset, theirs)                                       \
  _Static_assert(offsetof(struct owner, theirs) == (offset),                                  \
                 #owner "." #theirs " is at " #offset);                                       \
  _Static_assert(sizeof(((struct owner*)0)->theirs) == sizeof(((struct hr_##owner*)0)->name), \
                 #owner "." #theirs " is as large");
#define HR_XEN_ARRAY(owner, type, name, count, offset) HR_XEN_FIELD(owner, type, name, offset, name)
#define HR_XEN_OWN(owner, type, name, count, offset)
#define HR_XEN_END(name, size)                                                 \
  _Static_assert(sizeof(struct name) == (size), #name " has " #size " bytes"); \
  _Static_assert(_Alignof(struct name) == _Alignof(struct hr_##name), #name " is aligned so");
#include "abi/xen_struct.def"

_Static_assert(XEN_HYPERCALL_TAG == HR_XEN_IMMEDIATE, "the immediate");
#include <xen_numbers.h>
