/* SPDX-License-Identifier: BSD-2-Clause */
/* clang-format off */
/*
 * The small language that the assembly of this tree is written in. Include it first in every .S
 * file: it brings the numbers of abi/ as assembler symbols, the registers by name, and the macros that
 * give each symbol its section, type and size. Both architectures use the same names.
 *
 *   FUNC name, section   begins a global function (hidden: it is for one link, not for a loader), in
 *                        .text.<name> when no section is named. Functions of one section may branch
 *                        into each other: each is kept when one is
 *   TABLE name, power    begins a global vector table, aligned to 2^power bytes, in .text.<name>
 *   DATA name, section   begins a global object of the given section
 *   RESERVE name, bytes, align   zeroed memory that is not in the file, in section .scratch
 *   MARK name            a global label without a size: an end of something
 *   END name             ends what FUNC, TABLE or DATA began
 *   SLOT offset          (in a table) the next instruction is at this offset of the table
 *   ADDRESS_OF reg, symbol   where it is now, without a literal
 *   MOV32 reg, value     without a literal, which the endianness of data would have swapped
 */
#ifndef HR_BARE_ASM_H
#define HR_BARE_ASM_H

#define HR_ASSEMBLY
#include "abi/hr_abi.h"

#ifdef __arm__
#include "bare/arm/asm.h"
#else
#include "bare/arm64/asm.h"
#endif

        .macro FUNC name, section
        .ifb \section
        .section .text.\name, "ax", %progbits
        .else
        .section \section, "ax", %progbits
        .endif
        .balign 4
        .globl \name
        .hidden \name
        .type \name, %function
        HR_FUNCTION
\name:
        .endm

        .macro TABLE name, power, kind=HR_TABLE_TYPE
        .section .text.\name, "ax", %progbits
        .p2align \power
        .globl \name
        .hidden \name
        .type \name, \kind
\name:
        .set .Ltable, \name
        .endm

        .macro DATA name, section, flags=aw, kind=%progbits
        .section \section, "\flags", \kind
        .balign 16
        .globl \name
        .hidden \name
        .type \name, %object
\name:
        .endm

        .macro RESERVE name, bytes, align
        .section .scratch, "aw", %nobits
        .balign \align
        .globl  \name
        .hidden \name
        .type   \name, %object
\name:
        .space  \bytes
        .size   \name, \bytes
        .endm

        .macro MARK name
        .globl \name
        .hidden \name
        .type \name, %object
        .size \name, 0
\name:
        .endm

        .macro SLOT offset
        .org .Ltable + \offset
        .endm

        .macro END name
        .size \name, . - \name
        .endm

        /* Nothing here runs on a stack that would have to be executable. */
        .section .note.GNU-stack, "", %progbits

#endif /* HR_BARE_ASM_H */
