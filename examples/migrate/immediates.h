/* SPDX-License-Identifier: BSD-2-Clause */
/* Shared by C and assembly. */
#ifndef IMMEDIATES_H
#define IMMEDIATES_H

/* An immediate of one's own is a tag that says whose API it is; a register says which function. */
#define XEN_IMMEDIATE 0xea1
#define RUNTIME_IMMEDIATE 0x5254
#define HYPERCALLS 2

#endif
